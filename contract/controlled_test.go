package contract

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/connectmock/connectmock/internal/mutants"
	"github.com/connectmock/connectmock/internal/report"
	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// The rules that need the control of a mock pass on it and fail on a mock with the
// mistakes that only they can see. Each of them deletes its account.
func TestRun_SeesMistakesThroughControl(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		rules []string
		front func(token string) middleware
		state report.State
	}{
		"a correct server": {
			[]string{"files/known-content", "isolation/accounts", "auth/revoked-after-use"}, nil, report.Pass},
		"empty files of size 0": {[]string{"files/known-content"},
			mutantsInFront("file-is-empty", "file-sizes-are-zero"), report.Fail},
		"a damaged file":                {[]string{"files/known-content"}, mutantsInFront("file-byte-damaged"), report.Fail},
		"a damaged inline file":         {[]string{"files/known-content"}, mutantsInFront("inline-damaged"), report.Fail},
		"a filter across accounts":      {[]string{"isolation/accounts"}, useTokenIf(" or "), report.Fail},
		"a tag filter across accounts":  {[]string{"isolation/accounts"}, useTokenIf("tag eq"), report.Fail},
		"an item read across accounts":  {[]string{"isolation/accounts"}, useTokenIf(""), report.Fail},
		"filters with and, of accounts": {[]string{"isolation/accounts"}, useTokenIf(" and "), report.Fail},
		"a revoked token":               {[]string{"auth/revoked-after-use"}, rememberTokens, report.Fail},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := connecttest.NewServer(t)
			client := controlOf(t, s)
			target := Target{URL: s.URL, Token: s.Token, Control: client, AllowWrites: true,
				Vault: "h3kvwphsg7jkstbxmdycavun3c", Client: &http.Client{Transport: http.DefaultTransport}}
			if c.front != nil {
				target = behindMiddleware(target, c.front(s.Token))
			}
			run := mustRun(t, target, Options{Rules: c.rules, Timing: noWaiting()})
			for _, x := range run.Results {
				if slices.Contains(c.rules, x.ID) && x.State != c.state {
					t.Errorf("%s: %s, want %s: %s%s", x.ID, x.State, c.state, x.Reason, x.Failure)
				}
			}
			accounts, err := client.Accounts(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if len(accounts) != 1 {
				t.Errorf("%d accounts after the run, want 1", len(accounts))
			}
		})
	}
}

// mutantsInFront returns a middleware of several mutants.
func mutantsInFront(names ...string) func(string) middleware {
	return func(string) middleware {
		return func(next http.Handler) http.Handler {
			for _, m := range mutants.All() {
				if slices.Contains(names, m.Name) {
					next = mutants.Wrap(next, m)
				}
			}
			return next
		}
	}
}

// useTokenIf returns a middleware that reads with the first account's token if the
// filter has a part; an empty part means a request for an item.
func useTokenIf(part string) func(string) middleware {
	return func(token string) middleware {
		return func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				isItem := part == "" && mutants.Operation(r) == "GetVaultItemById"
				if isItem || part != "" && strings.Contains(r.URL.Query().Get("filter"), part) {
					r.Header.Set("Authorization", "Bearer "+token)
				}
				next.ServeHTTP(w, r)
			})
		}
	}
}

// rememberTokens returns a middleware that accepts a token that it has accepted before.
func rememberTokens(token string) middleware {
	return func(next http.Handler) http.Handler {
		var accepted sync.Map
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			sent := r.Header.Get("Authorization")
			if _, known := accepted.Load(sent); known {
				r.Header.Set("Authorization", "Bearer "+token)
			}
			res := httptest.NewRecorder()
			next.ServeHTTP(res, r)
			if res.Code == http.StatusOK {
				accepted.Store(sent, true)
			}
			for name, values := range res.Header() {
				w.Header()[name] = values
			}
			w.WriteHeader(res.Code)
			_, _ = w.Write(res.Body.Bytes()) // from memory to memory
		})
	}
}

// A run that moves the clock of a mock sets it back.
func TestRun_RestoresTheClock(t *testing.T) {
	t.Parallel()
	s := connecttest.NewServer(t)
	client := controlOf(t, s)
	target := Target{URL: s.URL, Token: s.Token, Control: client, AllowWrites: true, Vault: "h3kvwphsg7jkstbxmdycavun3c"}
	accounts, err := client.Accounts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	id, frozen := accounts[0].ID, true
	for name, change := range map[string]controlapi.ClockChange{
		"no clock of its own": {Real: true},
		"a stopped clock":     {Frozen: &frozen},
		"a clock in advance":  {Real: true, Advance: controlapi.Duration(time.Hour)},
	} {
		before, err := client.SetClock(t.Context(), id, change)
		if err != nil {
			t.Fatal(err)
		}
		run := mustRun(t, target, Options{Rules: []string{"vaults/updated-at-moves"}})
		if run.Count()[report.Pass] != 1 {
			t.Errorf("%s: %v", name, run.Count())
		}
		after, err := client.Clock(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		if after.Frozen != before.Frozen || after.Own != before.Own || before.Frozen && !after.Now.Equal(before.Now) ||
			!before.Frozen && after.Offset != before.Offset {
			t.Errorf("%s: %+v after the run, want %+v", name, after, before)
		}
	}
}
