package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"time"
)

// starts is the number of measurements of each kind of start.
const starts = 9

// measureStart measures the binary from the start of its process to its first response, and the memory that it holds
// when it is idle.
func measureStart(ctx context.Context, r *run) error {
	large, err := r.generate(ctx, r.maxItems, 0)
	if err != nil {
		return err
	}
	t := r.table("start", "store", "processor time", "spread", "first 200", "spread", "resident", "anonymous", "of files",
		"target")
	for _, kind := range []struct {
		name, store  string // no store: a new file each time
		time, memory target
	}{
		{"memory:, demo fixture", "memory:", atMost(0.025, "25 ms"), atMost(25<<20, "25 MiB")},
		{"new file, demo fixture", "", target{}, target{}},
		{"existing file, demo fixture", r.path("demo.db"), atMost(0.025, "25 ms"), atMost(25<<20, "25 MiB")},
		{"existing file, " + thousands(r.maxItems) + " items", large.file, atMost(0.2, "200 ms"), atMost(120<<20, "120 MiB")},
	} {
		var took, processor []time.Duration
		var idle memory
		for i := range starts {
			store := kind.store
			if store == "" {
				store = r.path(fmt.Sprintf("new-%d.db", i))
			}
			d, p, m, err := r.timeStart(ctx, store, i == starts-1)
			if err != nil {
				return fmt.Errorf("%s: %w", kind.name, err)
			}
			took, processor, idle = append(took, d), append(processor, p), m
		}
		verdicts := []string{kind.time.verdict(median(took).Seconds()), kind.memory.verdict(float64(idle.resident))}
		t.add(kind.name, short(median(processor)), durations(processor), short(median(took)), durations(took),
			mebibytes(idle.resident), mebibytes(idle.anonymous), mebibytes(idle.files),
			strings.Trim(strings.Join(verdicts, "; "), "; "))
	}
	t.note("Memory is that of the last start, a few seconds idle. What is of files are pages of the binary, which the " +
		"system takes back when it needs them.")
	return nil
}

// durations formats the smallest and the largest duration.
func durations(list []time.Duration) string {
	return short(slices.Min(list)) + ".." + short(slices.Max(list))
}

// timeStart starts the binary, and requests /heartbeat until there is a response. It returns the time and the processor
// time until then. With idle set it also returns the memory of the process after some idle seconds.
func (r *run) timeStart(ctx context.Context, store string, idle bool) (
	took, processor time.Duration, m memory, err error,
) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, 0, m, err
	}
	addr := listener.Addr().String() // free again from here on
	if err := listener.Close(); err != nil {
		return 0, 0, m, err
	}
	cmd := exec.CommandContext(ctx, r.binary, "serve", "--addr", addr, "--control", "127.0.0.1:0", "--store", store)
	start := time.Now()
	if err := cmd.Start(); err != nil {
		return 0, 0, m, err
	}
	s := &server{process: cmd}
	defer s.stop()
	for {
		_, err := fetch(ctx, addr, get("/heartbeat", ""))
		if err == nil {
			break
		}
		if !errors.Is(err, syscall.ECONNREFUSED) || time.Since(start) > time.Minute {
			return 0, 0, m, err
		}
		time.Sleep(200 * time.Microsecond)
	}
	took, processor = time.Since(start), processorTime(cmd.Process.Pid)
	if idle {
		time.Sleep(3 * time.Second)
		m = s.memory()
	}
	return took, processor, m, nil
}
