package contract

import (
	"encoding/xml"
	"fmt"
	"net/http"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/connectmock/connectmock/contract/internal/call"
	"github.com/connectmock/connectmock/contract/internal/check"
	"github.com/connectmock/connectmock/contract/internal/rules"
	"github.com/connectmock/connectmock/contract/rule"
	"github.com/connectmock/connectmock/internal/coverage"
	"github.com/connectmock/connectmock/internal/report"
	"github.com/connectmock/connectmock/openapi/connect"
)

// mustRun runs the rules. Without a timing it uses longTiming.
func mustRun(t *testing.T, target Target, o Options) *report.Run {
	t.Helper()
	if o.Timing == (Timing{}) {
		o.Timing = longTiming()
	}
	run, err := Run(t.Context(), target, o)
	if err != nil {
		t.Fatal(err)
	}
	return run
}

// A run that checks no rule has the exit code 3, and each result has a reason.
func TestRun_WithoutCheckedRulesIsEmpty(t *testing.T) {
	readOnly := mockTarget(t)
	readOnly.AllowWrites = false
	writing := findRule(t, func(r rule.Rule) bool { return r.Creates() })
	must := findRule(t, func(r rule.Rule) bool { return r.Level == rule.Must && !r.Creates() })
	for name, c := range map[string]struct {
		options Options
		state   report.State
	}{
		"all skipped":     {Options{Rules: []string{writing.ID}}, report.Skip},
		"no rule chosen":  {Options{Rules: []string{must.ID}, Levels: []rule.Level{rule.Observed}}, report.Disabled},
		"chosen and able": {Options{Rules: []string{must.ID}}, report.Pass},
	} {
		run := mustRun(t, readOnly, c.options)
		code := report.Empty
		if c.state == report.Pass {
			code = report.Kept
		}
		if run.ExitCode() != code {
			t.Errorf("%s: exit code %d, want %d: %v", name, run.ExitCode(), code, run.Count())
		}
		if run.Count()[c.state] == 0 || len(run.Results) != len(Rules()) {
			t.Errorf("%s: %d results of %d rules, %v", name, len(run.Results), len(Rules()), run.Count())
		}
		for _, x := range run.Results {
			if x.State != report.Pass && x.Reason == "" {
				t.Errorf("%s: %s is %s without a reason", name, x.ID, x.State)
			}
		}
	}
}

// findRule returns the first rule that is returns true for.
func findRule(t *testing.T, is func(rule.Rule) bool) rule.Rule {
	t.Helper()
	i := slices.IndexFunc(Rules(), is)
	if i < 0 {
		t.Fatal("no rule found")
	}
	return Rules()[i]
}

// In JUnit, skipped rules are skipped with their reason, not passed.
func TestJUnit_HasReasonsOfSkippedRules(t *testing.T) {
	target := mockTarget(t)
	target.AllowWrites, target.ReaderToken = false, ""
	run := mustRun(t, target, Options{})
	var out strings.Builder
	if err := report.JUnit(&out, run); err != nil {
		t.Fatal(err)
	}
	var read struct {
		Skipped int `xml:"skipped,attr"`
		Suites  []struct {
			Cases []struct {
				Skipped *struct {
					Message string `xml:"message,attr"`
					Text    string `xml:",chardata"`
				} `xml:"skipped"`
			} `xml:"testcase"`
		} `xml:"testsuite"`
	}
	if err := xml.Unmarshal([]byte(out.String()), &read); err != nil {
		t.Fatal(err)
	}
	reasons := map[string]int{}
	for _, s := range read.Suites {
		for _, c := range s.Cases {
			if c.Skipped != nil {
				reasons[c.Skipped.Message+c.Skipped.Text]++
			}
		}
	}
	want := run.Count()[report.Skip] + run.Count()[report.Disabled]
	if want == 0 || read.Skipped != want {
		t.Errorf("%d skipped in JUnit, %d in the run", read.Skipped, want)
	}
	all := fmt.Sprint(reasons)
	for _, reason := range []string{"writes are not allowed", "no read-only token was given"} {
		if !strings.Contains(all, reason) {
			t.Errorf("JUnit does not say %q, but %s", reason, all)
		}
	}
}

// newTestSession returns a session with the vault of the target.
func newTestSession(t *testing.T, target Target) *check.Session {
	t.Helper()
	r := newTestRun(t, target, longTiming())
	r.Server.Vault.ID = target.Vault
	return r.NewSession(t.Context())
}

