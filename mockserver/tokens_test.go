package mockserver_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/mockserver"
	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

func TestFirstToken_ExistsWithAnyTokensOfTheFixture(t *testing.T) {
	t.Parallel()
	for name, tokens := range map[string][]fixtures.Token{
		"none":               nil,
		"main can only read": {{Name: "main", Permission: "read"}},
		"main is plain":      {{Name: "main", Value: "plain"}},
		"main is expired":    {{Name: "main", ExpiresAt: time.Unix(1, 0)}},
		"main is revoked":    {{Name: "main", Revoked: true}},
		"main 2 is plain":    {{Name: "main", Value: "a"}, {Name: "main 2", Value: "b"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := fixtures.Demo()
			w.Accounts[0].Tokens = tokens
			must(t, w.Complete())
			s := newServer(t, connecttest.WithFixture(w))
			s.get(t, "/v1/vaults").wantOK(t)
			again, err := s.Mock.FirstToken(t.Context())
			if err != nil || again != s.Token {
				t.Errorf("asked again the first token is another one (error %v)", err)
			}
		})
	}
}

func TestTokens_PlainOfTheConfiguration(t *testing.T) {
	t.Parallel()
	plain := func(tokens map[string]string) connecttest.Option {
		return connecttest.WithConfig(func(c *mockserver.Config) { c.Tokens = tokens })
	}
	s, d := newServer(t, plain(map[string]string{"ci": "ci-value", "main": "main-value"})), demo(t)
	for _, value := range []string{"ci-value", "main-value", s.Token} {
		made := decode[connect.Item](t, s.send(t, "POST", d.items("Office"),
			`{"title":"t","category":"LOGIN"}`, token(value)))
		s.send(t, "DELETE", d.items("Office")+"/"+made.ID, nil, token(value)).wantStatus(t, 204)
	}
	s.get(t, "/v1/vaults", token("ci-valu")).wantError(t, connect.InvalidToken())
	for _, bad := range []string{"", " ", " x", "x\n"} {
		if _, err := mockserver.New(t.Context(), mockserver.Config{Tokens: map[string]string{"ci": bad}}); err == nil ||
			!strings.Contains(err.Error(), "ci") {
			t.Errorf("value %q: error %v", bad, err)
		}
	}
}

// A value with a blank cannot be sent in a header. The server must refuse it at the
// start, not with 401 for each request.
func TestTokens_PlainMustBeValidInAHeader(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"can ary", "can\tary", "can\nary", "canäry", "canary\x00"} {
		s, err := mockserver.New(t.Context(), mockserver.Config{Tokens: map[string]string{"ci": bad}})
		if err == nil {
			t.Errorf("value %q is accepted", bad)
			_ = s.Close()
			continue
		}
		if strings.Contains(err.Error(), bad) {
			t.Errorf("the error shows the value: %v", err)
		}
	}
}

func TestTokens_PlainReplacesOneOfTheSameName(t *testing.T) {
	t.Parallel()
	s := newServer(t, connecttest.WithConfig(func(c *mockserver.Config) { c.Tokens = map[string]string{"plain": "new-value"} }))
	s.get(t, "/v1/vaults", token("new-value")).wantOK(t)
	s.get(t, "/v1/vaults", token("connectmock-demo-token")).wantError(t, connect.InvalidToken())
}

func TestIssueToken_RefusesInvalidTokens(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	for want, spec := range map[string]controlapi.Token{
		"needs a name":               {},
		"already":                    {Name: "read-only"},
		"no account":                 {Name: "a", Account: "nobody"},
		"no vault \"Nowhere\"":       {Name: "a", Vaults: map[string]string{"Nowhere": "read"}},
		"unknown permission \"all\"": {Name: "a", Permission: "all"},
		"unknown permission \"rw\"":  {Name: "a", Vaults: map[string]string{"Office": "rw"}},
	} {
		if _, err := s.Mock.IssueToken(t.Context(), spec); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: error %v, must say %s", spec, err, want)
		}
	}
	for name, spec := range map[string]controlapi.Token{
		"value":            {Name: "a", Value: "v"},
		"id":               {Name: "a", ID: noVault},
		"state":            {Name: "a", State: "revoked"},
		"both ends":        {Name: "a", ExpiresAt: time.Now(), ExpiresIn: 1},
		"unknown account":  {Name: "a", Account: "nobody"},
		"unknown vault id": {Name: "a", Vaults: map[string]string{noVault: "read"}},
	} {
		var refusal *controlapi.Error
		if _, err := s.Mock.IssueToken(t.Context(), spec); !errors.As(err, &refusal) || refusal.Status < 400 ||
			refusal.Status > 404 {
			t.Errorf("%s: error %v", name, err)
		}
	}
	if err := s.Mock.RevokeToken(t.Context(), "", "nobody"); err == nil || !strings.Contains(err.Error(), "read-only") {
		t.Errorf("revoking an unknown token: %v", err)
	}
	// The name of a revoked token can be used again.
	must(t, s.Mock.RevokeToken(t.Context(), "", "read-only"))
	s.get(t, "/v1/vaults", token(s.NewToken(t, controlapi.Token{Name: "read-only"}))).wantOK(t)
}

