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

func TestFirstTokenIsThereWhateverTheWorldNamesItsTokens(t *testing.T) {
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
			if err := w.Complete(); err != nil {
				t.Fatal(err)
			}
			s := open(t, connecttest.WithWorld(w))
			s.get(t, "/v1/vaults").ok(t)
			again, err := s.Mock.FirstToken(t.Context())
			if err != nil || again != s.Token {
				t.Errorf("asked again the first token is another one (error %v)", err)
			}
		})
	}
}

func TestPlainTokensOfTheConfiguration(t *testing.T) {
	t.Parallel()
	plain := func(tokens map[string]string) connecttest.Option {
		return connecttest.WithConfig(func(c *mockserver.Config) { c.Tokens = tokens })
	}
	s, d := open(t, plain(map[string]string{"ci": "ci-value", "main": "main-value"})), demo(t)
	for _, value := range []string{"ci-value", "main-value", s.Token} {
		made := as[connect.Item](t, s.send(t, "POST", "/v1/vaults/"+d.vault("Office")+"/items", `{"title":"t","category":"LOGIN"}`, token(value)))
		s.send(t, "DELETE", "/v1/vaults/"+d.vault("Office")+"/items/"+made.ID, nil, token(value)).is(t, 204)
	}
	s.get(t, "/v1/vaults", token("ci-valu")).refused(t, connect.InvalidToken())
	for _, bad := range []string{"", " ", " x", "x\n"} {
		if _, err := mockserver.New(mockserver.Config{Tokens: map[string]string{"ci": bad}}); err == nil || !strings.Contains(err.Error(), "ci") {
			t.Errorf("value %q: error %v", bad, err)
		}
	}
}

// A value with a blank inside can't be sent: the server must say so when it
// starts, not 401 ever after.
func TestPlainTokensThatCannotBeSent(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"can ary", "can\tary", "can\nary", "canäry", "canary\x00"} {
		s, err := mockserver.New(mockserver.Config{Tokens: map[string]string{"ci": bad}})
		if err == nil {
			t.Errorf("value %q is taken", bad)
			_ = s.Close()
			continue
		}
		if strings.Contains(err.Error(), bad) {
			t.Errorf("the error shows the value: %v", err)
		}
	}
}

func TestPlainTokenTakesThePlaceOfOneOfItsName(t *testing.T) {
	t.Parallel()
	s := open(t, connecttest.WithConfig(func(c *mockserver.Config) { c.Tokens = map[string]string{"plain": "new-value"} }))
	s.get(t, "/v1/vaults", token("new-value")).ok(t)
	s.get(t, "/v1/vaults", token("connectmock-demo-token")).refused(t, connect.InvalidToken())
}

func TestTokensThatCannotBeMade(t *testing.T) {
	t.Parallel()
	s := open(t)
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
	if err := s.Mock.WithdrawToken(t.Context(), "", "nobody"); err == nil || !strings.Contains(err.Error(), "read-only") {
		t.Errorf("revoking an unknown token: %v", err)
	}
	// A revoked name is free again.
	if err := s.Mock.WithdrawToken(t.Context(), "", "read-only"); err != nil {
		t.Fatal(err)
	}
	s.get(t, "/v1/vaults", token(s.NewToken(t, controlapi.Token{Name: "read-only"}))).ok(t)
}

// Another process may issue and revoke tokens of a file that is served.
func TestTokenBookBesideAServer(t *testing.T) {
	t.Parallel()
	file := t.TempDir() + "/mock.db"
	s := open(t, connecttest.WithConfig(func(c *mockserver.Config) { c.Store = file }))
	book, closeBook, err := mockserver.OpenTokenBook(t.Context(), file, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer closeBook()
	made, err := book.IssueToken(t.Context(), controlapi.Token{Name: "beside", Permission: "read"})
	if err != nil {
		t.Fatal(err)
	}
	s.get(t, "/v1/vaults", token(made.Value)).ok(t)
	if err := book.WithdrawToken(t.Context(), "", "beside"); err != nil {
		t.Fatal(err)
	}
	deadline := time.Now().Add(10 * time.Second)
	for s.get(t, "/v1/vaults", token(made.Value)).status == 200 {
		if time.Now().After(deadline) {
			t.Fatal("ten seconds after it was revoked by another process the token is still good")
		}
		time.Sleep(10 * time.Millisecond)
	}
}
