package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"time"

	"github.com/connectmock/connectmock/mockserver/connecttest"
)

// serversAtOnce is the number of servers that one test binary has at the same time.
const serversAtOnce = 200

// startFigures is what startServers measures.
type startFigures struct {
	First, Later   time.Duration
	Heap, Resident int64 // growth in bytes for all servers together
}

// measureTests measures what tests wait for: the start of a server, and the contract suite.
func measureTests(ctx context.Context, r *run) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, self)
	cmd.Env, cmd.Stderr = append(os.Environ(), roleVariable+"=tests"), os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return err
	}
	var f startFigures
	if err := json.Unmarshal(out, &f); err != nil {
		return err
	}
	t := r.table("tests", "what", "figure", "target")
	t.add("connecttest.Start, the first", short(f.First), "")
	t.add("connecttest.Start, the later ones", short(f.Later), atMost(0.002, "2 ms").verdict(f.Later.Seconds()))
	t.add(fmt.Sprintf("%d at once, resident", serversAtOnce), mebibytes(f.Resident),
		atMost(64<<20, "64 MiB").verdict(float64(f.Resident)))
	t.add(fmt.Sprintf("%d at once, heap", serversAtOnce), mebibytes(f.Heap), "")
	var suites []time.Duration
	for range r.rounds {
		start := time.Now()
		if out, err := exec.CommandContext(ctx, r.binary, "contract", "run").CombinedOutput(); err != nil {
			return fmt.Errorf("contract suite: %w\n%s", err, out)
		}
		suites = append(suites, time.Since(start))
	}
	t.add("contract suite, its mock included", short(median(suites)), atMost(5, "5 s").verdict(median(suites).Seconds()))
	return nil
}

// startServers starts servers as Go tests do, in a process of its own, and prints startFigures. Memory is compared with
// that of one running server, so that what a process holds only once is not counted.
func startServers() error {
	var f startFigures
	start := time.Now()
	first, err := connecttest.Start()
	if err != nil {
		return err
	}
	f.First = time.Since(start)
	resident, heap := memoryOf(os.Getpid()).resident, liveHeap()
	servers := []*connecttest.Server{first}
	var took []time.Duration
	for range serversAtOnce {
		start := time.Now()
		s, err := connecttest.Start()
		if err != nil {
			return err
		}
		took, servers = append(took, time.Since(start)), append(servers, s)
	}
	f.Later, f.Resident = median(took), memoryOf(os.Getpid()).resident-resident
	f.Heap = liveHeap() - heap
	for _, s := range servers {
		if err := s.Close(); err != nil {
			return err
		}
	}
	return json.NewEncoder(os.Stdout).Encode(f)
}

// liveHeap returns the bytes that are reachable.
func liveHeap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
