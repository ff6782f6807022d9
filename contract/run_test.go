package contract

import (
	"cmp"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/connectmock/connectmock/internal/coverage"
	"github.com/connectmock/connectmock/internal/report"
	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/connectmock/connectmock/openapi/connect"
)

// Tests for common mistakes of test suites. Those of secrets in reports are in
// secrets_test.go, those of sweeping in sweep_test.go.

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

// An invalid configuration is an error that says what to do, before any request.
func TestRun_RefusesInvalidConfigurations(t *testing.T) {
	t.Parallel()
	none := Target{URL: "http://127.0.0.1:1", Token: "t"}
	vault := strings.Repeat("a", 26)
	ledger := filepath.Join(t.TempDir(), "ledger")
	writeFile(t, ledger, `{"op":"made","vault":"`+vault+`","item":"`+vault+`"}`+"\n")
	broken := filepath.Join(t.TempDir(), "ledger")
	writeFile(t, broken, "not a ledger\n")
	for name, c := range map[string]struct {
		target  Target
		options Options
		want    string
	}{
		"no URL":          {Target{Token: "t"}, Options{}, "no target"},
		"not a URL":       {Target{URL: "localhost", Token: "t"}, Options{}, "not a base URL"},
		"another scheme":  {Target{URL: "ftp://localhost", Token: "t"}, Options{}, "not a base URL"},
		"v1 in the URL":   {Target{URL: "http://localhost/v1/", Token: "t"}, Options{}, "/v1"},
		"user in the URL": {Target{URL: "http://user:secret-word@localhost", Token: "t"}, Options{}, "user or a password"},
		"no token":        {Target{URL: "http://localhost"}, Options{}, "no token"},
		"writes anywhere": {Target{URL: "http://localhost", Token: "t", AllowWrites: true}, Options{}, "no vault is named"},
		"vault by name":   {Target{URL: "http://localhost", Token: "t", Vault: "Office"}, Options{}, "is not an id"},
		"no such rule":    {none, Options{Rules: []string{"items/no-such-rule"}}, `"items/no-such-rule"`},
		"no such pattern": {none, Options{Rules: []string{"health/*", "nothing/*"}}, `"nothing/*"`},
		"bad pattern":     {none, Options{Rules: []string{"items/["}}, "items/["},
		"no such level":   {none, Options{Levels: []Level{"must"}}, "MUST, SHOULD, OBSERVED"},
		"old ledger":      {none, Options{Ledger: ledger}, "sweep them first"},
		"no ledger":       {none, Options{Ledger: broken}, ":1:"},
	} {
		run, err := Run(t.Context(), c.target, c.options)
		if err == nil || !strings.Contains(err.Error(), c.want) || run != nil {
			t.Errorf("%s: run %v, error %v, want one with %q", name, run, err, c.want)
		}
		if err != nil && strings.Contains(err.Error(), "secret-word") {
			t.Errorf("%s: the error repeats the password: %v", name, err)
		}
	}
}

