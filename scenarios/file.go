package scenarios

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/connectmock/connectmock/openapi/connect"
)

// fileState is a file that exists on the target.
type fileState struct {
	Vault, Item, ID, Name string
	Size                  int
	SHA256                string
}

// value returns the file as expressions see it.
func (f *fileState) value() map[string]any {
	return map[string]any{"vault": f.Vault, "item": f.Item, "id": f.ID, "name": f.Name, "size": f.Size, "sha256": f.SHA256}
}

// reachFile creates a vault with a document in the scenario's account on a mock. Elsewhere it uses a file that was
// found on the target, unless the scenario asks for a particular one.
func (p *play) reachFile(ctx context.Context, as string, with map[string]any) (any, error) {
	if p.account == "" {
		if why := p.of.found.missing([]string{canFiles}); why != "" {
			return nil, &skipped{why}
		}
		for _, key := range []string{"text", "size", "name", "title"} {
			if _, ok := with[key]; ok {
				return nil, &skipped{"files can't be created on this target, so it has none with a certain " + key}
			}
		}
		return p.of.found.file.value(), nil
	}
	file := map[string]any{"name": as + ".txt"}
	for _, key := range []string{"name", "text", "size"} {
		if v, ok := with[key]; ok {
			file[key] = v
		}
	}
	if file["text"] == nil && file["size"] == nil {
		file["text"] = "a file of " + p.prefix + "\n"
	}
	title, err := textOf(with, "title", p.prefix+" "+as)
	if err != nil {
		return nil, err
	}
	vault, err := p.addVault(ctx, map[string]any{
		"name":  p.prefix + " files " + as,
		"items": []any{map[string]any{"title": title, "category": "DOCUMENT", "files": []any{file}}},
	})
	if err != nil {
		return nil, err
	}
	id := vault["id"].(string)
	var items []connect.Summary
	if err := p.get(ctx, "/v1/vaults/"+id+"/items", &items); err != nil {
		return nil, err
	}
	if len(items) != 1 {
		return nil, fmt.Errorf("the document was added but is not in the list")
	}
	found := p.of.fileOf(ctx, p.tokens[mainActor], id, items[0].ID)
	if found == nil {
		return nil, fmt.Errorf("the file was added but can't be read")
	}
	return found.value(), nil
}

// findFile looks for a file in a few documents. It opens only a few because they may be somebody's real documents. It
// returns nil if there is none.
func (r *run) findFile(ctx context.Context, f *found) *fileState {
	const maxOpened = 10
	opened := 0
	for _, v := range f.vaults {
		var items []connect.Summary
		status, _, body, err := r.ask(ctx, r.target.Token, http.MethodGet, "/v1/vaults/"+v.ID+"/items", nil)
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
	status, _, body, err := r.ask(ctx, token, http.MethodGet, path, nil)
	if err != nil || status != http.StatusOK || json.Unmarshal(body, &full) != nil || len(full.Files) == 0 {
		return nil
	}
	file := full.Files[0]
	status, _, content, err := r.ask(ctx, token, http.MethodGet, path+"/files/"+file.ID+"/content", nil)
	if err != nil || status != http.StatusOK {
		return nil
	}
	sum := sha256.Sum256(content)
	return &fileState{Vault: vault, Item: item, ID: file.ID, Name: file.Name, Size: len(content),
		SHA256: hex.EncodeToString(sum[:])}
}
