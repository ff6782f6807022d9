package contract

import (
	"maps"
	"net/http"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/connectmock/connectmock/contract/internal/rules"
	"github.com/connectmock/connectmock/contract/rule"
	"github.com/connectmock/connectmock/internal/report"
	"github.com/connectmock/connectmock/mockserver"
	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/google/go-cmp/cmp"
)

// TestVersions_BreakOnlyTheListedRules runs all rules against a mock of each version that
// differs from the one before. A rule that fails must be listed by a change of the
// version, and a listed rule must fail.
func TestVersions_BreakOnlyTheListedRules(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the contract against every version")
	}
	t.Parallel()
	for _, version := range distinctVersions() {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			results := runVersion(t, version, mockserver.VersionQuirks(version)["key-case"] == "snake")
			var listed []string
			for _, change := range mockserver.VersionChanges() {
				if change.Quirk == "" || !change.Holds(version) {
					continue
				}
				for _, pattern := range change.Breaks {
					listed = append(listed, pattern)
					failed := func(r report.Result) bool { return r.State == report.Fail && isMatch(t, pattern, r.ID) }
					if !slices.ContainsFunc(results, failed) {
						t.Errorf("the change %s lists %s, but no such rule fails", change.Quirk, pattern)
					}
				}
			}
			for _, r := range results {
				isListed := func(pattern string) bool { return isMatch(t, pattern, r.ID) }
				if isPassed(r) || r.State == report.Fail && slices.ContainsFunc(listed, isListed) {
					continue
				}
				t.Errorf("%s %s, which no change of the version lists: %s%s", r.ID, r.State, r.Failure, r.Reason)
			}
		})
	}
}

// A server of an older version keeps everything that its version promised: no rule fails, and only the rules with an
// exception for the version are left out.
func TestVersions_KeepWhatTheyPromised(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the contract against every version")
	}
	t.Parallel()
	for _, version := range distinctVersions() {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			now := func() time.Time { return time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC) }
			target := versionTarget(t, version, now)
			run := mustRun(t, target, Options{Timing: noWaiting(), Now: now, AgainstVersion: version})
			disabled := 0
			for i, rule := range Rules() {
				result, reason := run.Results[i], rule.NotPromised(version)
				if reason != "" {
					disabled++
				}
				if (result.State == report.Disabled) != (reason != "") || !isPassed(result) && reason == "" {
					t.Errorf("%s %s: %s%s", result.ID, result.State, result.Failure, result.Reason)
				}
			}
			if run.ExitCode() != report.Kept || disabled > len(run.Results)/4 {
				t.Errorf("exit code %d: %s: %q", run.ExitCode(), run.Headline(), run.Problems())
			}
		})
	}
}

// The exceptions of the rules are the changes of the mock that break rules.
func TestVersionExceptions_MatchTheMock(t *testing.T) {
	t.Parallel()
	type change struct {
		From, Before string
		Rules        []string
	}
	var mock, rules []change
	for _, c := range mockserver.VersionChanges() {
		if len(c.Breaks) > 0 {
			mock = append(mock, change{c.From, c.Before, c.Breaks})
		}
		if c.Value == "snake" && !(hasSnakeKeys(c.From) && !hasSnakeKeys(c.Before)) {
			t.Errorf("keys are in snake_case %s, which the suite does not know", c.Versions())
		}
	}
	for _, x := range rule.VersionExceptions() {
		rules = append(rules, change{x.From, x.Before, x.Rules})
		if x.About == "" {
			t.Errorf("the exception %s of %v does not say what such a version does", x, x.Rules)
		}
	}
	if diff := cmp.Diff(mock, rules); diff != "" {
		t.Errorf("changes of the mock, and exceptions of the rules (-mock +rules):\n%s", diff)
	}
}