// listItems returns the items of the vault.
func listItems(t *testing.T, target Target) (list []connect.Summary) {
	t.Helper()
	res, err := newTestSession(t, target).Try("GetVaultItems")
	if err != nil || res.Status != 200 || res.Decode(&list) != nil {
		t.Fatalf("the items can't be listed: %v %v", res, err)
	}
	return list
}

// Two runs at the same time on one vault do not affect each other.
func TestRun_TwiceAtTheSameTimeOnOneVault(t *testing.T) {
	target := mockTarget(t)
	before := len(listItems(t, target))
	var wait sync.WaitGroup
	for range 2 {
		r := newTestRun(t, target, longTiming())
		wait.Go(func() {
			for _, rule := range rules.All() {
				if result := r.runRule(t.Context(), rule); result.State != report.Pass && result.State != report.Skip {
					t.Errorf("%s: %s %s%s", result.ID, result.State, result.Failure, result.Reason)
				}
			}
		})
	}
	wait.Wait()
	if after := len(listItems(t, target)); after != before {
		t.Errorf("%d items before, %d after", before, after)
	}
}

// The base URL may have a path, behind which the operations of the document are found.
func TestRun_AcceptsABaseURLWithAPath(t *testing.T) {
	t.Parallel()
	target := wrappedTarget(t, func(next http.Handler) http.Handler { return http.StripPrefix("/connect", next) })
	target.URL += "/connect/"
	run := mustRun(t, target, Options{Rules: []string{"vaults/list", "items/read-as-listed"}})
	if run.Count()[report.Pass] != 2 {
		t.Errorf("%v", run.Problems())
	}
	counted := func(row coverage.Row) bool {
		return row.Operation == "GetVaults" && row.Status == "200" && row.Matches > 0
	}
	if !slices.ContainsFunc(run.Coverage, counted) {
		t.Errorf("GetVaults is not in the coverage: %v", run.Coverage)
	}
}

// What a run finds out first uses more operations than the selected rules.
func TestRun_WarnsOnlyAboutOperationsOfSelectedRules(t *testing.T) {
	t.Parallel()
	target := wrappedTarget(t, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if strings.Count(r.URL.Path, "/") == 3 { // one vault
				http.Error(w, "broken", http.StatusInternalServerError)
				return
			}
			next.ServeHTTP(w, r)
		})
	})
	warning := func(w string) bool { return strings.Contains(w, "GetVaultById never returned 2xx") }
	for pattern, want := range map[string]bool{"health/version-header": false, "vaults/*": true} {
		run := mustRun(t, target, Options{Rules: []string{pattern}})
		if slices.ContainsFunc(run.Warnings, warning) != want {
			t.Errorf("%s: warnings %q", pattern, run.Warnings)
		}
	}
}

// The result of a rule that panics is an error with the place of the panic.
func TestRun_ReportsRulesThatPanic(t *testing.T) {
	t.Parallel()
	r := newTestRun(t, mockTarget(t), longTiming())
	for name, crash := range map[string]func(*check.Session){
		"index":   func(s *check.Session) { _ = s.Do("GetVaults").Vaults()[99] },
		"pointer": func(*check.Session) { var it *connect.Item; _ = it.ID },
		"panic":   func(*check.Session) { panic("oh") },
	} {
		createAndCheck := func(s *check.Session) { s.Create(call.Note()); crash(s) }
		result := r.runRule(t.Context(), check.Rule{Rule: rule.Rule{ID: "test/" + name, Needs: []rule.Capability{rule.Write}}, Check: createAndCheck})
		if result.State != report.Error || !strings.Contains(result.Reason, "run_test.go:") {
			t.Errorf("%s: %s, %s", name, result.State, result.Reason)
		}
	}
	if n := r.Ledger.Remaining(); n != 0 {
		t.Errorf("%d items are left over", n)
	}
}

// The package imports neither the mock nor the fixtures nor the mutants.
func TestContract_ImportsNoServer(t *testing.T) {
	t.Parallel()
	for _, pkg := range []string{".", "../internal/mutants"} {
		out, err := exec.Command("go", "list", "-deps", pkg).Output()
		if err != nil {
			t.Fatalf("go list: %v", err)
		}
		for _, path := range strings.Fields(string(out)) {
			inModule := strings.HasPrefix(path, "github.com/connectmock/connectmock/")
			if inModule &&
				(strings.Contains(path, "/mockserver") || strings.Contains(path, "/fixtures") ||
					pkg == "." && strings.Contains(path, "/mutants")) {
				t.Errorf("%s imports %s", pkg, path)
			}
		}
	}
}
