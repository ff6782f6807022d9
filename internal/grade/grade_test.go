package grade

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/connectmock/connectmock/internal/mutants"
	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/google/go-cmp/cmp"
)

// client is a client of a server without a listener, with what its tests check.
type client struct {
	server http.Handler
	token  string
	failed bool
}

// get sends a request and returns the status and the body.
func (c *client) get(path string) (int, string) {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Header.Set("Authorization", "Bearer "+c.token)
	w := httptest.NewRecorder()
	c.server.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

// check fails the tests unless ok.
func (c *client) check(ok bool) { c.failed = c.failed || !ok }

// newTests returns tests of a client on a mock. Runs at the same time have a mock each.
func newTests(t *testing.T, body func(c *client)) Tests {
	t.Helper()
	var mocks sync.Pool
	start := func() any { return connecttest.NewServer(t, connecttest.WithoutSocket(), connecttest.WithSeed(7)) }
	mocks.Put(start())
	return func(ctx context.Context, wrap func(http.Handler) http.Handler) (Outcome, error) {
		s, ok := mocks.Get().(*connecttest.Server)
		if !ok {
			s = start().(*connecttest.Server)
		}
		defer mocks.Put(s)
		if err := s.Mock.Reset(context.Background(), controlapi.Reset{}); err != nil {
			return Outcome{}, err
		}
		c := &client{server: wrap(s.Mock), token: s.Token}
		body(c)
		return Outcome{Passed: !c.failed, Ended: "exit code 1"}, ctx.Err()
	}
}

// named returns the mutants with these ids.
func named(t *testing.T, ids ...string) (list []mutants.Mutant) {
	t.Helper()
	for _, id := range ids {
		n := len(list)
		for _, m := range mutants.All() {
			if m.ID() == id {
				list = append(list, m)
			}
		}
		if len(list) == n {
			t.Fatalf("there is no mutant %s", id)
		}
	}
	return list
}

// states returns the state of each mutant, by id.
func states(r *Report) map[string]State {
	all := map[string]State{}
	for _, x := range r.Results {
		all[x.Mutant.ID()] = x.State
	}
	return all
}

// thin tests that there is a vault, and that the heartbeat comes.
func thin(c *client) {
	status, body := c.get("/v1/vaults")
	c.check(status == http.StatusOK && strings.Contains(body, "Deployments"))
	_, _ = c.get("/heartbeat")
}

func TestRun_FindsTheGapsOfThinTests(t *testing.T) {
	t.Parallel()
	want := map[string]State{
		"body/vault-list-cut":             Noticed,
		"header/methods-unknown-are-500":  NotReached,
		"body/vault-list-repeats":         Accepted,
		"body/vault-list-in-object":       Accepted,
		"body/snake-case-vaults":          Accepted,
		"body/undeclared-vault-member":    Accepted,
		"version/content-version-stuck":   Accepted,
		"header/version-header-missing":   Accepted,
		"health/heartbeat-answers-204":    Accepted,
		"health/heartbeat-needs-token":    NotTriggered,
		"status/no-match-answers-404":     NotTriggered,
		"error/error-is-html":             NotTriggered,
		"auth/unauthorized-is-500":        NotTriggered,
		"auth/accepts-any-token":          NotTriggered,
		"filter/vault-filter-ignored":     NotTriggered,
		"scope/scope-ignored-by-reads":    NotTriggered,
		"status/create-answers-201":       NotReached,
		"body/list-cut-at-ten":            NotReached,
		"status/unknown-item-answers-500": NotReached,
		"file/file-is-empty":              NotReached,
		"patch/patch-changes-nothing":     NotReached,
		"activity/log-is-empty":           NotReached,
	}
	for _, parallel := range []int{1, 4} {
		report, err := Run(t.Context(), newTests(t, thin), Options{Mutants: mutants.All(), Parallel: parallel})
		if err != nil {
			t.Fatal(err)
		}
		got := states(report)
		for id, state := range want {
			if got[id] != state {
				t.Errorf("%s: %s, want %s", id, got[id], state)
			}
		}
		if report.Requests != 2 || !cmp.Equal(report.Operations, []string{"GetHeartbeat", "GetVaults"}) {
			t.Errorf("%d requests of %q", report.Requests, report.Operations)
		}
		if report.ExitCode() != Enough || report.Ended != "" || report.Count()[NotRun] > 0 {
			t.Errorf("exit code %d, ended: %q, %v", report.ExitCode(), report.Ended, report.Count())
		}
	}
}

func TestRun_FindsNoGapOfThoroughTests(t *testing.T) {
	t.Parallel()
	thorough := func(c *client) {
		status, body := c.get("/heartbeat")
		c.check(status == http.StatusOK && body == ".")
		status, body = c.get("/v1/vaults/" + strings.Repeat("a", 26))
		c.check(status == http.StatusForbidden && strings.Contains(body, `"status":403`) &&
			strings.Contains(body, "Authorization"))
		c.token = "invalid"
		status, body = c.get("/v1/vaults")
		c.check(status == http.StatusUnauthorized && strings.Contains(body, "Invalid bearer token"))
	}
	list := named(t, "health/heartbeat-says-pong", "health/heartbeat-has-line-end", "health/heartbeat-is-json",
		"health/heartbeat-answers-204", "status/unknown-vault-answers-404", "error/error-is-html",
		"error/error-without-status", "error/denied-text", "scope/denied-is-401", "auth/unauthorized-is-403",
		"auth/unauthorized-text", "auth/unauthorized-redirects", "auth/unauthorized-without-body")
	report, err := Run(t.Context(), newTests(t, thorough), Options{Mutants: list})
	if err != nil {
		t.Fatal(err)
	}
	report.AtLeast = 100
	for _, x := range report.Results {
		if x.State != Noticed {
			t.Errorf("%s: %s, %s", x.Mutant.ID(), x.State, x.Reason)
		}
	}
	if report.ExitCode() != Enough || report.Percent() != 100 {
		t.Errorf("exit code %d, %g%%", report.ExitCode(), report.Percent())
	}
}

func TestRun_RefusesTestsThatDoNotPass(t *testing.T) {
	t.Parallel()
	heartbeat := func(c *client) { c.get("/heartbeat") }
	failing := func(c *client) { c.check(false) }
	for _, tt := range []struct {
		name   string
		bodies []func(*client) // of the runs
		want   error
	}{
		{"failing", []func(*client){failing}, &FailedError{"exit code 1", false}},
		{"failing when repeated", []func(*client){heartbeat, failing}, &FailedError{"exit code 1", true}},
		{"without requests", []func(*client){func(*client) {}}, ErrNoRequests},
		{"without requests when repeated", []func(*client){heartbeat, func(*client) {}}, ErrCached},
	} {
		runs := 0
		tests := newTests(t, func(c *client) { runs++; tt.bodies[runs-1](c) })
		report, err := Run(t.Context(), tests, Options{Mutants: named(t, "health/heartbeat-says-pong")})
		if report != nil || err == nil || err.Error() != tt.want.Error() {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
	}
}

func TestRun_EndsTestsThatHang(t *testing.T) {
	t.Parallel()
	correct := newTests(t, func(c *client) { c.get("/heartbeat") })
	runs := 0
	hanging := func(ctx context.Context, wrap func(http.Handler) http.Handler) (Outcome, error) {
		if runs++; runs <= 2 {
			return correct(ctx, wrap)
		}
		<-ctx.Done()
		return Outcome{Ended: "exit code 137"}, nil
	}
	report, err := Run(t.Context(), hanging, Options{Mutants: named(t, "health/heartbeat-says-pong"), Limit: 1})
	if err != nil {
		t.Fatal(err)
	}
	if x := report.Results[0]; x.State != Noticed || !strings.Contains(x.Reason, "did not end within") {
		t.Errorf("%s: %s", x.State, x.Reason)
	}
}

// The run ends by its budget or its context. What was not run, or was cut off, counts as
// neither noticed nor accepted.
func TestRun_CountsOnlyWhatWasRun(t *testing.T) {
	t.Parallel()
	list := named(t, "health/heartbeat-says-pong", "health/heartbeat-is-json", "health/heartbeat-needs-token")
	correct := newTests(t, func(c *client) { c.get("/heartbeat") })
	stopped := errors.New("signal interrupt")
	for _, budget := range []bool{true, false} {
		ctx, cancel := context.WithCancelCause(t.Context())
		defer cancel(nil)
		o := Options{Mutants: list}
		want := stopped.Error()
		if budget {
			o.Budget, want = 1, "the budget of 1ns ended"
		}
		runs := 0
		tests := func(ctx context.Context, wrap func(http.Handler) http.Handler) (Outcome, error) {
			if runs++; runs <= 2 {
				return correct(ctx, wrap)
			}
			cancel(stopped)
			<-ctx.Done()
			return Outcome{Ended: "exit code 137"}, nil
		}
		report, err := Run(ctx, tests, o)
		if err != nil {
			t.Fatal(err)
		}
		got := states(report)
		if got[list[0].ID()] != NotRun || got[list[1].ID()] != NotRun || got[list[2].ID()] != NotTriggered {
			t.Errorf("budget %v: %v", budget, got)
		}
		if report.Ended != want {
			t.Errorf("ended: %q, want %q", report.Ended, want)
		}
		for _, x := range report.Results {
			if x.Reason == "" {
				t.Errorf("%s: %s without a reason", x.Mutant.ID(), x.State)
			}
		}
	}
}

func TestRun_DoesNotCountCachedResults(t *testing.T) {
	t.Parallel()
	var runs atomic.Int64
	tests := newTests(t, func(c *client) {
		if runs.Add(1) <= 2 {
			c.get("/heartbeat")
		}
	})
	report, err := Run(t.Context(), tests, Options{Mutants: named(t, "health/heartbeat-says-pong")})
	if err != nil {
		t.Fatal(err)
	}
	if x := report.Results[0]; x.State != NotRun || !strings.Contains(x.Reason, "cache") {
		t.Errorf("%s: %s", x.State, x.Reason)
	}
	if report.ExitCode() != Empty {
		t.Errorf("exit code %d", report.ExitCode())
	}
}

func TestRun_EndsWhenTestsCanNotBeRun(t *testing.T) {
	t.Parallel()
	correct := newTests(t, func(c *client) { c.get("/heartbeat") })
	broken := errors.New("no such command")
	runs := 0
	tests := func(ctx context.Context, wrap func(http.Handler) http.Handler) (Outcome, error) {
		if runs++; runs <= 2 {
			return correct(ctx, wrap)
		}
		return Outcome{}, broken
	}
	list := named(t, "health/heartbeat-says-pong", "health/heartbeat-is-json")
	report, err := Run(t.Context(), tests, Options{Mutants: list})
	if !errors.Is(err, broken) || report.Count()[NotRun] != 2 {
		t.Errorf("%v, %v", err, states(report))
	}
}

func TestRunOrder_TakesTheKindsInTurn(t *testing.T) {
	t.Parallel()
	var results []Result
	for _, id := range []string{"status/put-answers-201", "status/put-answers-204", "body/list-cut-at-ten"} {
		results = append(results, Result{Mutant: named(t, id)[0], State: NotRun})
	}
	results = append(results, Result{Mutant: named(t, "file/file-cut")[0], State: NotReached})
	if got := runOrder(results); !cmp.Equal(got, []int{0, 2, 1}) {
		t.Errorf("%v", got)
	}
}