// A run against an old server says how to hold it to its version; one against another version says that too.
func TestRun_WarnsAboutTheVersion(t *testing.T) {
	t.Parallel()
	target := mockTarget(t, connecttest.WithConnectVersion("1.5.4"))
	for name, c := range map[string]struct {
		against string
		want    string
	}{
		"none":    {"", "1 rules fail that Connect 1.5.4 may not promise; --against-version 1.5.4 holds it to what it does"},
		"another": {"1.5.5", "the server says that it is Connect 1.5.4, and was held to what 1.5.5 promises"},
		"its own": {"1.5.4", ""},
	} {
		run := mustRun(t, target, Options{
			Rules: []string{"files/details", "health/state"}, AgainstVersion: c.against, Timing: noWaiting(),
		})
		found := slices.ContainsFunc(run.Warnings, func(w string) bool { return strings.Contains(w, "Connect 1.5.4") })
		if c.want != "" && !slices.Contains(run.Warnings, c.want) || c.want == "" && found {
			t.Errorf("%s: warnings %q", name, run.Warnings)
		}
	}
}

func TestOptions_RefuseVersionsThatAreNot(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"1.5", "v1.5.4", "newest", "1.5.4.1", "1.5.x"} {
		if err := (Options{AgainstVersion: version}).Validate(); err == nil {
			t.Errorf("%s is accepted", version)
		}
	}
}

// The rules fail on snake_case keys. The test above converts them to camelCase, to test
// what else such a version does.
func TestVersions_SnakeCaseKeysBreakTheContract(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the contract against one more version")
	}
	t.Parallel()
	failed := 0
	for _, r := range runVersion(t, "1.5.2", false) {
		switch {
		case r.State == report.Error:
			t.Errorf("%s: %s", r.ID, r.Reason)
		case r.State == report.Fail:
			failed++
		}
	}
	if failed < len(Rules())/4 {
		t.Errorf("only %d of %d rules fail on snake_case keys", failed, len(Rules()))
	}
}

// versionTarget returns a mock of a version with its control, so that no rule lacks a token or an account.
func versionTarget(t *testing.T, version string, now func() time.Time) Target {
	t.Helper()
	s := connecttest.NewServer(t, connecttest.WithoutSocket(), connecttest.WithClock(now), connecttest.WithSeed(11),
		connecttest.WithConnectVersion(version))
	return Target{
		Name: "mock", URL: s.URL, Token: s.Token, Client: &http.Client{Transport: s.Transport}, AllowWrites: true,
		Vault: "h3kvwphsg7jkstbxmdycavun3c", Control: controlOf(t, s),
	}
}

// distinctVersions returns the oldest known version of each set of switches.
func distinctVersions() (list []string) {
	var last map[string]string
	for i, version := range mockserver.KnownVersions() {
		on := mockserver.VersionQuirks(version)
		if i == 0 || !maps.Equal(on, last) {
			list = append(list, version)
		}
		last = on
	}
	return list
}

// runVersion runs all rules against a mock of a version. If camel is set, it converts
// snake_case keys to camelCase and back.
func runVersion(t *testing.T, version string, camel bool) (results []report.Result) {
	t.Helper()
	now := func() time.Time { return time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC) }
	target := versionTarget(t, version, now)
	if camel {
		target.Client = &http.Client{Transport: snakeKeys{target.Client.Transport}}
	}
	options := Options{Timing: noWaiting(), Now: now}
	document, err := documentOf(version)
	if err != nil {
		t.Fatal(err)
	}
	options.Document = document
	r, err := newRun(target, options)
	if err != nil {
		t.Fatal(err)
	}
	for _, rule := range rules.All() {
		results = append(results, r.runRule(t.Context(), rule))
	}
	return results
}

// isPassed reports whether a result is a pass, or a skip because the version or a mock
// in the process lacks something.
func isPassed(r report.Result) bool {
	return r.State == report.Pass || r.State == report.Skip
}

// isMatch reports whether a pattern matches the id of a rule.
func isMatch(t *testing.T, pattern, id string) bool {
	t.Helper()
	ok, err := path.Match(pattern, id)
	if err != nil {
		t.Errorf("pattern %q: %v", pattern, err)
	}
	return ok
}
