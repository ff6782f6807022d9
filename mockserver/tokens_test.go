package mockserver_test

import (
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
				t.Errorf("the first token changed (error %v)", err)
			}
		})
	}
}

// withPlainTokens adds plain tokens by name to the configuration.
func withPlainTokens(tokens map[string]string) connecttest.Option {
	return connecttest.WithConfig(func(c *mockserver.Config) { c.Tokens = tokens })
}

func TestTokens_PlainOfTheConfiguration(t *testing.T) {
	t.Parallel()
	s := newServer(t, withPlainTokens(map[string]string{"ci": "ci-value", "main": "main-value", "plain": "new-value"}))
	items := demo(t).items("Office")
	for _, value := range []string{"ci-value", "main-value", s.Token} {
		r := s.send(t, "POST", items, `{"title":"t","category":"LOGIN"}`, token(value))
		s.send(t, "DELETE", items+"/"+decode[connect.Item](t, r).ID, nil, token(value)).wantStatus(t, 204)
	}
	s.get(t, "/v1/vaults", token("ci-valu")).wantError(t, connect.InvalidToken())
	// A token of the configuration replaces that of the fixture with the same name.
	s.get(t, "/v1/vaults", token("new-value")).wantOK(t)
	s.get(t, "/v1/vaults", token("connectmock-demo-token")).wantError(t, connect.InvalidToken())
}

// A value with a blank cannot be sent in a header. The server must refuse it at the
// start, not with 401 for each request.
func TestTokens_PlainMustBeValidInAHeader(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{
		"", " ", " x", "x\n", "can ary", "can\tary", "can\nary", "canäry", "canary\x00",
	} {
		s, err := mockserver.New(t.Context(), mockserver.Config{Tokens: map[string]string{"ci": bad}})
		if err == nil {
			t.Errorf("value %q is accepted", bad)
			_ = s.Close()
			continue
		}
		if !strings.Contains(err.Error(), "ci") || len(bad) > 2 && strings.Contains(err.Error(), bad) {
			t.Errorf("value %q: the error must name the token and not show the value: %v", bad, err)
		}
	}
}

func TestIssueToken_RefusesInvalidTokens(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	for _, test := range []struct {
		spec   controlapi.Token
		status int
		text   string
	}{
		{controlapi.Token{}, 400, "needs a name"},
		{controlapi.Token{Name: "read-only"}, 409, "already"},
		{controlapi.Token{Name: "a", Account: "nobody"}, 404, "no account"},
		{controlapi.Token{Name: "a", Vaults: map[string]string{"Nowhere": "read"}}, 400, `no vault "Nowhere"`},
		{controlapi.Token{Name: "a", Permission: "all"}, 400, `unknown permission "all"`},
		{controlapi.Token{Name: "a", Vaults: map[string]string{"Office": "rw"}}, 400, `unknown permission "rw"`},
		{controlapi.Token{Name: "a", Value: "v"}, 400, "value"},
		{controlapi.Token{Name: "a", ID: noVault}, 400, "id"},
		{controlapi.Token{Name: "a", State: "revoked"}, 400, "state"},
		{controlapi.Token{Name: "a", ExpiresAt: time.Now(), ExpiresIn: 1}, 400, "expires"},
		{controlapi.Token{Name: "a", Vaults: map[string]string{noVault: "read"}}, 400, noVault},
	} {
		_, err := s.Mock.IssueToken(t.Context(), test.spec)
		wantControlError(t, err, test.status, test.text)
	}
	wantControlError(t, s.Mock.RevokeToken(t.Context(), "", "nobody"), 404, "read-only")
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
	created := s.issueToken(t, controlapi.Token{Name: "t", ExpiresIn: controlapi.Duration(time.Hour)})
	its := token(created.Value)
	change := func(account, name string, c controlapi.TokenChange) controlapi.Token {
		t.Helper()
		changed, err := s.Mock.ChangeToken(t.Context(), account, name, c)
		must(t, err)
		if changed.Value != created.Value || changed.ID != created.ID {
			t.Error("the change changed the value or the id")
		}
		return changed
	}
	s.get(t, office, its).wantOK(t)
	none, read := "", "read"
	change("", "t", controlapi.TokenChange{Permission: &none, Vaults: map[string]string{"Deployments": "read"}})
	s.get(t, office, its).wantError(t, connect.VaultDenied(d.vault("Office")))
	s.get(t, deployments, its).wantOK(t)
	s.send(t, "POST", deployments+"/items", `{"title":"t","category":"LOGIN"}`, its).wantStatus(t, 403)

	change("demo", created.ID, controlapi.TokenChange{Permission: &read})
	s.get(t, office, its).wantOK(t)
	got := change("", "t", controlapi.TokenChange{Vaults: map[string]string{}})
	if got.Permission != "read" || len(got.Vaults) != 0 || got.State != "active" || !got.ExpiresAt.Equal(created.ExpiresAt) {
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
	for _, refused := range []struct {
		account, token string
		change         controlapi.TokenChange
		status         int
		text           string
	}{
		{"", "nobody", controlapi.TokenChange{}, 404, "nobody"},
		{"nobody", "t", controlapi.TokenChange{}, 404, "nobody"},
		{"", "t", controlapi.TokenChange{Permission: &all}, 400, "all"},
		{"", "t", controlapi.TokenChange{Vaults: map[string]string{"Nowhere": "read"}}, 400, "Nowhere"},
		{"", "revoked", controlapi.TokenChange{ExpiresAt: &late}, 404, "revoked"},
	} {
		_, err := s.Mock.ChangeToken(t.Context(), refused.account, refused.token, refused.change)
		wantControlError(t, err, refused.status, refused.text)
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
	_, err := s.Mock.ChangeToken(t.Context(), "two", "t", controlapi.TokenChange{Permission: &none})
	must(t, err)
	for account, want := range map[string]int{"one": 1, "two": 0} {
		if list := s.vaults(t, token(values[account])); len(list) != want {
			t.Errorf("%s sees %v", account, list)
		}
	}
	must(t, s.Mock.RevokeToken(t.Context(), "two", "t"))
	s.get(t, "/v1/vaults", token(values["one"])).wantOK(t)
	s.get(t, "/v1/vaults", token(values["two"])).wantError(t, connect.InvalidToken())
	if _, err := s.Mock.ListTokens(t.Context(), "three"); err == nil {
		t.Error("an unknown account has tokens")
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
	created, err := book.IssueToken(t.Context(), controlapi.Token{Name: "beside", Permission: "read"})
	must(t, err)
	s.get(t, "/v1/vaults", token(created.Value)).wantOK(t)
	must(t, book.RevokeToken(t.Context(), "", "beside"))
	deadline := time.Now().Add(5 * time.Minute)
	for s.get(t, "/v1/vaults", token(created.Value)).status == 200 {
		if time.Now().After(deadline) {
			t.Fatal("the token is valid minutes after another process revoked it")
		}
		time.Sleep(10 * time.Millisecond)
	}
}
