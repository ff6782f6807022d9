package control

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/openapi/controlapi"
)

func (e *environment) testContentEdits(t *testing.T) {
	ctx := t.Context()
	a := must[controlapi.Account](t)(e.CreateAccount(ctx, controlapi.NewAccount{Name: "editor"}))
	login := map[string]any{
		"title": "New", "category": "LOGIN", "createdAt": "2020-01-01T00:00:00Z",
		"fields": []any{map[string]any{"id": "password", "purpose": "PASSWORD", "value": "hunter2"}},
	}
	it := must[controlapi.Item](t)(e.CreateItem(ctx, a.ID, "Shared", login))
	if it.Title != "New" || it.Version != 1 || it.Vault.Name != "Shared" || !it.Fields[1].Masked {
		t.Errorf("created %+v", it)
	}
	login["title"] = "Renamed"
	it = must[controlapi.Item](t)(e.ReplaceItem(ctx, a.ID, "Shared", "New", 1, login))
	if it.Title != "Renamed" || it.Version != 2 {
		t.Errorf("replaced by %+v", it)
	}
	_, err := e.ReplaceItem(ctx, a.ID, "Shared", it.ID, 1, login)
	wantError(t, err, http.StatusConflict, "was changed meanwhile")

	content := "\x00\xffbytes\r\n"
	f := must[controlapi.ItemFile](t)(e.AddFile(ctx, a.ID, "Shared", "Renamed", "a/b c.bin", "", strings.NewReader(content)))
	if f.Name != "a/b c.bin" || f.Size != int64(len(content)) {
		t.Errorf("added %+v", f)
	}
	copied := must[controlapi.Item](t)(e.CopyItem(ctx, a.ID, "Shared", it.ID))
	if copied.ID == it.ID || len(copied.Files) != 1 {
		t.Errorf("copied to %+v", copied)
	}
	var got bytes.Buffer
	mustSucceed(t, e.FileContent(ctx, a.ID, "Shared", copied.ID, "a/b c.bin", &got))
	if got.String() != content {
		t.Errorf("the content is %q, want %q", got.String(), content)
	}
	mustSucceed(t, e.DeleteFile(ctx, a.ID, "Shared", it.ID, f.ID))
	wantError(t, e.DeleteFile(ctx, a.ID, "Shared", it.ID, f.ID), http.StatusNotFound, "")
	mustSucceed(t, e.DeleteItem(ctx, a.ID, "Shared", it.ID))
	_, err = e.Item(ctx, a.ID, "Shared", it.ID, false)
	wantError(t, err, http.StatusNotFound, "")
	if status, body := e.callMock(t, a.Token, "GET", "/v1/activity", ""); status != 200 || strings.Contains(body, copied.ID) {
		t.Errorf("the activity log: %d %s", status, body)
	}
}

func TestContentEdits_RefuseWhatIsNoItem(t *testing.T) {
	t.Parallel()
	e := startControl(t)
	for body, want := range map[string]string{
		`{"title": 4711, "category": "LOGIN"}`:    "is not an item",
		`{"title": "T", "category": "PASSWORDS"}`: "category",
		`[]`: "object",
		`{"category": "LOGIN", "fields": "s3cr3t"}`: "is not an item",
	} {
		response, text := e.send(t, "POST", "/vaults/Shared/items", asJSON, body)
		if response.StatusCode != 400 || !strings.Contains(text, want) || strings.Contains(text, "s3cr3t") ||
			strings.Contains(text, "4711") {
			t.Errorf("%s: %d %s", body, response.StatusCode, text)
		}
	}
}
