package mockserver_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/mockserver"
	"github.com/connectmock/connectmock/openapi/connect"
)

// A server whose database file was removed answers writes with 500, reads as
// before, and says so on /health and when it ends.
func TestStore_RemovedFileFailsWritesAndHealth(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("files that are open stay")
	}
	path := filepath.Join(t.TempDir(), "mock.db")
	s, err := mockserver.New(mockserver.Config{Store: path})
	must(t, err)
	bearer, err := s.FirstToken(t.Context())
	must(t, err)
	send := func(method, target, body string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, target, strings.NewReader(body))
		r.Header.Set("Authorization", "Bearer "+bearer)
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		return w
	}
	var vaults []connect.Vault
	must(t, json.Unmarshal(send("GET", "/v1/vaults", "").Body.Bytes(), &vaults))
	items := "/v1/vaults/" + vaults[0].ID + "/items"
	item := `{"title":"t","category":"LOGIN","vault":{"id":"` + vaults[0].ID + `"}}`
	if w := send("POST", items, item); w.Code != http.StatusOK {
		t.Fatalf("before: %d %s", w.Code, w.Body)
	}
	for _, suffix := range []string{"", "-wal", "-shm"} {
		must(t, os.Remove(path+suffix))
	}
	if w := send("POST", items, item); w.Code != http.StatusInternalServerError {
		t.Errorf("a write: %d %s", w.Code, w.Body)
	}
	if w := send("GET", "/v1/vaults", ""); w.Code != http.StatusOK {
		t.Errorf("a read: %d %s", w.Code, w.Body)
	}
	w := send("GET", "/health", "")
	var health connect.Health
	if err := json.Unmarshal(w.Body.Bytes(), &health); err != nil || w.Code != http.StatusOK {
		t.Fatalf("%d, %v", w.Code, err)
	}
	if d := health.Dependencies[0]; d.Service != "sqlite" || d.Status != "INACTIVE" || !strings.Contains(d.Message, "was removed") {
		t.Errorf("/health says %+v", d)
	}
	if err := s.Close(); err == nil || !strings.Contains(err.Error(), "was removed") {
		t.Errorf("Close: %v", err)
	}
}
