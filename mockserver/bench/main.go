// Command bench measures the connectmock binary beside a bare echo handler that returns one stored item and does
// nothing else. Both run in processes of their own and get the same load in turns, so that the ratio between them does
// not depend on the machine or on what else runs there.
//
//	go run ./mockserver/bench                        # or: make bench
//	go run ./mockserver/bench -run get -rounds 5     # some workloads
//	go run ./mockserver/bench latency start          # some parts
//	go run ./mockserver/bench -md docs/performance.md
//
// docs/performance.md says what is measured, and has the figures. The command does not know how the server works: it
// sees its binary, its HTTP API and, on Linux, what /proc says of its process.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"syscall"
	"time"
)

// settings are the flags and arguments of the command.
type settings struct {
	rounds  int
	length  time.Duration // of one measurement
	only    string        // part of the names of workloads; "": all
	soak    time.Duration
	outFile string // "": only standard output
	parts   []string

	maxItems, maxRecords, maxAccounts int // of the largest stores
}

// part is what can be measured by itself: it prints one table or a few.
type part struct {
	name      string
	isDefault bool // measured if no part is named
	about     string
	measure   func(context.Context, *run) error
}

func parts() []part {
	return []part{
		{"rate", true, "requests a second beside the bare handler", measureRates},
		{"latency", true, "latencies at a fixed rate beside the bare handler", measureLatencies},
		{"file", true, "a file of 64 MiB beside net/http", measureFile},
		{"start", true, "process start to the first response, idle memory", measureStart},
		{"tests", true, "connecttest and the contract suite", measureTests},
		{"contract", false, "the contract suite behind a relay that adds 50 ms", measureContract},
		{"load", true, "filling large stores, pages of a long activity log", measureLoad},
		{"console", true, "each page of the console, with large stores", measureConsole},
		{"growth-items", false, "cost of each operation against the size of a vault", measureItemGrowth},
		{"growth-activity", false, "... against the length of the activity log", measureActivityGrowth},
		{"growth-accounts", false, "... against the number of accounts", measureAccountGrowth},
		{"soak", false, "full load for -soak: memory, files, lost activity records", measureSoak},
		{"overload", false, "thousands of connections at once", measureOverload},
	}
}

func main() {
	if role := os.Getenv(roleVariable); role != "" {
		exitOnError(runRole(role))
		return
	}
	set, err := parseArguments()
	exitOnError(err)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	exitOnError(measure(ctx, set))
}

func exitOnError(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func parseArguments() (set settings, err error) {
	flag.IntVar(&set.rounds, "rounds", 3, "measurements of each workload, in turns with the bare handler")
	flag.DurationVar(&set.length, "for", time.Second, "length of one measurement")
	flag.StringVar(&set.only, "run", "", "only workloads whose name contains this, in rate, latency and contract")
	flag.IntVar(&set.maxItems, "max-items", 1_000_000, "items in the largest store")
	flag.IntVar(&set.maxRecords, "max-records", 10_000_000, "activity records in the largest store")
	flag.IntVar(&set.maxAccounts, "max-accounts", 10_000, "accounts in the largest store")
	flag.DurationVar(&set.soak, "soak", 10*time.Minute, "length of the part soak")
	flag.StringVar(&set.outFile, "md", "", "`file` whose marked tables are replaced by those of this run")
	flag.Usage = func() {
		fmt.Fprintln(os.Stderr, "Usage: bench [flags] [part...]\n\nParts (without arguments: those with *):")
		for _, p := range parts() {
			star := " "
			if p.isDefault {
				star = "*"
			}
			fmt.Fprintf(os.Stderr, "  %s %-16s %s\n", star, p.name, p.about)
		}
		fmt.Fprintln(os.Stderr, "\nFlags:")
		flag.PrintDefaults()
	}
	flag.Parse()
	set.parts = flag.Args()
	for _, name := range set.parts {
		if !slices.ContainsFunc(parts(), func(p part) bool { return p.name == name }) {
			return set, fmt.Errorf("unknown part %q; -h lists the parts", name)
		}
	}
	if set.only != "" && len(set.parts) == 0 {
		set.parts = []string{"rate"}
	}
	return set, nil
}

func measure(ctx context.Context, set settings) error {
	dir, err := os.MkdirTemp("", "connectmock-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	r := &run{settings: set, dir: dir, binary: filepath.Join(dir, "connectmock"), generated: map[string]*dataset{}}
	if err := r.build(ctx); err != nil {
		return err
	}
	r.describeMachine(ctx)
	for _, p := range parts() {
		if p.isDefault && len(set.parts) == 0 || slices.Contains(set.parts, p.name) {
			if err := p.measure(ctx, r); err != nil {
				return fmt.Errorf("%s: %w", p.name, err)
			}
		}
	}
	if set.outFile == "" {
		return nil
	}
	return writeDocument(set.outFile, r.tables)
}
