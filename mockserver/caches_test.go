package mockserver_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/mockserver"
	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/openapi/controlapi"
	"pgregory.net/rapid"
)

// serverGroup is servers that differ in the size of their caches: none, little,
// much. Each step is done to all of them, and the results must be the same.
type serverGroup struct {
	servers []*testServer
	clock   *fakeClock
}

// newServerGroup starts servers in memory or on files. Quirks are those that change
// what the caches hold.
func newServerGroup(t *testing.T, onFile bool, quirks ...connecttest.Option) serverGroup {
	g := serverGroup{clock: newClock()}
	for _, size := range []int64{-1, 1 << 16, 1 << 20} {
		path := mockserver.MemoryStore
		if onFile {
			path = filepath.Join(t.TempDir(), "mock.db")
		}
		options := append(quirks[:len(quirks):len(quirks)], withoutHistory(), connecttest.WithClock(g.clock.Now),
			connecttest.WithSeed(7), connecttest.WithoutSocket(),
			connecttest.WithConfig(func(c *mockserver.Config) { c.Store, c.CacheSize = path, size }))
		g.servers = append(g.servers, newServer(t, options...).withoutCheck())
	}
	return g
}

// TestCaches_EqualTheStore expects that servers with and without caches respond the
// same, whatever happens to an account.
func TestCaches_EqualTheStore(t *testing.T) {
	t.Parallel()
	groups := map[string]serverGroup{
		"memory": newServerGroup(t, false),
		"file":   newServerGroup(t, true),
		"quirks": newServerGroup(t, false,
			connecttest.WithQuirk("empty-members", "arrays"), connecttest.WithQuirk("item-title-match", "sensitive")),
	}
	d := demo(t)
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom([]string{"memory", "file", "quirks"}).Draw(t, "servers")
		r := &cacheRun{T: t, serverGroup: groups[kind], vaults: []string{d.vault("Office"), d.vault("Deployments")}}
		r.run()
	})
}

// cacheRun is a sequence of random steps in an account of its own.
type cacheRun struct {
	*rapid.T
	serverGroup
	account string
	tokens  []requestOption // of the account, and one that may read the first vault only
	vaults  []string
	ids     map[string][]string // of items, by vault
	saved   int                 // snapshots
}

func (r *cacheRun) run() {
	ctx := context.Background()
	var main, one string
	r.each(func(s *mockserver.Server) error {
		created, err := s.CreateAccount(ctx, controlapi.NewAccount{})
		r.account, main = created.ID, created.Token
		return err
	})
	defer r.each(func(s *mockserver.Server) error { return s.DeleteAccount(ctx, r.account) })
	r.each(func(s *mockserver.Server) error {
		scope := map[string]string{r.vaults[0]: "read"}
		issued, err := s.IssueToken(ctx, controlapi.Token{Account: r.account, Name: "one", Vaults: scope})
		one = issued.Value
		return err
	})
	defer r.each(func(s *mockserver.Server) error { return s.ResetFaults(ctx, "") })
	r.tokens, r.ids = []requestOption{token(main), token(one)}, map[string][]string{}
	for _, v := range r.vaults {
		for _, it := range decode[[]connect.Summary](r, r.send("GET", "/v1/vaults/"+v+"/items", "", r.tokens[0])) {
			r.ids[v] = append(r.ids[v], it.ID)
		}
	}
	steps := []func(){
		r.post, r.post, r.patch, r.patch, r.put, r.delete, r.save, r.restore, r.reset, r.loadFixture, r.advance,
		r.addLag, r.stopSync, r.resetFaults, r.changeToken, r.advanceAccount,
	}
	for range rapid.IntRange(1, 8).Draw(r.T, "steps") {
		steps[r.number("step", 0, len(steps)-1)]()
		for range r.number("reads", 1, 4) {
			r.read()
		}
	}
}

// each calls the control API of each server. The errors must be the same, and of
// that API.
func (r *cacheRun) each(do func(*mockserver.Server) error) {
	var first error
	for i, s := range r.servers {
		err := do(s.Mock)
		if i == 0 {
			first = err
		}
		var refused *controlapi.Error
		if err != nil && !errors.As(err, &refused) || fmt.Sprint(err) != fmt.Sprint(first) {
			r.Fatalf("server %d: error %v, the first has %v", i, err, first)
		}
	}
}

// send sends a request to each server. The responses must be the same.
func (r *cacheRun) send(method, path, body string, options ...requestOption) response {
	var content any
	if body != "" {
		content = body
	}
	var first response
	for i, s := range r.servers {
		a := s.send(r, method, path, content, options...)
		if i == 0 {
			first = a
		}
		if a.status != first.status || string(a.body) != string(first.body) ||
			fmt.Sprint(a.header) != fmt.Sprint(first.header) {
			r.Fatalf("%s: server %d: %d %s\nthe first: %d %s", a.request, i, a.status, a.body, first.status, first.body)
		}
	}
	return first
}

func (r *cacheRun) pick(what string, from ...string) string {
	return rapid.SampledFrom(from).Draw(r.T, what)
}

