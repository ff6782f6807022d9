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

// together is how many servers one test binary may have at once.
const together = 200

// embedded is what a process found out that starts servers as Go tests do.
type embedded struct {
	First, Later   time.Duration
	Heap, Resident int64 // growth in bytes for all servers together
}

// measureTests measures what tests wait for: a server of their own, and the
// contract suite.
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
	var e embedded
	if err := json.Unmarshal(out, &e); err != nil {
		return err
	}
	t := r.table("tests", "what", "figure", "target")
	t.add("connecttest.Start, the first", short(e.First), "")
	t.add("connecttest.Start, the later ones", short(e.Later), atMost(0.005, "5 ms").verdict(e.Later.Seconds()))
	t.add(fmt.Sprintf("%d at once, resident", together), mebibytes(e.Resident), atMost(64<<20, "64 MiB").verdict(float64(e.Resident)))
	t.add(fmt.Sprintf("%d at once, heap", together), mebibytes(e.Heap), "")
	var suites []time.Duration
	for range r.rounds {
		began := time.Now()
		if out, err := exec.CommandContext(ctx, r.binary, "contract", "run").CombinedOutput(); err != nil {
			return fmt.Errorf("contract suite: %w\n%s", err, out)
		}
		suites = append(suites, time.Since(began))
	}
	t.add("contract suite, its mock included", short(median(suites)), atMost(5, "5 s").verdict(median(suites).Seconds()))
	return nil
}

// playTests is the other side of measureTests. Memory is compared with that of
// one server running: what a process holds only once is not counted 200 times.
func playTests() error {
	var e embedded
	began := time.Now()
	first, err := connecttest.Start()
	if err != nil {
		return err
	}
	e.First = time.Since(began)
	before, heap := memoryOf(os.Getpid()).resident, heapInUse()
	running := []*connecttest.Server{first}
	var took []time.Duration
	for range together {
		began := time.Now()
		s, err := connecttest.Start()
		if err != nil {
			return err
		}
		took, running = append(took, time.Since(began)), append(running, s)
	}
	e.Later, e.Resident = median(took), memoryOf(os.Getpid()).resident-before
	e.Heap = heapInUse() - heap
	for _, s := range running {
		if err := s.Close(); err != nil {
			return err
		}
	}
	return json.NewEncoder(os.Stdout).Encode(e)
}

// heapInUse is what is reachable, in bytes.
func heapInUse() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
