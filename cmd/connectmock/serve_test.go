package main

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

	"github.com/spf13/cobra"
)

// bigFile is more than the buffers between a server and a client hold.
const bigFile = 32 << 20

// start starts a server in memory, with the demo world if no other is named.
func start(t testing.TB, world string) *mock {
	t.Helper()
	var s settings
	s.bind(&cobra.Command{}, "127.0.0.1:0", "memory:", controlOff)
	s.fixture, s.readyFile = world, filepath.Join(t.TempDir(), "ready.json")
	m, err := s.start(t.Context(), &streams{err: io.Discard, out: io.Discard}, false)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// begin starts a server in memory that holds one big file, and a download of it.
func begin(t *testing.T) (m *mock, download *http.Response) {
	t.Helper()
	world := filepath.Join(t.TempDir(), "world.yaml")
	text := "vaults: [{name: V, items: [{title: I, category: LOGIN, files: [{name: big, size: 32MiB}]}]}]\n"
	if err := os.WriteFile(world, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	m = start(t, world)
	var vaults, items []struct{ ID string }
	m.get(t, "/v1/vaults", &vaults)
	m.get(t, "/v1/vaults/"+vaults[0].ID+"/items", &items)
	at := "/v1/vaults/" + vaults[0].ID + "/items/" + items[0].ID + "/files"
	m.get(t, at, &items)
	return m, m.open(t, at+"/"+items[0].ID+"/content")
}

func (m *mock) open(t *testing.T, path string) *http.Response {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, m.url+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+m.token)
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = resp.Body.Close() }) // it may be cut off
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("GET %s: %s", path, resp.Status)
	}
	return resp
}

func (m *mock) get(t *testing.T, path string, into any) {
	t.Helper()
	if err := json.NewDecoder(m.open(t, path).Body).Decode(into); err != nil {
		t.Fatal(err)
	}
}

func TestStopLetsRequestsFinish(t *testing.T) {
	t.Parallel()
	m, download := begin(t)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- m.serve(ctx, time.Hour) }()
	stop()
	if n, err := io.Copy(io.Discard, download.Body); err != nil || n != bigFile {
		t.Errorf("a download under way gave %d bytes, %v", n, err)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(m.settings.readyFile); !os.IsNotExist(err) {
		t.Errorf("the ready file is still there: %v", err)
	}
	if _, err := http.Get(m.url + "/heartbeat"); err == nil {
		t.Error("the port still answers")
	}
}

func TestStopHasALimit(t *testing.T) {
	t.Parallel()
	m, download := begin(t)
	ctx, stop := context.WithCancel(t.Context())
	stop()
	err := m.serve(ctx, time.Millisecond)
	if err == nil || !strings.Contains(err.Error(), "requests were still under way after 1ms and were cut off") {
		t.Errorf("serve said %v", err)
	}
	if n, err := io.Copy(io.Discard, download.Body); err == nil {
		t.Errorf("the download went on: %d bytes", n)
	}
}