func (r *cacheRun) number(what string, from, to int) int {
	return rapid.IntRange(from, to).Draw(r.T, what)
}

// place picks a vault and returns it with the path of its items.
func (r *cacheRun) place() (vault, items string) {
	vault = r.pick("vault", r.vaults...)
	return vault, "/v1/vaults/" + vault + "/items"
}

// itemPath picks an item, or one that does not exist.
func (r *cacheRun) itemPath() (vault, path string) {
	vault, items := r.place()
	return vault, items + "/" + r.pick("item", append(r.ids[vault], noItem)...)
}

func (r *cacheRun) title() string { return r.pick("title", "same", "Same", "another") }

func (r *cacheRun) read() {
	_, items := r.place()
	_, item := r.itemPath()
	query := r.pick("query", "", "?filter=title+eq+%22same%22", "?filter=title+eq+%22SAME%22",
		"?filter=title+co+%22a%22", "?filter=tag+eq+%22a%22", "?filter=title+eq+%22same%22+or+tag+eq+%22a%22",
		"?filter=title", "?x=1")
	ofVaults := r.pick("query of vaults", "?filter=name+eq+%22office%22", "?filter=title+co+%22e%22")
	path := r.pick("read", "/v1/vaults", "/v1/vaults"+ofVaults, items[:len(items)-len("/items")],
		items+query, items+query, item)
	r.send("GET", path, "", rapid.SampledFrom(r.tokens).Draw(r.T, "token"))
}

func (r *cacheRun) post() {
	vault, items := r.place()
	a := r.send("POST", items, `{"title":"`+r.title()+`","category":"LOGIN","tags":["a"],"vault":{"id":"`+vault+`"},`+
		`"fields":[{"id":"code","type":"OTP","value":"GEZDGNBVGY3TQOJQ"}]}`, r.tokens[0])
	if a.status == 200 {
		r.ids[vault] = append(r.ids[vault], decode[connect.Item](r, a).ID)
	}
}

func (r *cacheRun) patch() {
	_, path := r.itemPath()
	r.send("PATCH", path, `[{"op":"replace","path":"/title","value":"`+r.title()+`"}]`, r.tokens[0])
}

func (r *cacheRun) put() {
	vault, path := r.itemPath()
	body := `{"title":"` + r.title() + `","category":"LOGIN","vault":{"id":"` + vault + `"}}`
	r.send("PUT", path, body, r.tokens[0])
}

func (r *cacheRun) delete() {
	_, path := r.itemPath()
	r.send("DELETE", path, "", r.tokens[0])
}

func (r *cacheRun) save() {
	spec := controlapi.NewSnapshot{Account: r.account, Name: strconv.Itoa(r.saved)}
	r.each(func(s *mockserver.Server) error {
		_, err := s.SaveSnapshot(context.Background(), spec)
		return err
	})
	r.saved++
}

func (r *cacheRun) restore() {
	if r.saved > 0 {
		name := strconv.Itoa(r.number("snapshot", 0, r.saved-1))
		r.each(func(s *mockserver.Server) error { return s.RestoreSnapshot(context.Background(), r.account, name) })
	}
}

func (r *cacheRun) reset() {
	r.each(func(s *mockserver.Server) error {
		return s.Reset(context.Background(), controlapi.Reset{Account: r.account})
	})
}

func (r *cacheRun) loadFixture() {
	f := fixtures.Demo()
	f.Accounts[0].History = 0
	add := rapid.Bool().Draw(r.T, "add")
	r.each(func(s *mockserver.Server) error {
		_, err := s.LoadFixture(context.Background(), r.account, f, add)
		return err
	})
}

func (r *cacheRun) advance() {
	r.clock.advance(time.Duration(r.number("seconds", 1, 40)) * time.Second)
}

func (r *cacheRun) addLag() { r.addFault(controlapi.Fault{Lag: controlapi.Duration(20 * time.Second)}) }

func (r *cacheRun) stopSync() { r.addFault(controlapi.Fault{Sync: "down", Operation: "GetVaultItems"}) }

func (r *cacheRun) addFault(f controlapi.Fault) {
	f.Account = r.account
	r.each(func(s *mockserver.Server) error {
		_, err := s.AddFault(context.Background(), f)
		return err
	})
}

func (r *cacheRun) resetFaults() {
	r.each(func(s *mockserver.Server) error { return s.ResetFaults(context.Background(), r.account) })
}

func (r *cacheRun) changeToken() {
	change := controlapi.TokenChange{Vaults: map[string]string{r.pick("scope", r.vaults...): "read"}}
	r.each(func(s *mockserver.Server) error {
		_, err := s.ChangeToken(context.Background(), r.account, "one", change)
		return err
	})
}

func (r *cacheRun) advanceAccount() {
	change := advanceBy(time.Duration(r.number("seconds", -40, 40)) * time.Second)
	r.each(func(s *mockserver.Server) error {
		_, err := s.SetClock(context.Background(), r.account, change)
		return err
	})
}
