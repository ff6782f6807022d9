package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// verdict is what happened to a mutation.
type verdict string

const (
	killedByContract verdict = "killed by contract"
	killedByUnit     verdict = "killed by unit tests"
	timedOut         verdict = "timed out" // which a person would notice too
	survived         verdict = "survived"
	notCompiled      verdict = "does not compile"
)

// result is a mutation and its verdict.
type result struct {
	mutation
	verdict verdict
	seenBy  string // rules, tests, or the last line of what was printed; "": survived
	diff    string
}

// runner builds and runs mutations.
type runner struct {
	root    string // of the module
	command string // the package that is built: its binary runs the contract against itself
	dir     string // for changed files and binaries
	out     io.Writer

	unit      bool     // run unit tests too
	unitTests []string // directories whose tests run after those of the changed package

	contractLimit time.Duration
	unitLimits    map[string]time.Duration // by directory
}

// limit returns how long a run may take that takes so long without a mutation. It is generous, because other runs share
// the machine.
func limit(unchanged time.Duration) time.Duration { return 30*time.Second + 10*unchanged }

// measure runs the contract without a mutation, which must pass, and sets the limit.
func (r *runner) measure(ctx context.Context) error {
	binary := filepath.Join(r.dir, "connectmock")
	if output, err := r.build(ctx, binary); err != nil {
		return fmt.Errorf("build without a change: %w\n%s", err, output)
	}
	began := time.Now()
	if seenBy, err := runContract(ctx, binary); err != nil {
		return fmt.Errorf("the contract fails without a change, which must be repaired first: %w: %s", err, seenBy)
	}
	r.contractLimit = limit(time.Since(began))
	fmt.Fprintf(r.out, "without a change the contract takes %s; a run may take %s\n",
		time.Since(began).Round(time.Millisecond), r.contractLimit.Round(time.Second))
	return nil
}

// maxRefused is how many mutations in a row may fail to compile. Then something else is wrong.
const maxRefused = 100

// runAll runs mutations in their order until count of them compiled, or there are no more. With an error it returns
// what ended before.
func (r *runner) runAll(ctx context.Context, drawn []mutation, count int) (results []result, err error) {
	refused := 0
	for _, m := range drawn {
		if len(results) == count {
			return results, nil
		}
		res, err := r.run(ctx, m)
		if err != nil {
			return results, err
		}
		if res.verdict == notCompiled {
			if refused++; refused == maxRefused {
				return results, fmt.Errorf("%d changes in a row did not build, the last one with:\n%s", refused,
					res.seenBy)
			}
			continue
		}
		refused, results = 0, append(results, res)
		fmt.Fprintf(r.out, "%d/%d %s: %s: %s\n", len(results), count, place(m), res.about, res.verdict)
	}
	return results, nil
}

// run builds a mutation and runs what may notice it. An error means that nothing is known.
func (r *runner) run(ctx context.Context, m mutation) (result, error) {
	source, err := os.ReadFile(m.file)
	if err != nil {
		return result{}, err
	}
	overlay, err := writeOverlay(r.dir, m, source)
	if err != nil {
		return result{}, err
	}
	res := result{mutation: m, verdict: survived, diff: m.diff(source)}
	binary := filepath.Join(r.dir, "connectmock")
	if output, err := r.build(ctx, binary, "-overlay", overlay); err != nil {
		res.verdict, res.seenBy = notCompiled, string(output)
		return res, ctx.Err()
	}
	inTime, cancel := context.WithTimeout(ctx, r.contractLimit)
	defer cancel()
	res.seenBy, err = runContract(inTime, binary)
	if err != nil {
		res.verdict = killedByContract
		if inTime.Err() != nil {
			res.verdict, res.seenBy = timedOut, "contract"
		}
	}
	if res.verdict == survived && r.unit {
		if err := r.runUnitTests(ctx, &res, overlay); err != nil {
			return res, err
		}
	}
	return res, ctx.Err()
}

// writeOverlay writes the changed file, and the JSON file that puts it in place of the other one, whose path it
// returns.
func writeOverlay(dir string, m mutation, source []byte) (string, error) {
	changed := filepath.Join(dir, "changed.go")
	overlay := filepath.Join(dir, "overlay.json")
	text, err := json.Marshal(map[string]map[string]string{"Replace": {m.file: changed}})
	return overlay, errors.Join(err,
		os.WriteFile(changed, m.apply(source), 0o644),
		os.WriteFile(overlay, text, 0o644))
}

