package mockserver_test

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"testing"

	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/mockserver"
	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// actorsByToken returns the actor of each token in the activity, by jti. A token
// with two actors is an error.
func (r *testServer) actorsByToken(t testing.TB, options ...requestOption) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, record := range r.activity(t, "?limit=10000", options...).records {
		jti, id := record.Actor.JTI, record.Actor.ID
		if before, known := all[jti]; known && before != id {
			t.Errorf("the token %s has the actors %s and %s", jti, before, id)
		}
		all[jti] = id
	}
	return all
}

// writeAndReadActor writes with a token and returns the actor in the activity and the
// token's id. The editor of the item must be the same.
func (r *testServer) writeAndReadActor(t testing.TB, options ...requestOption) (actor, jti string) {
	t.Helper()
	vaults := r.vaults(t, options...)
	path := "/v1/vaults/" + vaults[0].ID + "/items"
	created := decode[connect.Item](t, r.send(t, "POST", path, `{"title":"mine","category":"SECURE_NOTE"}`, options...))
	edited := decode[connect.Item](t, r.send(t, "PATCH", path+"/"+created.ID,
		`[{"op":"replace","path":"/title","value":"still mine"}]`, options...))
	newest := r.activity(t, "?limit=1", options...).records[0].Actor
	if created.LastEditedBy != newest.ID || edited.LastEditedBy != newest.ID {
		t.Errorf("%s acted, the item was edited by %s and %s", newest.ID, created.LastEditedBy, edited.LastEditedBy)
	}
	r.actorsByToken(t, options...)
	return newest.ID, newest.JTI
}

func TestActor_IsTheSameForAllTokensOfAnAccount(t *testing.T) {
	t.Parallel()
	generated := func(c *mockserver.Config) {
		c.Generate = &fixtures.Options{Seed: 7, Vaults: 2, Items: 20, History: 500}
	}
	for name, config := range map[string]func(*mockserver.Config){
		"the demo fixture":    func(*mockserver.Config) {},
		"a generated account": generated,
		"seeded":              func(c *mockserver.Config) { c.Seed = 7 },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, store := range []string{"", filepath.Join(t.TempDir(), "store.db")} {
				start := func(c *mockserver.Config) {
					config(c)
					c.Store, c.Tokens = store, map[string]string{"plain": "a-plain-token"}
				}
				var first map[string]string
				for round := range 2 { // in memory another server with the same account
					started, err := connecttest.Start(connecttest.WithConfig(start))
					must(t, err)
					s := &testServer{started, started.Client}
					actor, jti := s.writeAndReadActor(t)
					plain, _ := s.writeAndReadActor(t, token("a-plain-token"))
					issued, _ := s.writeAndReadActor(t, token(s.NewToken(t, controlapi.Token{Name: fmt.Sprint("issued ", round)})))
					if plain != actor || issued != actor {
						t.Errorf("actors of one account are %s, %s and %s", actor, plain, issued)
					}
					all := s.actorsByToken(t)
					if all[jti] != actor || len(all) < 3 {
						t.Errorf("the log knows %d tokens, and %s for %s", len(all), all[jti], actor)
					}
					if round > 0 && first[jti] != actor {
						t.Errorf("after a restart %s acts, before it %s", actor, first[jti])
					}
					first = all
					if err := started.Close(); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
}

const (
	fixtureUser = "WENDYAPPLESEED000000000001"
	tokenUser   = "AUTOMATION0000000000000001"
)

// usersFixture returns a fixture with a token of another user beside the account's.
func usersFixture(t testing.TB, user string) *fixtures.Fixture {
	t.Helper()
	w := &fixtures.Fixture{Accounts: []fixtures.Account{{
		Name: "users", User: user, History: 300,
		Tokens: []fixtures.Token{{Name: "main"}, {Name: "robot", User: tokenUser, Value: "robot-token-of-" + user}},
		Vaults: []fixtures.Vault{{Name: "Home", Items: []fixtures.Item{{Title: "Mail", Category: "LOGIN"}}}},
	}}}
	must(t, w.Complete())
	return w
}

func TestActor_IsTheUserOfTheFixture(t *testing.T) {
	t.Parallel()
	w := usersFixture(t, fixtureUser)
	s := newServer(t, connecttest.WithFixture(w))
	if actor, _ := s.writeAndReadActor(t); actor != fixtureUser {
		t.Errorf("main acts as %s, want %s", actor, fixtureUser)
	}
	if actor, _ := s.writeAndReadActor(t, token("robot-token-of-"+fixtureUser)); actor != tokenUser {
		t.Errorf("robot acts as %s, want %s", actor, tokenUser)
	}
	who := slices.Sorted(maps.Values(s.actorsByToken(t)))
	if len(who) != 2 || who[0] != tokenUser || who[1] != fixtureUser {
		t.Errorf("the log names %q", who)
	}
	v := w.Accounts[0].Vaults[0]
	if by := s.item(t, "/v1/vaults/"+v.ID+"/items/"+v.Items[0].ID).LastEditedBy; by != fixtureUser {
		t.Errorf("the item of the fixture was edited by %s", by)
	}
}

func TestActor_StaysTheSameWhenAFixtureIsLoaded(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ user, want string }{
		"that names its user": {fixtureUser, fixtureUser},
		"that names none":     {"", ""},
	} {
		for _, add := range []bool{false, true} {
			shared := newServer(t, connecttest.WithoutSocket())
			s, account := shared.newAccount(t)
			before, jti := s.writeAndReadActor(t)
			w := usersFixture(t, tt.user)
			if add {
				w.Accounts[0].Tokens = w.Accounts[0].Tokens[1:] // the account has main already
			}
			if _, err := s.Mock.LoadFixture(t.Context(), account.ID, w, add); err != nil {
				t.Fatal(err)
			}
			list, err := s.Mock.ListTokens(t.Context(), account.ID)
			must(t, err)
			if !add && (list[0].Name != "main" || list[0].Value != account.Token) { // another vault adds a claim
				t.Errorf("after a fixture %s the first token is %s, or has another value", name, list[0].Name)
			}
			after, same := s.writeAndReadActor(t)
			want := tt.want
			if add || want == "" {
				want = before
			}
			if after != want || same != jti {
				t.Errorf("after a fixture %s (added %t) the token %s acts as %s, want %s as %s", name, add, same, after, jti, want)
			}
			if robot, _ := s.writeAndReadActor(t, token("robot-token-of-"+tt.user)); robot != tokenUser {
				t.Errorf("robot acts as %s, want %s", robot, tokenUser)
			}
		}
	}
}
