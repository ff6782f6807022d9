package main

import (
	"bufio"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"testing"
)

// BenchmarkColdStart is from the start of a process to its first answer with
// status 200, the demo world in memory.
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
		var at ready
		if err := json.Unmarshal(line, &at); err != nil {
			b.Fatal(err)
		}
		r, err := http.NewRequest(http.MethodGet, at.URL+"/v1/vaults", nil)
		if err != nil {
			b.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+at.Token)
		resp, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			b.Fatal(err)
		}
		_ = resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			b.Fatal(resp.Status)
		}
		b.StopTimer()
		_ = server.Process.Kill() // it has answered
		_ = server.Wait()         // it was killed
		b.StartTimer()
	}
}

// BenchmarkStart is the same within a process, without what the program itself
// takes to start.
func BenchmarkStart(b *testing.B) {
	for b.Loop() {
		m := start(b, "")
		if err := m.close(); err != nil {
			b.Fatal(err)
		}
	}
}