// build builds the command, with further flags of go build, and returns what the compiler printed.
func (r *runner) build(ctx context.Context, binary string, flags ...string) ([]byte, error) {
	flags = append([]string{"build", "-ldflags=-s -w", "-o", binary}, flags...)
	c := newCommand(ctx, "go", append(flags, r.command)...)
	c.Dir = r.root
	return c.CombinedOutput()
}

// runContract runs the contract of a binary against itself. With an error it also returns the rules that failed, or the
// last line that was printed.
func runContract(ctx context.Context, binary string) (seenBy string, err error) {
	reportFile := binary + ".json"
	if err := os.RemoveAll(reportFile); err != nil {
		return "", err
	}
	output, err := newCommand(ctx, binary, "contract", "run", "--report", "json="+reportFile).CombinedOutput()
	if err == nil {
		return "", nil
	}
	var report struct {
		Results []struct{ ID, State string }
	}
	text, readErr := os.ReadFile(reportFile)
	if readErr == nil && json.Unmarshal(text, &report) == nil {
		var rules []string
		for _, res := range report.Results {
			if res.State == "fail" || res.State == "error" {
				rules = append(rules, res.ID)
			}
		}
		if len(rules) > 3 {
			rules = append(rules[:3], fmt.Sprintf("%d more", len(rules)-3))
		}
		if len(rules) > 0 {
			return strings.Join(rules, ", "), err
		}
	}
	return lastLine(output), err
}

// runUnitTests runs the tests of the changed package, then those of unitTests, and sets the verdict if they fail.
func (r *runner) runUnitTests(ctx context.Context, res *result, overlay string) error {
	changed := filepath.Dir(res.file)
	others := slices.DeleteFunc(slices.Clone(r.unitTests), func(dir string) bool { return dir == changed })
	for _, dir := range append([]string{changed}, others...) {
		limit, err := r.unitLimit(ctx, dir)
		if err != nil {
			return err
		}
		output, err := runTests(ctx, dir, limit, "-overlay", overlay)
		if err == nil {
			continue
		}
		res.verdict, res.seenBy = killedByUnit, failedTest(output)
		if strings.Contains(string(output), "panic: test timed out") {
			res.verdict, res.seenBy = timedOut, "unit tests"
		}
		break
	}
	return ctx.Err()
}

// unitLimit returns the limit of the tests of a package, which must pass without a mutation.
func (r *runner) unitLimit(ctx context.Context, dir string) (time.Duration, error) {
	if known, ok := r.unitLimits[dir]; ok {
		return known, nil
	}
	began := time.Now()
	if output, err := runTests(ctx, dir, time.Hour); err != nil {
		return 0, fmt.Errorf("the tests of %s fail without a change, which must be repaired first: %w\n%s", dir,
			err, output)
	}
	r.unitLimits[dir] = limit(time.Since(began))
	return r.unitLimits[dir], nil
}

// runTests runs the short tests of a package, with further flags of go test.
func runTests(ctx context.Context, dir string, limit time.Duration, flags ...string) ([]byte, error) {
	flags = append([]string{"test", "-short", "-count=1", "-vet=off", "-failfast", "-timeout", limit.String()},
		flags...)
	c := newCommand(ctx, "go", append(flags, ".")...)
	c.Dir = dir
	return c.CombinedOutput()
}

// failedTest returns the first test that failed, or the last line.
func failedTest(output []byte) string {
	for line := range strings.Lines(string(output)) {
		if name, ok := strings.CutPrefix(strings.TrimSpace(line), "--- FAIL: "); ok {
			name, _, _ = strings.Cut(name, " ")
			return name
		}
	}
	return lastLine(output)
}

// lastLine returns the last line that is not empty.
func lastLine(output []byte) string {
	lines := strings.Split(strings.TrimSpace(string(output)), "\n")
	return lines[len(lines)-1]
}

// newCommand returns a command that is asked to end, and killed a little later, when ctx ends. It gets no variables that
// name another server, which the contract would test in place of the changed one.
func newCommand(ctx context.Context, name string, args ...string) *exec.Cmd {
	c := exec.CommandContext(ctx, name, args...)
	c.Cancel = func() error { return c.Process.Signal(os.Interrupt) }
	c.WaitDelay = 5 * time.Second
	c.Env = withoutServer(os.Environ())
	return c
}

// withoutServer returns an environment without the variables of connectmock, and those of clients of Connect.
func withoutServer(environ []string) []string {
	return slices.DeleteFunc(environ, func(variable string) bool {
		return strings.HasPrefix(variable, "OP_") || strings.HasPrefix(variable, "CONNECTMOCK_")
	})
}
