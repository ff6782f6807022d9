// Command bench measures the server beside a bare echo handler that answers one
// stored item and does nothing else, each in a process of its own, both started
// by the same run and driven by the same load, in turns. What counts is the
// ratio: the machine is the same for both, whatever else it is doing. The server
// is the binary that users start.
//
//	go run ./mockserver/bench                        # or: make bench
//	go run ./mockserver/bench -run get -rounds 5     # some works of the first part
//	go run ./mockserver/bench latency start          # some parts
//	go run ./mockserver/bench -md docs/performance.md
//
// docs/performance.md says what is measured and how to read it.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"
)

type settings struct {
	conns  int
	rounds int
	length time.Duration
	items  int
	only   string

	mostItems, mostRecords, mostAccounts int // of the largest stores
	soak                                 time.Duration

	markdown string
	parts    []string
}

// part is what can be measured by itself: one table, or a few.
type part struct {
	name    string
	always  bool // without being named
	about   string
	measure func(context.Context, *run) error
}

func parts() []part {
	return []part{
		{"rate", true, "requests a second beside the bare handler", measureRates},
		{"latency", true, "latencies at a fixed rate beside the bare handler", measureLatencies},
		{"file", true, "a file of 64 MiB beside net/http", measureFile},
		{"start", true, "process start to the first answer, idle memory", measureStart},
		{"tests", true, "connecttest and the contract suite", measureTests},
		{"load", true, "filling large stores, pages of a long activity log", measureBulk},
		{"growth-items", false, "cost of each operation against the size of a vault", measureItemGrowth},
		{"growth-activity", false, "... of the activity log", measureActivityGrowth},
		{"growth-accounts", false, "... against the number of accounts", measureAccountGrowth},
		{"soak", false, "full load for -soak: memory, files, activity records lost", measureSoak},
		{"overload", false, "thousands of connections at once", measureOverload},
	}
}

func main() {
	if os.Getenv(roleVariable) != "" {
		end(play(os.Getenv(roleVariable)))
		return
	}
	set, err := arguments()
	end(err)
	runtime.GOMAXPROCS(runtime.NumCPU() + 1) // see pause
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	end(measure(ctx, set))
}

func end(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func arguments() (set settings, err error) {
	flag.IntVar(&set.conns, "conns", 16, "connections kept open by the load")
	flag.IntVar(&set.rounds, "rounds", 3, "measurements of each work, taken in turns with the bare handler")
	flag.DurationVar(&set.length, "for", time.Second, "length of one measurement")
	flag.IntVar(&set.items, "items", 10_000, "items in the large vault")
	flag.StringVar(&set.only, "run", "", "only works whose name contains this; without parts, of rate only")
	flag.IntVar(&set.mostItems, "most-items", 1_000_000, "items in the largest store")
	flag.IntVar(&set.mostRecords, "most-records", 10_000_000, "activity records in the largest store")
	flag.IntVar(&set.mostAccounts, "most-accounts", 10_000, "accounts in the largest store")
	flag.DurationVar(&set.soak, "soak", 10*time.Minute, "length of the part soak")
	flag.StringVar(&set.markdown, "md", "", "`file` whose marked tables are replaced by those of this run")
	flag.Usage = func() {
		fmt.Fprintln(os.Stderr, "Usage: bench [flags] [part...]\n\nParts (without *: only when named):")
		for _, p := range parts() {
			fmt.Fprintf(os.Stderr, "  %-16s%s %s\n", p.name, mark(p.always, "*", " "), p.about)
		}
		fmt.Fprintln(os.Stderr, "\nFlags:")
		flag.PrintDefaults()
	}
	flag.Parse()
	set.parts = flag.Args()
	for _, name := range set.parts {
		if !slices.ContainsFunc(parts(), func(p part) bool { return p.name == name }) {
			return set, fmt.Errorf("there is no part %q; -h lists them", name)
		}
	}
	if set.only != "" && len(set.parts) == 0 {
		set.parts = []string{"rate"}
	}
	return set, nil
}

// wanted says whether a part is to be measured.
func (s settings) wanted(p part) bool {
	if len(s.parts) == 0 {
		return p.always
	}
	return slices.Contains(s.parts, p.name)
}

func measure(ctx context.Context, set settings) (err error) {
	dir, err := os.MkdirTemp("", "connectmock-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	r := &run{settings: set, dir: dir, binary: filepath.Join(dir, "connectmock")}
	if err := r.build(ctx); err != nil {
		return err
	}
	r.introduce(ctx)
	for _, p := range parts() {
		if !set.wanted(p) {
			continue
		}
		if err := p.measure(ctx, r); err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
	}
	if set.markdown == "" {
		return nil
	}
	return writeDocument(set.markdown, r.tables)
}

func (s settings) selected(w work) bool { return strings.Contains(w.name, s.only) }

func mark(yes bool, one, other string) string {
	if yes {
		return one
	}
	return other
}
