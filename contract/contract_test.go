package contract

import (
	"context"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/connectmock/connectmock/contract/rule"
	"github.com/connectmock/connectmock/internal/report"
	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/google/go-cmp/cmp"
	"github.com/onsi/ginkgo/v2"
)

// TestContract runs the rules in Ginkgo. Without OP_CONNECT_HOST and
// OP_CONNECT_TOKEN the target is a mock in this process.
func TestContract(t *testing.T) {
	if target := targetFromEnvironment(); target.URL != "" {
		Register(&target)
	} else {
		newTestRun(t, mockTarget(t), longTiming()).register(context.Background())
	}
	ginkgo.RunSpecs(t, "1Password Connect contract")
}

// targetFromEnvironment returns the target of the environment variables, without a URL
// if there is none.
func targetFromEnvironment() Target {
	if os.Getenv("OP_CONNECT_TOKEN") == "" {
		return Target{}
	}
	t := Target{
		URL: os.Getenv("OP_CONNECT_HOST"), Token: os.Getenv("OP_CONNECT_TOKEN"),
		Vault: os.Getenv("OP_VAULT"), AllowWrites: os.Getenv("CONNECTMOCK_ALLOW_WRITES") == "true",
	}
	if token := os.Getenv("CONNECTMOCK_CONTROL_TOKEN"); token != "" {
		t.Control = &controlapi.Client{URL: os.Getenv("CONNECTMOCK_CONTROL"), Token: token}
	}
	return t
}

// longTiming is a timing that no slow machine exceeds, for servers that show a write at
// once.
func longTiming() Timing {
	return Timing{Request: 5 * time.Minute, Within: 5 * time.Minute, Every: 20 * time.Millisecond, Total: time.Hour}
}

// newTestRun returns a run that has not sent a request yet.
func newTestRun(t *testing.T, target Target, timing Timing) *run {
	t.Helper()
	r, err := newRun(target, Options{Timing: timing})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// mockTarget returns a mock with every capability except Control.
func mockTarget(t *testing.T, options ...connecttest.Option) Target {
	t.Helper()
	return mockTargetWithClock(t, time.Now, options...)
}

// mockTargetWithClock returns a mockTarget with a clock.
func mockTargetWithClock(t *testing.T, now func() time.Time, options ...connecttest.Option) Target {
	t.Helper()
	var moved atomic.Int64
	clock := func() time.Time { return now().Add(time.Duration(moved.Load())) }
	s := connecttest.NewServer(t,
		append([]connecttest.Option{connecttest.WithoutSocket(), connecttest.WithClock(clock)}, options...)...)
	return Target{
		Name: "mock", advanceClock: func(d time.Duration) { moved.Add(int64(d)) }, URL: s.URL, Token: s.Token, Client: &http.Client{Transport: s.Transport}, AllowWrites: true,
		Vault:       "h3kvwphsg7jkstbxmdycavun3c",
		ReaderToken: s.NewToken(t, controlapi.Token{Name: "contract-reader", Permission: "read"}),
		WriterToken: s.NewToken(t, controlapi.Token{Name: "contract-writer", Permission: "write"}),
		RefusedTokens: []string{
			s.NewToken(t, controlapi.Token{Name: "contract-expired", ExpiresAt: now().Add(-time.Hour)}),
			newRevokedToken(t, s),
			s.NewToken(t, controlapi.Token{Name: "contract-future", NotBefore: now().Add(time.Hour)}),
		},
		OtherToken: s.NewToken(t,
			controlapi.Token{Name: "contract-other", Vaults: map[string]string{"Office": "read-write"}}),
	}
}

// newRevokedToken returns a token that was revoked.
func newRevokedToken(t *testing.T, s *connecttest.Server) string {
	t.Helper()
	value := s.NewToken(t, controlapi.Token{Name: "contract-revoked"})
	if err := s.Mock.RevokeToken(t.Context(), "", "contract-revoked"); err != nil {
		t.Fatal(err)
	}
	return value
}

// Without a seed the rules run in the order of Rules, with a seed in a different order
// that is the same each time.
func TestRun_RunsRulesInOrder(t *testing.T) {
	t.Parallel()
	target, patterns := mockTarget(t), []string{"health/*", "vaults/*", "order/*"}
	order := func(seed int64) (ids []string) {
		var lines strings.Builder
		mustRun(t, target, Options{Rules: patterns, Seed: seed, Parallel: 1, Progress: &lines})
		for line := range strings.Lines(lines.String()) {
			if words := strings.Fields(line); len(words) > 1 && words[0] != string(report.Disabled) {
				ids = append(ids, strings.TrimSuffix(words[1], ":"))
			}
		}
		return ids
	}
	var want []string
	for _, r := range Rules() {
		if slices.ContainsFunc(patterns, func(p string) bool { return rule.Matches(p, r.ID) }) {
			want = append(want, r.ID)
		}
	}
	if diff := cmp.Diff(want, order(0)); diff != "" {
		t.Errorf("the rules ran in a different order than in Rules (-want +got):\n%s", diff)
	}
	shuffled := order(7)
	if slices.Equal(shuffled, want) || !slices.Equal(shuffled, order(7)) {
		t.Error("a seed does not shuffle the rules, or not the same way each time")
	}
}
