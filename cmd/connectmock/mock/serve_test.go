package mock

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/cmd/connectmock/locate"
	"github.com/spf13/cobra"
)

// bigFile is larger than the buffers between a server and a client.
const bigFile = 32 << 20

// start starts a server in memory, with the demo data if fixture is empty.
func start(t testing.TB, fixture string) *Mock {
	t.Helper()
	var s Settings
	s.Bind(&cobra.Command{}, "127.0.0.1:0", "memory:", locate.ControlOff)
	s.fixture, s.ReadyFile = fixture, filepath.Join(t.TempDir(), "ready.json")
	m, err := s.Start(t.Context(), &cli.Streams{Err: io.Discard, Out: io.Discard}, false)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// startDownload starts a server with one large file, and a download of it.
func startDownload(t *testing.T) (m *Mock, download *http.Response) {
	t.Helper()
	fixture := filepath.Join(t.TempDir(), "fixture.yaml")
	text := "vaults: [{name: V, items: [{title: I, category: LOGIN, files: [{name: big, size: 32MiB}]}]}]\n"
	if err := os.WriteFile(fixture, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	m = start(t, fixture)
	var vaults, items []struct{ ID string }
	m.get(t, "/v1/vaults", &vaults)
	m.get(t, "/v1/vaults/"+vaults[0].ID+"/items", &items)
	files := "/v1/vaults/" + vaults[0].ID + "/items/" + items[0].ID + "/files"
	m.get(t, files, &items)
	return m, m.open(t, files+"/"+items[0].ID+"/content")
}

func (m *Mock) open(t *testing.T, path string) *http.Response {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, m.url+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+m.Token)
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = resp.Body.Close() }) // the server may have closed it
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("GET %s: %s", path, resp.Status)
	}
	return resp
}

func (m *Mock) get(t *testing.T, path string, into any) {
	t.Helper()
	if err := json.NewDecoder(m.open(t, path).Body).Decode(into); err != nil {
		t.Fatal(err)
	}
}

func TestServe_LetsRequestsFinishWhenStopped(t *testing.T) {
	t.Parallel()
	m, download := startDownload(t)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- m.Serve(ctx, time.Hour) }()
	stop()
	if n, err := io.Copy(io.Discard, download.Body); err != nil || n != bigFile {
		t.Errorf("a download under way returned %d bytes, %v", n, err)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(m.settings.ReadyFile); !os.IsNotExist(err) {
		t.Errorf("the ready file was not removed: %v", err)
	}
	if _, err := http.Get(m.url + "/heartbeat"); err == nil {
		t.Error("the port is still open")
	}
}

func TestServe_CutsRequestsOffAfterTheTimeout(t *testing.T) {
	t.Parallel()
	m, download := startDownload(t)
	ctx, stop := context.WithCancel(t.Context())
	stop()
	err := m.Serve(ctx, time.Millisecond)
	if err == nil || !strings.Contains(err.Error(), "requests were still under way after 1ms and were cut off") {
		t.Errorf("error %v", err)
	}
	if n, err := io.Copy(io.Discard, download.Body); err == nil {
		t.Errorf("the download went on: %d bytes", n)
	}
}
