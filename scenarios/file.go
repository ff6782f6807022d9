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

// fileState is a file that is there.
type fileState struct {
	Vault, Item, ID, Name string
	Size                  int
	SHA256                string
}

func (f *fileState) value() map[string]any {
	return map[string]any{"vault": f.Vault, "item": f.Item, "id": f.ID, "name": f.Name, "size": f.Size, "sha256": f.SHA256}
}

// reachFile adds a vault with a document to the world of a mock; elsewhere a
// file that was found will do, unless a certain one is asked for.
func (p *play) reachFile(ctx context.Context, as string, with map[string]any) (any, error) {
	if p.account == "" {
		if why := p.of.found.missing([]string{canFiles}); why != "" {
			return nil, &skipped{why}
		}
		for _, key := range []string{"text", "size", "name", "title"} {
			if _, ok := with[key]; ok {
				return nil, &skipped{"no file can be made on this target, least of all one with a certain " + key}
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
		return nil, fmt.Errorf("the document was added and is not there")
	}
	found := p.of.fileOf(ctx, p.tokens[mainActor], id, items[0].ID)
	if found == nil {
		return nil, fmt.Errorf("the file was added and is not there")
	}
	return found.value(), nil
}

// findFile looks for a file in documents, a few of them only: they may be real.
func (r *run) findFile(ctx context.Context, f *found) *fileState {
	const opened = 10
	looked := 0
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
			if looked++; looked > opened {
				return nil
			}
			if found := r.fileOf(ctx, r.target.Token, v.ID, item.ID); found != nil {
				return found
			}
		}
	}
	return nil
}

// fileOf is the first file of an item with what its content really is, nil if
// there is none.
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
	return &fileState{Vault: vault, Item: item, ID: file.ID, Name: file.Name, Size: len(content), SHA256: hex.EncodeToString(sum[:])}
}
