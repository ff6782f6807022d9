package api

import (
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/connectmock/connectmock/fixtures"
	"github.com/google/go-cmp/cmp"
)

// A list that is gathered in a file is the same as one that is gathered in memory.
func TestListItems_ReadsTheSameFromAFile(t *testing.T) {
	t.Parallel()
	vault := fixtures.Vault{Name: "V"}
	for i := range 6 {
		title := strconv.Itoa(i) + strings.Repeat("x", 1<<20)
		vault.Items = append(vault.Items, fixtures.Item{Title: title, Category: "LOGIN"})
	}
	f := &fixtures.Fixture{Accounts: []fixtures.Account{{Vaults: []fixtures.Vault{vault}}}}
	if err := f.Complete(); err != nil {
		t.Fatal(err)
	}
	path, dir := "/v1/vaults/"+f.Accounts[0].Vaults[0].ID+"/items", t.TempDir()
	now := func() time.Time { return time.Unix(1<<30, 0) }
	inFile := open(t, config{store: filepath.Join(dir, "lists.db"), fixture: f, now: now, cacheBytes: -1})
	inMemory := open(t, config{fixture: f, now: now, cacheBytes: -1})
	want := inMemory.serveRequest(request(http.MethodGet, path, nil))
	got := inFile.serveRequest(request(http.MethodGet, path, nil))
	if got.Code != http.StatusOK || got.Body.Len() < 6<<20 {
		t.Fatalf("%d %.100s", got.Code, got.Body)
	}
	if diff := cmp.Diff(want.Header(), got.Header()); diff != "" {
		t.Error(diff)
	}
	if want.Body.String() != got.Body.String() {
		t.Error("the lists differ")
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "connectmock-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}
