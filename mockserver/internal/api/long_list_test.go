package api

import (
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A list that is gathered in a file is the same as one that is gathered in memory.
func TestListItems_ReadsTheSameFromAFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	h := open(t, config{store: filepath.Join(dir, "lists.db"), cacheBytes: -1})
	list := func(limit int) *httptest.ResponseRecorder {
		h.backend.Vaults.SpoolBytes = limit
		return h.serveRequest(request(http.MethodGet, itemsPath(), nil))
	}
	want, got := list(1<<20), list(100)
	if got.Code != http.StatusOK || got.Body.Len() < 200 {
		t.Fatalf("%d %s", got.Code, got.Body)
	}
	if diff := cmp.Diff(want.Header(), got.Header()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(want.Body.String(), got.Body.String()); diff != "" {
		t.Error(diff)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "connectmock-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}
