package api

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/mockserver/internal/backend"
)

// handed is a connection that can be handed a file, as one of net/http can.
type handed struct {
	*httptest.ResponseRecorder
	files int
}

func (h *handed) ReadFrom(r io.Reader) (int64, error) {
	if part, ok := r.(*io.LimitedReader); ok {
		if _, ok := part.R.(*os.File); ok {
			h.files++
		}
	}
	return io.Copy(h.Body, r)
}

// A large file reaches the connection as a file, so that the system sends it,
// also through the router; without copies it does not, and is the same.
func TestLargeFilesAreHandedOn(t *testing.T) {
	t.Parallel()
	for _, limit := range []int64{0, -1, 1 << 20} {
		w := &fixtures.Fixture{Accounts: []fixtures.Account{{Vaults: []fixtures.Vault{{Name: "V", Items: []fixtures.Item{
			{Title: "T", Category: "DOCUMENT", Files: []fixtures.File{{Name: "large", Size: 2<<20 + 1}}},
		}}}}}}
		if err := w.Complete(); err != nil {
			t.Fatal(err)
		}
		s := open(t, config{
			Store: filepath.Join(t.TempDir(), "store.db"), Fixture: w, FileCopies: limit, Tokens: map[string]string{"t": "local"},
		})
		v := w.Accounts[0].Vaults[0]
		content, err := v.Items[0].Files[0].Open()
		if err != nil {
			t.Fatal(err)
		}
		want, err := io.ReadAll(content)
		if err != nil {
			t.Fatal(err)
		}
		for _, method := range []string{http.MethodHead, http.MethodGet, http.MethodGet} {
			r := httptest.NewRequest(method, backend.ContentPath(v.ID, v.Items[0].ID, v.Items[0].Files[0].ID), nil)
			r.Header.Set("Authorization", "Bearer local")
			to := &handed{ResponseRecorder: httptest.NewRecorder()}
			s.ServeHTTP(to, r)
			if to.Code != 200 || to.Header().Get("Content-Length") != "2097153" {
				t.Errorf("%s: answered %d, headers %v", method, to.Code, to.Header())
			}
			switch {
			case method == http.MethodHead:
				if files, _ := s.backend.Store.FileCacheSize(); files > 0 || to.Body.Len() > 0 {
					t.Errorf("HEAD: %d bytes and %d copies", to.Body.Len(), files)
				}
			case !bytes.Equal(to.Body.Bytes(), want):
				t.Errorf("limit %d: %d other bytes", limit, to.Body.Len())
			case (to.files > 0) != (limit == 0) && runtime.GOOS == "linux":
				t.Errorf("limit %d: handed on %d times", limit, to.files)
			}
		}
	}
}
