package scenarios

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/scenarios/internal/language"
)

// fileState is a file that exists on the target.
type fileState struct {
	Vault, Item, ID, Name string
	Size                  int
	SHA256                string
}

// value returns the file as expressions see it.
func (f *fileState) value() map[string]any {
	return map[string]any{"vault": f.Vault, "item": f.Item, "id": f.ID, "name": f.Name, "size": f.Size,
		"sha256": f.SHA256}
}

// setUpFile creates a vault with a document in the scenario's account on a mock. On other targets it uses a file that
// exists there, unless the state describes the file.
func (s *scenarioRun) setUpFile(ctx context.Context, as string, with map[string]any) (any, error) {
	if s.account == "" {
		if why := s.run.info.capabilities.SkipReason([]string{language.CanFiles}); why != "" {
			return nil, &skipError{why}
		}
		for _, key := range []string{"text", "size", "name", "title"} {
			if _, ok := with[key]; ok {
				return nil, &skipError{"files can't be created on this target, so it has none with a certain " + key}
			}
		}
		return s.run.info.file.value(), nil
	}
	file := map[string]any{"name": as + ".txt"}
	for _, key := range []string{"name", "text", "size"} {
		if v, ok := with[key]; ok {
			file[key] = v
		}
	}
	if file["text"] == nil && file["size"] == nil {
		file["text"] = "a file of " + s.prefix + "\n"
	}
	title, err := optionalText(with, "title", s.prefix+" "+as)
	if err != nil {
		return nil, err
	}
	vault, err := s.addVault(ctx, map[string]any{
		"name":  s.prefix + " files " + as,
		"items": []any{map[string]any{"title": title, "category": "DOCUMENT", "files": []any{file}}},
	})
	if err != nil {
		return nil, err
	}
	id := vault["id"].(string)
	var items []connect.Summary
	if err := s.get(ctx, "/v1/vaults/"+id+"/items", &items); err != nil {
		return nil, err
	}
	if len(items) != 1 {
		return nil, fmt.Errorf("the document was added but is not in the list")
	}
	found := s.run.fileOf(ctx, s.tokens[language.MainActor], id, items[0].ID)
	if found == nil {
		return nil, fmt.Errorf("the file was added but can't be read")
	}
	return found.value(), nil
}

// findFile returns a file of one of the first documents, or nil if none has a file. It reads only a few, because they
// may be real documents.
func (r *run) findFile(ctx context.Context, f *targetInfo) *fileState {
	const maxOpened = 10
	opened := 0
	for _, v := range f.vaults {
		var items []connect.Summary
		status, _, body, err := r.sendPlain(ctx, r.target.Token, http.MethodGet, "/v1/vaults/"+v.ID+"/items", nil)
		if err != nil || status != http.StatusOK || json.Unmarshal(body, &items) != nil {
			continue
		}
		for _, item := range items {
			if item.Category != "DOCUMENT" {
				continue
			}
			if opened++; opened > maxOpened {
				return nil
			}
			if found := r.fileOf(ctx, r.target.Token, v.ID, item.ID); found != nil {
				return found
			}
		}
	}
	return nil
}

// fileOf downloads the first file of an item and returns it with the size and hash of its content, or nil if there is
// none.
func (r *run) fileOf(ctx context.Context, token, vault, item string) *fileState {
	var full connect.Item
	path := "/v1/vaults/" + vault + "/items/" + item
	status, _, body, err := r.sendPlain(ctx, token, http.MethodGet, path, nil)
	if err != nil || status != http.StatusOK || json.Unmarshal(body, &full) != nil || len(full.Files) == 0 {
		return nil
	}
	file := full.Files[0]
	status, _, content, err := r.sendPlain(ctx, token, http.MethodGet, path+"/files/"+file.ID+"/content", nil)
	if err != nil || status != http.StatusOK {
		return nil
	}
	sum := sha256.Sum256(content)
	return &fileState{Vault: vault, Item: item, ID: file.ID, Name: file.Name, Size: len(content),
		SHA256: hex.EncodeToString(sum[:])}
}