// The permissions of a token change, and clients keep its value.
func TestChangeToken_KeepsTheValue(t *testing.T) {
	t.Parallel()
	now := newClock()
	s, d := newServer(t, connecttest.WithClock(now.Now)), demo(t)
	office, deployments := "/v1/vaults/"+d.vault("Office"), "/v1/vaults/"+d.vault("Deployments")
	made := s.issueToken(t, controlapi.Token{Name: "t", ExpiresIn: controlapi.Duration(time.Hour)})
	its := token(made.Value)
	change := func(account, name string, c controlapi.TokenChange) controlapi.Token {
		t.Helper()
		changed, err := s.Mock.ChangeToken(t.Context(), account, name, c)
		must(t, err)
		if changed.Value != made.Value || changed.ID != made.ID {
			t.Error("the change made another value")
		}
		return changed
	}
	s.get(t, office, its).wantOK(t)
	none, read := "", "read"
	change("", "t", controlapi.TokenChange{Permission: &none, Vaults: map[string]string{"Deployments": "read"}})
	s.get(t, office, its).wantError(t, connect.VaultDenied(d.vault("Office")))
	s.get(t, deployments, its).wantOK(t)
	s.send(t, "POST", deployments+"/items", `{"title":"t","category":"LOGIN"}`, its).wantStatus(t, 403)

	change("demo", made.ID, controlapi.TokenChange{Permission: &read})
	s.get(t, office, its).wantOK(t)
	got := change("", "t", controlapi.TokenChange{Vaults: map[string]string{}})
	if got.Permission != "read" || len(got.Vaults) != 0 || got.State != "active" || !got.ExpiresAt.Equal(made.ExpiresAt) {
		t.Errorf("the token is %+v", got)
	}
	// The expiry can be set earlier and later.
	soon, late := now.Now().Add(time.Minute), now.Now().Add(24*time.Hour)
	change("", "t", controlapi.TokenChange{ExpiresAt: &soon})
	now.advance(time.Minute)
	s.get(t, office, its).wantError(t, connect.InvalidToken())
	change("", "t", controlapi.TokenChange{ExpiresAt: &late})
	now.advance(2 * time.Hour)
	s.get(t, office, its).wantOK(t)
	change("", "t", controlapi.TokenChange{ExpiresAt: &time.Time{}})
	now.advance(1000 * time.Hour)
	s.get(t, office, its).wantOK(t)

	all := "all"
	for name, refused := range map[string]struct {
		account, token string
		change         controlapi.TokenChange
	}{
		"no such token":      {"", "nobody", controlapi.TokenChange{}},
		"no such account":    {"nobody", "t", controlapi.TokenChange{}},
		"no such permission": {"", "t", controlapi.TokenChange{Permission: &all}},
		"no such vault":      {"", "t", controlapi.TokenChange{Vaults: map[string]string{"Nowhere": "read"}}},
		"revoked already":    {"", "revoked", controlapi.TokenChange{ExpiresAt: &late}},
	} {
		var refusal *controlapi.Error
		if _, err := s.Mock.ChangeToken(t.Context(), refused.account, refused.token,
			refused.change); !errors.As(err, &refusal) {
			t.Errorf("%s: error %v", name, err)
		}
	}
	s.get(t, office, its).wantOK(t)
}

// Two accounts can have tokens of the same name.
func TestTokens_BelongToAnAccount(t *testing.T) {
	t.Parallel()
	s := newServer(t, connecttest.WithFixture(twoAccounts(t)))
	values := map[string]string{}
	for _, account := range []string{"one", "two"} {
		list, err := s.Mock.ListTokens(t.Context(), account)
		if err != nil || len(list) != 1 || list[0].Name != "t" {
			t.Fatalf("%s: %+v, error %v", account, list, err)
		}
		values[account] = list[0].Value
	}
	none := ""
	if _, err := s.Mock.ChangeToken(t.Context(), "two", "t", controlapi.TokenChange{Permission: &none}); err != nil {
		t.Fatal(err)
	}
	for account, want := range map[string]int{"one": 1, "two": 0} {
		if list := s.vaults(t, token(values[account])); len(list) != want {
			t.Errorf("%s sees %v", account, list)
		}
	}
	must(t, s.Mock.RevokeToken(t.Context(), "two", "t"))
	s.get(t, "/v1/vaults", token(values["one"])).wantOK(t)
	s.get(t, "/v1/vaults", token(values["two"])).wantError(t, connect.InvalidToken())
	if _, err := s.Mock.ListTokens(t.Context(), "three"); err == nil {
		t.Error("an account that isn't there has tokens")
	}
}

// Another process can issue and revoke tokens in the file of a server.
func TestTokenBook_WorksBesideAServer(t *testing.T) {
	t.Parallel()
	file := t.TempDir() + "/mock.db"
	s := newServer(t, withStore(file))
	book, err := mockserver.OpenTokenBook(t.Context(), file, time.Now)
	must(t, err)
	defer book.Close()
	made, err := book.IssueToken(t.Context(), controlapi.Token{Name: "beside", Permission: "read"})
	must(t, err)
	s.get(t, "/v1/vaults", token(made.Value)).wantOK(t)
	must(t, book.RevokeToken(t.Context(), "", "beside"))
	deadline := time.Now().Add(5 * time.Minute)
	for s.get(t, "/v1/vaults", token(made.Value)).status == 200 {
		if time.Now().After(deadline) {
			t.Fatal("minutes after it was revoked by another process the token is still good")
		}
		time.Sleep(10 * time.Millisecond)
	}
}
