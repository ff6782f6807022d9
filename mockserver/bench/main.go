// Command bench measures the server beside a bare echo handler that answers one
// stored item and does nothing else, both started by the same run and driven by
// the same load, in turns. What counts is the ratio: the machine is the same
// for both, whatever else it is doing.
//
//	go run ./mockserver/bench            # or: make bench
//	go run ./mockserver/bench -run get -rounds 5 -for 2s
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

type settings struct {
	conns  int
	rounds int
	length time.Duration
	items  int
	only   string
}

func main() {
	if role := os.Getenv(roleVariable); role != "" {
		if err := play(role); err != nil {
			fmt.Fprintln(os.Stderr, "bench:", role+":", err)
			os.Exit(1)
		}
		return
	}
	var set settings
	flag.IntVar(&set.conns, "conns", 16, "connections kept open by the load")
	flag.IntVar(&set.rounds, "rounds", 3, "measurements of each work, taken in turns with the bare handler")
	flag.DurationVar(&set.length, "for", time.Second, "length of one measurement")
	flag.IntVar(&set.items, "items", 10_000, "items in the large vault")
	flag.StringVar(&set.only, "run", "", "only works whose name contains this")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, set); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, set settings) error {
	dir, err := os.MkdirTemp("", "connectmock-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	fmt.Printf("%s/%s, %d CPUs, %s; %d connections, %d rounds of %s, %d items, file store\n\n",
		runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), runtime.Version(), set.conns, set.rounds, set.length, set.items)

	bare, err := start(ctx, "bare", dir, set)
	if err != nil {
		return err
	}
	defer bare.stop()
	mock, err := start(ctx, "mock", dir, set)
	if err != nil {
		return err
	}
	defer mock.stop()

	fmt.Printf("%-22s %10s %10s %7s %13s %9s %9s\n", "work", "bare/s", "mock/s", "ratio", "spread", "p50", "p99")
	for _, w := range works(mock) {
		if strings.Contains(w.name, set.only) {
			if err := compare(ctx, set, bare, mock, w); err != nil {
				return fmt.Errorf("%s: %w", w.name, err)
			}
		}
	}
	if set.only == "" || strings.Contains("start", set.only) {
		return process(ctx, filepath.Join(dir, "connectmock"))
	}
	return nil
}
