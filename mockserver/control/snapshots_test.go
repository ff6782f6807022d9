package control

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/openapi/controlapi"
)

func (e *environment) testSnapshots(t *testing.T) {
	ctx := t.Context()
	a := must[controlapi.Account](t)(e.CreateAccount(ctx, controlapi.NewAccount{}))
	s := must[controlapi.Snapshot](t)(e.SaveSnapshot(ctx, controlapi.NewSnapshot{Account: a.ID, Name: "before %2F?"}))
	if s.Vaults != 2 || s.Items != 2 {
		t.Errorf("%+v", s)
	}
	_, err := e.SaveSnapshot(ctx, controlapi.NewSnapshot{Account: a.ID, Name: s.Name})
	wantError(t, err, http.StatusConflict, "already")
	vault, item := e.firstItem(t, a.Token, "Private")
	path := "/v1/vaults/" + vault + "/items/" + item
	if status, body := e.callMock(t, a.Token, "DELETE", path, ""); status != 204 {
		t.Fatalf("%d %s", status, body)
	}
	diff := must[controlapi.Diff](t)(e.DiffSnapshots(ctx, a.ID, s.Name, ""))
	isRemoval := func(c controlapi.Change) bool { return c.ID == item && c.Kind == "item" && c.Change == "removed" }
	if !slices.ContainsFunc(diff.Changes, isRemoval) {
		t.Errorf("%+v", diff)
	}
	if same := must[controlapi.Diff](t)(e.DiffSnapshots(ctx, a.ID, s.Name, s.Name)); len(same.Changes) != 0 {
		t.Errorf("%+v", same)
	}
	mustSucceed(t, e.RestoreSnapshot(ctx, a.ID, s.Name))
	if status, _ := e.callMock(t, a.Token, "GET", path, ""); status != 200 {
		t.Errorf("the item was not restored: %d", status)
	}
	e.testExports(t, a, s)
	mustSucceed(t, e.DeleteSnapshot(ctx, a.ID, s.Name))
	wantError(t, e.RestoreSnapshot(ctx, a.ID, s.Name), http.StatusNotFound, "before")
	left := must[[]controlapi.Snapshot](t)(e.Snapshots(ctx, a.ID))
	if len(left) != 1 || left[0].Name != "copy" {
		t.Errorf("%+v", left)
	}
	mustSucceed(t, e.DeleteAccount(ctx, a.ID))
}

// testExports exports a snapshot and imports it again, complete and damaged.
func (e *environment) testExports(t *testing.T, a controlapi.Account, s controlapi.Snapshot) {
	ctx := t.Context()
	var file bytes.Buffer
	mustSucceed(t, e.ExportSnapshot(ctx, a.ID, s.Name, &file))
	imported := must[controlapi.Snapshot](t)(e.ImportSnapshot(ctx, a.ID, "copy", bytes.NewReader(file.Bytes())))
	if imported.Name != "copy" || imported.Items != s.Items || imported.Vaults != s.Vaults {
		t.Errorf("%+v", imported)
	}
	diff := must[controlapi.Diff](t)(e.DiffSnapshots(ctx, a.ID, s.Name, "copy"))
	if slices.ContainsFunc(diff.Changes, func(c controlapi.Change) bool { return c.Kind != "token" }) {
		t.Errorf("the imported snapshot differs: %+v", diff)
	}
	for name, data := range map[string][]byte{
		"half of it": file.Bytes()[:file.Len()/2], "an empty file": nil, "YAML": []byte("vaults: []"),
		"compressed YAML": compress(t, "vaults: []"),
	} {
		_, err := e.ImportSnapshot(ctx, a.ID, "damaged", bytes.NewReader(data))
		if err == nil {
			t.Errorf("%s was imported", name)
			continue
		}
		wantError(t, err, http.StatusBadRequest, "")
	}
	wantError(t, e.ExportSnapshot(ctx, a.ID, "nothing", io.Discard), http.StatusNotFound, "nothing")
	response, body := e.send(t, "HEAD", "/snapshots/copy?account="+a.ID, authorized, "")
	if response.StatusCode != 200 || body != "" {
		t.Errorf("HEAD: %d", response.StatusCode)
	}
}

func compress(t *testing.T, text string) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, err := io.WriteString(z, text)
	if err = errors.Join(err, z.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func (e *environment) testFixtures(t *testing.T) {
	ctx := t.Context()
	a := must[controlapi.Account](t)(e.CreateAccount(ctx, controlapi.NewAccount{Name: "filled"}))
	const more = "vaults:\n  - name: More\n    items:\n      - {title: One, category: LOGIN}\n"
	load := func(text string, add bool) (controlapi.LoadResult, error) {
		return e.LoadFixture(ctx, "filled", strings.NewReader(text), add)
	}
	want := controlapi.LoadResult{Account: a.ID, Vaults: 1, Items: 1}
	if got := must[controlapi.LoadResult](t)(load(more, true)); got != want {
		t.Errorf("%+v", got)
	}
	_, body := e.callMock(t, a.Token, "GET", "/v1/vaults", "")
	if !strings.Contains(body, "More") || !strings.Contains(body, "Private") {
		t.Errorf("added: %s", body)
	}
	_, err := load(more, true)
	wantError(t, err, http.StatusConflict, "")
	_ = must[controlapi.LoadResult](t)(load(`{"vaults": [{"name": "Only"}]}`, false))
	_, body = e.callMock(t, a.Token, "GET", "/v1/vaults", "")
	if !strings.Contains(body, "Only") || strings.Contains(body, "Private") {
		t.Errorf("replaced: %s", body)
	}
	const withPath = "vaults:\n  - name: V\n    items:\n      - title: I\n        category: DOCUMENT\n        files:\n" +
		"          - {name: f, path: operations_test.go}\n"
	for text, message := range map[string]string{
		"vaults:\n  - nam: More\n":          "fixture:2:5: ",
		withPath:                            "fixture:7:29: path can't be used here",
		strings.Repeat("[", 100_000):        "fixture:1:101: nested too deeply (at most 100 lists and mappings in one another)",
		strings.Repeat("user: x\n", 20_000): "fixture:2001:1: a mapping of more than 2000 keys",
		"":                                  "",
	} {
		_, err = load(text, false)
		wantError(t, err, http.StatusBadRequest, message)
	}
	response, body := e.send(t, "POST", "/fixtures?add=1", asJSON, `{"vaults": [{"name": "Other"}]}`)
	if response.StatusCode != 200 {
		t.Errorf("JSON: %d %s", response.StatusCode, body)
	}
}