func writeFile(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// A run that checks no rule has the exit code 3, and each result has a reason.
func TestRun_WithoutCheckedRulesIsEmpty(t *testing.T) {
	readOnly := mockTarget(t)
	readOnly.AllowWrites = false
	writing := findRule(t, func(r Rule) bool { return r.Creates() })
	must := findRule(t, func(r Rule) bool { return r.Level == Must && !r.Creates() })
	for name, c := range map[string]struct {
		options Options
		state   report.State
	}{
		"all skipped":     {Options{Rules: []string{writing.ID}}, report.Skip},
		"no rule chosen":  {Options{Rules: []string{must.ID}, Levels: []Level{Observed}}, report.Disabled},
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
func findRule(t *testing.T, is func(Rule) bool) Rule {
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

// A run deletes the items that it created, whether it is cancelled before or after the
// response to a create or ends at its deadline.
func TestRun_CleansUpWhenInterrupted(t *testing.T) {
	for name, c := range map[string]struct {
		before bool // interrupt before the response to a create
		total  time.Duration
	}{
		"cancelled before the response to a create": {before: true},
		"cancelled after a create":                  {},
		"out of time":                               {total: time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			created, why := 0, "Ctrl-C"
			var run *report.Run
			var target Target
			// On a slow machine the third create may come after the deadline.
			for total := c.total; created < 3; total *= 2 {
				created = 0
				ctx, cancel := context.WithCancelCause(t.Context())
				interrupt := func() {
					if created++; created != 3 {
						return
					}
					if total == 0 {
						cancel(errors.New("somebody pressed Ctrl-C"))
						return
					}
					why = "did not end within"
					<-time.After(total) // longer than the time of the run
				}
				target = wrappedTarget(t, func(next http.Handler) http.Handler { return interrupts(next, c.before, interrupt) })
				timing := longTiming()
				if total > 0 {
					timing.Total = total
				}
				ledger := filepath.Join(t.TempDir(), "ledger")
				var err error
				run, err = Run(ctx, target, Options{Ledger: ledger, Timing: timing, Rules: []string{"items/*", "patch/*"}})
				cancel(nil)
				if err != nil {
					t.Fatal(err)
				}
				if _, err := os.Stat(ledger); !os.IsNotExist(err) {
					t.Errorf("the ledger is still there: %v", err)
				}
				if left := titlesWithPrefix(t, target, tag); len(left) > 0 {
					t.Errorf("%d items are left over: %v", len(left), left)
				}
				if total == 0 && created < 3 {
					t.Fatalf("only %d items were created", created)
				}
			}
			if run.ExitCode() != report.Failed {
				t.Errorf("exit code %d: %v", run.ExitCode(), run.Count())
			}
			if !slices.ContainsFunc(run.Results, func(x report.Result) bool { return strings.Contains(x.Reason, why) }) {
				t.Errorf("no result says why the run ended: %s", why)
			}
		})
	}
}

// interrupts returns a handler that calls a function before or after each create, one
// at a time.
func interrupts(next http.Handler, before bool, interrupt func()) http.Handler {
	var mu sync.Mutex
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost || !strings.HasSuffix(r.URL.Path, "/items") {
			next.ServeHTTP(w, r)
			return
		}
		mu.Lock()
		defer mu.Unlock()
		if before {
			interrupt()
			// As in a network, cancelling a request does not undo it.
			r = r.WithContext(context.WithoutCancel(r.Context()))
		}
		next.ServeHTTP(w, r)
		if !before {
			interrupt()
		}
	})
}

// titlesWithPrefix returns the titles in the vault that begin with prefix.
func titlesWithPrefix(t *testing.T, target Target, prefix string) (list []string) {
	t.Helper()
	for _, it := range listItems(t, target) {
		if strings.HasPrefix(it.Title, prefix) {
			list = append(list, it.Title)
		}
	}
	return list
}

// newTestSession returns a session with the vault of the target.
func newTestSession(t *testing.T, target Target) *session {
	t.Helper()
	r := newTestRun(t, target, longTiming())
	r.info = &targetInfo{vault: connect.Vault{ID: target.Vault}}
	return r.newSession(t.Context())
}

// listItems returns the items of the vault.
func listItems(t *testing.T, target Target) (list []connect.Summary) {
	t.Helper()
	res, err := newTestSession(t, target).try("GetVaultItems")
	if err != nil || res.Status != 200 || res.decode(&list) != nil {
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
			for _, rule := range rules() {
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

// If the server is not a Connect server or can't be used, Run returns an error after one
// request.
func TestRun_RefusesWrongSetUps(t *testing.T) {
	stop := make(chan struct{})
	serve := func(handler http.HandlerFunc) string {
		s := httptest.NewServer(handler)
		t.Cleanup(s.Close)
		return s.URL
	}
	var requests atomic.Int64
	hang := serve(func(_ http.ResponseWriter, r *http.Request) {
		requests.Add(1)
		select {
		case <-stop:
		case <-r.Context().Done():
		}
	})
	stall := serve(func(w http.ResponseWriter, r *http.Request) {
		requests.Add(1)
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte("[{"))
		_ = http.NewResponseController(w).Flush()
		select {
		case <-stop:
		case <-r.Context().Done():
		}
	})
	t.Cleanup(func() { close(stop) })
	mock := mockTarget(t)
	brief := Timing{Request: 100 * time.Millisecond, Within: time.Millisecond}
	for name, c := range map[string]struct {
		url    string
		token  string
		timing Timing
		want   string // in the error
	}{
		"200 to everything": {serve(func(http.ResponseWriter, *http.Request) {}), "", noWaiting(),
			"is not a Connect server: the list of vaults returned 200 and no body"},
		"a web page": {serve(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			fmt.Fprint(w, "<html><body>It works!</body></html>")
		}), "", noWaiting(), "returned 200 and a web page"},
		"a file server": {serve(http.FileServer(http.Dir(t.TempDir())).ServeHTTP), "", noWaiting(),
			"is not a Connect server: the list of vaults returned 404"},
		"a gateway": {
			serve(func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "bad gateway", http.StatusBadGateway) }),
			"", noWaiting(), "is not a Connect server: a gateway or another server returned 502"},
		"a server that is starting": {serve(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusInternalServerError)
			fmt.Fprint(w, `{"status":500,"message":"not yet"}`)
		}), "", noWaiting(), `can't list vaults: it returned 500, "not yet"`},
		"a wrong token": {mock.URL, "", noWaiting(), "refuses the token: it returned 401"},
		"no such vault": {mock.URL, mock.Token, noWaiting(),
			"does not see the vault " + strings.Repeat("a", 26) + "; use the id of one that it sees: " + mock.Vault},
		"hangs": {hang, "", brief,
			"can't be reached: GET /v1/vaults: Get \"" + hang + "/v1/vaults\": no complete response within 100ms"},
		"hangs in a body": {stall, "", brief, "no complete response within 100ms"},
		"the control API": {controlOf(t, connecttest.NewServer(t)).URL, "", noWaiting(),
			"is the control API of a mock; use the address of its Connect API"},
		"closed port":  {"http://127.0.0.1:1", "", noWaiting(), "connection refused"},
		"no such host": {"http://host.invalid", "", noWaiting(), "host.invalid"},
	} {
		t.Run(name, func(t *testing.T) {
			requests.Store(0)
			target := Target{URL: c.url, Token: cmp.Or(c.token, "some-token-or-other"), Vault: strings.Repeat("a", 26),
				AllowWrites: true}
			if c.url == mock.URL {
				target.Client = mock.Client
			}
			run, err := Run(t.Context(), target, Options{Timing: c.timing})
			if run != nil || err == nil || !strings.Contains(err.Error(), c.want) ||
				strings.Contains(err.Error(), "some-token") {
				t.Errorf("run %v, error %v, want one with %q", run, err, c.want)
			}
			if n := requests.Load(); n > 1 {
				t.Errorf("it received %d requests", n)
			}
		})
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

// The result of a rule that panics is an error with the place of the panic.
func TestRun_ReportsRulesThatPanic(t *testing.T) {
	t.Parallel()
	r := newTestRun(t, mockTarget(t), longTiming())
	for name, check := range map[string]func(*session){
		"index":   func(s *session) { _ = s.do("GetVaults").vaults()[99] },
		"pointer": func(*session) { var it *connect.Item; _ = it.ID },
		"panic":   func(*session) { panic("oh") },
	} {
		createAndCheck := func(s *session) { s.create(noteInput()); check(s) }
		result := r.runRule(t.Context(), rule{Rule{ID: "test/" + name, Needs: []Capability{Write}}, createAndCheck})
		if result.State != report.Error || !strings.Contains(result.Reason, "run_test.go:") {
			t.Errorf("%s: %s, %s", name, result.State, result.Reason)
		}
	}
	if n := r.ledger.Remaining(); n != 0 {
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
