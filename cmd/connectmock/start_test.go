package main

import (
	"bufio"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/cmd/connectmock/locate"
	"github.com/connectmock/connectmock/cmd/connectmock/mock"
	"github.com/connectmock/connectmock/mockserver"
	"github.com/spf13/cobra"
)

// startMock starts a mock in memory, with the demo data unless flags name other data, until the end of the test.
func startMock(t *testing.T, flags ...string) *mock.Mock {
	t.Helper()
	var s mock.Settings
	c := &cobra.Command{}
	s.Bind(c, "127.0.0.1:0", mockserver.MemoryStore, "127.0.0.1:0")
	if err := c.ParseFlags(flags); err != nil {
		t.Fatal(err)
	}
	m, err := s.Start(t.Context(), &cli.Streams{Err: io.Discard, Out: io.Discard}, false)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = m.Close() })
	return m
}

// BenchmarkColdStart measures from the start of a process, with the demo data in
// memory, to its first response with status 200.
func BenchmarkColdStart(b *testing.B) {
	for b.Loop() {
		server := exec.Command("connectmock", "serve", "--addr", "127.0.0.1:0", "--store", "memory:", "--json")
		server.Stderr = os.Stderr
		out, err := server.StdoutPipe()
		if err != nil {
			b.Fatal(err)
		}
		if err := server.Start(); err != nil {
			b.Fatal(err)
		}
		line, err := bufio.NewReader(out).ReadBytes('\n')
		if err != nil {
			b.Fatal(err)
		}
		var r locate.Ready
		if err := json.Unmarshal(line, &r); err != nil {
			b.Fatal(err)
		}
		request, err := http.NewRequest(http.MethodGet, r.URL+"/v1/vaults", nil)
		if err != nil {
			b.Fatal(err)
		}
		request.Header.Set("Authorization", "Bearer "+r.Token)
		resp, err := http.DefaultTransport.RoundTrip(request)
		if err != nil {
			b.Fatal(err)
		}
		_ = resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			b.Fatal(resp.Status)
		}
		b.StopTimer()
		_ = server.Process.Kill() // it has responded
		_ = server.Wait()         // it was killed
		b.StartTimer()
	}
}

// BenchmarkStart measures the same within a process.
func BenchmarkStart(b *testing.B) {
	for b.Loop() {
		m, err := mock.StartInMemory(b.Context(), &cli.Streams{Err: io.Discard, Out: io.Discard})
		if err != nil {
			b.Fatal(err)
		}
		if err := m.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// environWithoutServer returns the environment of the tests, without a server that it may name.
func environWithoutServer() []string {
	return slices.DeleteFunc(os.Environ(), func(entry string) bool { return strings.HasPrefix(entry, "OP_CONNECT_") })
}
