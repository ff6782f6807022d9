// Command mutate changes the source of the server at random places, one place at a time, and says which changes the
// contract suite does not notice.
//
//	go run ./internal/mutants/mutate -seed 7 -n 20      # or: make mutate SEED=7 N=20
//	go run ./internal/mutants/mutate -unit ./mockserver/internal/items
//	go run ./internal/mutants/mutate -at mockserver/internal/items/otp.go:40
//
// The same seed and source draw the same changes. The work tree stays as it is: go build -overlay reads the changed
// file from a temporary directory. A change that does not compile is replaced by the next one. The others run
// "connectmock contract run" against themselves; with -unit, what it does not notice also runs the tests of the changed
// package, of mockserver and of mockserver/internal/api. -at draws nothing: it runs all changes that begin at a line,
// such as those that survived before a rule was written.
//
// The operators:
//
//   - negate: the condition of an if
//   - compare: == and != exchanged; bound: < and <=, > and >= exchanged
//   - and-or: && and || exchanged
//   - remove: an assignment, a call, or an if without else
//   - append: a call of append or delete
//   - return-zero: the zero value in place of one result
//   - number: an integer constant raised by 1
//   - string: a string constant with an x at the end
//
// What no test of behaviour can see is not changed: log calls, panics, the texts of errors that are made in place and
// the values returned beside them; metrics; capacities; locks, deferred calls and closing; strings of the store, which
// are SQL and names of files; declared types; files for Linux alone.
//
// Each survivor is to be judged by a person: a rule or a test is missing, or the change makes no difference. The
// command knows neither the server nor the contract: it builds one and runs it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// settings are the flags and arguments of the command.
type settings struct {
	seed     uint64
	count    int
	unit     bool
	dry      bool
	at       string // file.go:12, for the changes that begin there; "": those that are drawn
	report   string // "": none
	packages []string
}

func main() {
	set, err := parseArguments()
	if err == nil {
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
		defer stop()
		err = mutate(ctx, set, os.Stdout)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "mutate:", err)
		os.Exit(1)
	}
}

func parseArguments() (set settings, err error) {
	flag.Uint64Var(&set.seed, "seed", 1, "draw the changes that belong to this number")
	flag.IntVar(&set.count, "n", 100, "how many changes that compile")
	flag.BoolVar(&set.unit, "unit", false, "also run unit tests against what the contract does not notice")
	flag.BoolVar(&set.dry, "dry-run", false, "only list the first changes, which may not compile")
	flag.StringVar(&set.at, "at", "",
		"run all changes of `FILE:LINE`, or of several with commas, instead of drawing some")
	flag.StringVar(&set.report, "report", "", "write a Markdown report to this file")
	flag.Usage = func() {
		fmt.Fprintln(flag.CommandLine.Output(), "usage: mutate [flags] [directory of a package ...]")
		flag.PrintDefaults()
	}
	flag.Parse()
	if set.count < 1 {
		return set, errors.New("-n must be at least 1")
	}
	set.packages = flag.Args()
	switch {
	case set.at != "" && len(set.packages) > 0:
		return set, errors.New("-at names files, so no directories can be named")
	case len(set.packages) == 0:
		set.packages = defaultPackages()
	}
	return set, nil
}

// mutate draws mutations, runs them and writes the results to out and to the report.
func mutate(ctx context.Context, set settings, out io.Writer) error {
	drawn, from, err := set.draw()
	if err != nil {
		return err
	}
	if set.at != "" {
		set.count = len(drawn)
	}
	if set.dry {
		for _, m := range drawn[:min(set.count, len(drawn))] {
			fmt.Fprintf(out, "%s: %s: %s\n", place(m), m.operator, m.about)
		}
		return nil
	}
	dir, err := os.MkdirTemp("", "connectmock-mutate-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	root, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}").Output()
	if err != nil {
		return fmt.Errorf("find the root of the module: %w", err)
	}
	r := newRunner(strings.TrimSpace(string(root)), dir)
	r.out, r.unit = out, set.unit
	if err := r.measure(ctx); err != nil {
		return err
	}
	results, runErr := r.runAll(ctx, drawn, set.count)
	switch {
	case ctx.Err() != nil:
		runErr = fmt.Errorf("interrupted after %d of %d changes", len(results), set.count)
	case runErr == nil && len(results) < set.count && set.at == "":
		runErr = fmt.Errorf("only %d changes of %d can be built", len(results), set.count)
	}
	writeTable(out, results)
	if set.report != "" {
		return errors.Join(runErr, os.WriteFile(set.report, []byte(markdown(set, from, results)), 0o644))
	}
	return runErr
}

// newRunner returns a runner for this module, which keeps its files in dir.
func newRunner(root, dir string) *runner {
	return &runner{
		root: root, command: "./cmd/connectmock", dir: dir,
		unitTests:  []string{filepath.Join(root, "mockserver"), filepath.Join(root, "mockserver", "internal", "api")},
		unitLimits: map[string]time.Duration{},
	}
}
