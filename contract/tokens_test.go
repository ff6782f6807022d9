package contract

import (
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/internal/report"
	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/connectmock/connectmock/mockserver/control"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// controlOf starts the control API of a mock.
func controlOf(t *testing.T, s *connecttest.Server) *controlapi.Client {
	t.Helper()
	const token = "control-token-of-the-test"
	handler, err := control.New(s.Mock, token, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	listener := httptest.NewServer(handler)
	t.Cleanup(listener.Close)
	return &controlapi.Client{URL: listener.URL, Token: token, HTTP: listener.Client()}
}

// With the control API all rules about tokens run, in the account of the target's
// token, and afterwards all tokens of the run are revoked.
func TestRun_IssuesTokensThroughControl(t *testing.T) {
	s := connecttest.NewServer(t)
	client := controlOf(t, s)
	other, err := client.CreateAccount(t.Context(), controlapi.NewAccount{Name: "other"})
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ token, account string }{
		"the first account": {s.Token, ""},
		"another account":   {other.Token, "other"},
	} {
		t.Run(name, func(t *testing.T) {
			target := Target{URL: s.URL, Token: c.token, Control: client, AllowWrites: true, Vault: "h3kvwphsg7jkstbxmdycavun3c"}
			run := mustRun(t, target, Options{Rules: []string{"scopes/*", "scopes/*/*", "auth/refused-tokens"}})
			if counts := run.Count(); counts[report.Pass] == 0 ||
				counts[report.Pass]+counts[report.Disabled] != len(run.Results) {
				t.Errorf("not all passed: %v", counts)
				for _, x := range run.Results {
					if x.State != report.Pass && x.State != report.Disabled {
						t.Logf("%s: %s %s%s", x.ID, x.State, x.Reason, x.Failure)
					}
				}
			}
			tokens, err := client.ListTokens(t.Context(), c.account)
			if err != nil {
				t.Fatal(err)
			}
			var issued int
			for _, token := range tokens {
				if !strings.HasPrefix(token.Name, "connectmock-contract-") {
					continue
				}
				if issued++; token.State != "revoked" {
					t.Errorf("%s is %s after the run", token.Name, token.State)
				}
			}
			if issued != 6 {
				t.Errorf("%d tokens were issued in the account, want 6", issued)
			}
		})
	}
}

// Run uses the tokens that are given and issues only the others.
func TestRun_UsesTheGivenTokens(t *testing.T) {
	s := connecttest.NewServer(t)
	client := controlOf(t, s)
	target := Target{
		URL: s.URL, Token: s.Token, Control: client, RefusedTokens: []string{"of-another-server"},
		ReaderToken: s.NewToken(t, controlapi.Token{Name: "reader", Permission: "read"}),
	}
	mustRun(t, target, Options{Rules: []string{"scopes/reader-reads", "auth/refused-tokens"}})
	tokens, err := client.ListTokens(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, token := range tokens {
		if name, ok := strings.CutPrefix(token.Name, "connectmock-contract-"); ok {
			names = append(names, name[strings.Index(name, "-"):])
		}
	}
	if got := strings.Join(names, " "); got != "-writer -other" {
		t.Errorf("issued: %s", got)
	}
}

// Run does not use the control API of another server.
func TestRun_DoesNotUseTheControlOfAnotherServer(t *testing.T) {
	s, otherServer := connecttest.NewServer(t), connecttest.NewServer(t)
	client := controlOf(t, otherServer)
	run := mustRun(t, Target{URL: s.URL, Token: s.Token, Control: client},
		Options{Rules: []string{"scopes/reader-reads", "vaults/list"}})
	reason := "the control API at " + client.URL + " belongs to another server than the target"
	if counts := run.Count(); counts[report.Skip] != 1 || counts[report.Pass] != 1 {
		t.Errorf("%v", counts)
	}
	for _, x := range run.Results {
		if x.State == report.Skip && !strings.Contains(x.Reason, reason) {
			t.Errorf("skipped for %q, want %q", x.Reason, reason)
		}
	}
	if len(run.Warnings) == 0 || !strings.Contains(run.Warnings[0], reason) {
		t.Errorf("warnings %v, want %q", run.Warnings, reason)
	}
	tokens, err := client.ListTokens(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	for _, token := range tokens {
		if strings.HasPrefix(token.Name, "connectmock-contract-") {
			t.Errorf("%s was issued on the other server", token.Name)
		}
	}
}

// A control API that refuses its token is an error of the set-up.
func TestRun_RefusesAControlThatCannotBeUsed(t *testing.T) {
	s := connecttest.NewServer(t)
	client := controlOf(t, s)
	client.Token = "not-the-control-token"
	run, err := Run(t.Context(), Target{URL: s.URL, Token: s.Token, Control: client},
		Options{Rules: []string{"vaults/list"}})
	if run != nil || err == nil || !strings.Contains(err.Error(), "the mock's control API can't be used") ||
		strings.Contains(err.Error(), client.Token) {
		t.Errorf("run %v, error %v", run, err)
	}
}

// With writes allowed and no vault named, a run writes only to the mock whose control it was given.
func TestRun_WritesWithoutANamedVaultOnlyToTheMockOfTheControl(t *testing.T) {
	t.Parallel()
	s, another := connecttest.NewServer(t), connecttest.NewServer(t)
	const vault = "h3kvwphsg7jkstbxmdycavun3c"
	for name, c := range map[string]struct {
		server   *connecttest.Server
		vault    string
		onlyMock bool
		want     report.State
	}{
		"its mock":                            {s, "", false, report.Pass},
		"its mock, and only that":             {s, "", true, report.Pass},
		"its mock, with a vault":              {s, vault, true, report.Pass},
		"another server":                      {another, "", false, report.Skip},
		"another server, with a vault":        {another, vault, false, report.Pass},
		"another server, but only its mock":   {another, "", true, report.Skip},
		"another server with a vault, but so": {another, vault, true, report.Skip},
	} {
		target := Target{URL: c.server.URL, Token: c.server.Token, Control: controlOf(t, s), Vault: c.vault, AllowWrites: true,
			OnlyMock: c.onlyMock}
		run := mustRun(t, target, Options{Rules: []string{"items/create-version-1"}})
		if n := run.Count()[c.want]; n != 1 {
			t.Errorf("%s: %s", name, run.Headline())
		}
		if _, err := Sweep(t.Context(), target, Options{}, true); (err == nil) != (c.vault != "" && !c.onlyMock) {
			t.Errorf("%s: sweeping: %v", name, err)
		}
	}
	if err := (&Target{URL: s.URL, Token: s.Token, AllowWrites: true}).Validate(); err == nil {
		t.Error("without a control, no vault need be named")
	}
}
