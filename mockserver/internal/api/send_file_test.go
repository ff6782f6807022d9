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

// fileRecorder is a connection that can send a file by itself, as those of net/http can.
type fileRecorder struct {
	*httptest.ResponseRecorder
	files int
}

func (w *fileRecorder) ReadFrom(r io.Reader) (int64, error) {
	if part, ok := r.(*io.LimitedReader); ok {
		if _, ok := part.R.(*os.File); ok {
			w.files++
		}
	}
	return io.Copy(w.Body, r)
}

// A large file reaches the connection as a file, so that the system sends it, also through the router. Without file
// copies it does not, and has the same bytes.
func TestDownload_SendsLargeFilesAsFiles(t *testing.T) {
	t.Parallel()
	for _, limit := range []int64{0, -1, 1 << 20} {
		f := &fixtures.Fixture{Accounts: []fixtures.Account{{Vaults: []fixtures.Vault{{Name: "V", Items: []fixtures.Item{
			{Title: "T", Category: "DOCUMENT", Files: []fixtures.File{{Name: "large", Size: 2<<20 + 1}}},
		}}}}}}
		if err := f.Complete(); err != nil {
			t.Fatal(err)
		}
		h := open(t, config{store: filepath.Join(t.TempDir(), "store.db"), fixture: f, fileCacheBytes: limit})
		v := f.Accounts[0].Vaults[0]
		content, err := v.Items[0].Files[0].Open()
		if err != nil {
			t.Fatal(err)
		}
		want, err := io.ReadAll(content)
		if err != nil {
			t.Fatal(err)
		}
		path := backend.ContentPath(v.ID, v.Items[0].ID, v.Items[0].Files[0].ID)
		for _, method := range []string{http.MethodHead, http.MethodGet, http.MethodGet} {
			w := &fileRecorder{ResponseRecorder: httptest.NewRecorder()}
			h.ServeHTTP(w, request(method, path, nil))
			if w.Code != 200 || w.Header().Get("Content-Length") != "2097153" {
				t.Errorf("%s: %d, headers %v", method, w.Code, w.Header())
			}
			switch {
			case method == http.MethodHead:
				if copies := h.backend.StoreStats().FileCopies; copies > 0 || w.Body.Len() > 0 {
					t.Errorf("HEAD: %d bytes and %d copies", w.Body.Len(), copies)
				}
			case !bytes.Equal(w.Body.Bytes(), want):
				t.Errorf("limit %d: %d other bytes", limit, w.Body.Len())
			case (w.files > 0) != (limit == 0) && runtime.GOOS == "linux":
				t.Errorf("limit %d: sent as a file %d times", limit, w.files)
			}
		}
	}
}
