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

// starts is how often each kind of start is measured.
const starts = 9

// measureStart measures the binary from the start of its process to its first
// answer, and what it holds in memory once it has nothing to do.
func measureStart(ctx context.Context, r *run) error {
	million, err := r.generated(ctx, r.mostItems, 0)
	if err != nil {
		return err
	}
	t := r.table("start", "store", "first 200", "spread            ", "resident", "anonymous", "of files", "target")
	for _, kind := range []struct {
		name, store  string
		time, memory target
	}{
		{"memory:, demo world", "memory:", atMost(0.05, "50 ms"), atMost(30<<20, "30 MiB")},
		{"new file, demo world", "", target{}, target{}},
		{"kept file, demo world", r.path("kept.db"), atMost(0.05, "50 ms"), atMost(30<<20, "30 MiB")},
		{"kept file, " + count(r.mostItems) + " items", million.file, atMost(0.2, "200 ms"), atMost(120<<20, "120 MiB")},
	} {
		var took []time.Duration
		var held memory
		for i := range starts {
			store := kind.store
			if store == "" {
				store = r.path(fmt.Sprintf("new-%d.db", i))
			}
			d, m, err := r.firstAnswer(ctx, store, i == starts-1)
			if err != nil {
				return fmt.Errorf("%s: %w", kind.name, err)
			}
			took, held = append(took, d), m
		}
		slices.Sort(took)
		verdicts := []string{kind.time.verdict(median(took).Seconds()), kind.memory.verdict(float64(held.resident))}
		t.add(kind.name, short(median(took)), short(took[0])+".."+short(took[len(took)-1]),
			mebibytes(held.resident), mebibytes(held.anonymous), mebibytes(held.files), strings.Trim(strings.Join(verdicts, "; "), "; "))
	}
	t.note("Memory is that of the last start, a few seconds idle. What is of files are pages of the binary and of the mapped store, which the system takes back when it needs them.")
	return nil
}

// firstAnswer starts the binary and asks /heartbeat until it answers. The memory
// is asked for only where it is wanted: it has to settle first.
func (r *run) firstAnswer(ctx context.Context, store string, settle bool) (took time.Duration, held memory, err error) {
	addr, err := freeAddress()
	if err != nil {
		return 0, memory{}, err
	}
	cmd := exec.CommandContext(ctx, r.binary, "serve", "--addr", addr, "--control", "127.0.0.1:0", "--store", store)
	began := time.Now()
	if err := cmd.Start(); err != nil {
		return 0, memory{}, err
	}
	s := &server{Addr: addr, process: cmd}
	defer s.stop()
	for {
		_, err := ask(ctx, addr, get("/heartbeat", ""))
		if err == nil {
			break
		}
		if !errors.Is(err, syscall.ECONNREFUSED) || time.Since(began) > time.Minute {
			return 0, memory{}, err
		}
		time.Sleep(200 * time.Microsecond)
	}
	took = time.Since(began)
	if settle {
		time.Sleep(3 * time.Second)
		held = memoryOf(cmd.Process.Pid)
	}
	return took, held, nil
}

// freeAddress is one that was free a moment ago.
func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}
