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

// twins are servers that differ in what they may remember: nothing, little,
// much. All is done to each.
type serverGroup struct {
	t       *rapid.T
	rigs    []*testServer
	account string // account
	tokens  []requestOption
}

func (w *serverGroup) each(do func(*mockserver.Server) error) {
	var first error
	for i, r := range w.rigs {
		err := do(r.Mock)
		if i == 0 {
			first = err
		}
		var refused *controlapi.Error
		if err != nil && !errors.As(err, &refused) || fmt.Sprint(err) != fmt.Sprint(first) {
			w.t.Fatalf("server %d says %v, the first %v", i, err, first)
		}
	}
}

// send sends the same to each; the answers must be the same.
func (w *serverGroup) send(method, path, body string, parts ...requestOption) response {
	var content any
	if body != "" {
		content = body
	}
	var first response
	for i, r := range w.rigs {
		a := r.send(w.t, method, path, content, parts...)
		if i == 0 {
			first = a
		}
		if a.status != first.status || string(a.body) != string(first.body) || fmt.Sprint(a.header) != fmt.Sprint(first.header) {
			w.t.Fatalf("%s: server %d answers %d %s\nthe first %d %s", a.request, i, a.status, a.body, first.status, first.body)
		}
	}
	return first
}

// Whatever happens, a server that remembers answers as one that does not.
func TestCaches_EqualTheStore(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"memory", "file", "quirks"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			now := newClock()
			var rigs []*testServer
			for i, size := range []int64{-1, 1 << 16, 1 << 20} {
				path := mockserver.MemoryStore
				if kind == "file" {
					path = filepath.Join(t.TempDir(), strconv.Itoa(i)+".db")
				}
				options := []connecttest.Option{withoutHistory(), connecttest.WithClock(now.Now), connecttest.WithSeed(7),
					connecttest.WithoutSocket(), connecttest.WithConfig(func(c *mockserver.Config) { c.Store, c.CacheSize = path, size })}
				if kind == "quirks" {
					options = append(options, connecttest.WithQuirk("empty-members", "arrays"), connecttest.WithQuirk("item-title-match", "sensitive"))
				}
				rigs = append(rigs, newServer(t, options...).withoutCheck())
			}
			d := demo(t)
			rapid.Check(t, func(rt *rapid.T) { runRandomSteps(rt, &serverGroup{t: rt, rigs: rigs}, d, now) })
		})
	}
}

func runRandomSteps(t *rapid.T, w *serverGroup, d demoData, now *fakeClock) {
	ctx := context.Background()
	vaults := []string{d.vault("Office"), d.vault("Deployments")}
	w.each(func(s *mockserver.Server) error {
		made, err := s.CreateAccount(ctx, controlapi.NewAccount{})
		w.account = made.ID
		w.tokens = []requestOption{token(made.Token)}
		return err
	})
	defer w.each(func(s *mockserver.Server) error { return s.DeleteAccount(ctx, w.account) })
	w.each(func(s *mockserver.Server) error {
		one, err := s.IssueToken(ctx, controlapi.Token{Account: w.account, Name: "one", Vaults: map[string]string{vaults[0]: "read"}})
		w.tokens = append(w.tokens[:1], token(one.Value))
		return err
	})
	defer w.each(func(s *mockserver.Server) error { return s.ResetFaults("") })
	ids := map[string][]string{}
	for _, v := range vaults {
		for _, it := range decode[[]connect.Summary](t, w.send("GET", "/v1/vaults/"+v+"/items", "", w.tokens[0])) {
			ids[v] = append(ids[v], it.ID)
		}
	}
	draw := func(from []string, of string) string { return rapid.SampledFrom(from).Draw(t, of) }
	look := func() {
		vault := draw(vaults, "vault")
		its := rapid.SampledFrom(w.tokens).Draw(t, "token")
		query := draw([]string{"", "?filter=title+eq+%22same%22", "?filter=title+eq+%22SAME%22", "?filter=title+co+%22a%22",
			"?filter=tag+eq+%22a%22", "?filter=title+eq+%22same%22+or+tag+eq+%22a%22", "?filter=title", "?x=1"}, "query")
		w.send("GET", draw([]string{"/v1/vaults", "/v1/vaults" + draw([]string{"?filter=name+eq+%22office%22", "?filter=title+co+%22e%22"}, "of vaults"),
			"/v1/vaults/" + vault, "/v1/vaults/" + vault + "/items" + query, "/v1/vaults/" + vault + "/items" + query,
			"/v1/vaults/" + vault + "/items/" + draw(append(ids[vault], noItem), "item")}, "read"), "", its)
	}
	saved := 0
	for range rapid.IntRange(1, 8).Draw(t, "steps") {
		vault := draw(vaults, "vault")
		items := "/v1/vaults/" + vault + "/items"
		title := draw([]string{"same", "Same", "another"}, "title")
		switch draw([]string{"post", "post", "patch", "patch", "put", "delete", "save", "restore", "reset", "fixture", "clock", "lag", "down", "calm", "token", "own clock"}, "step") {
		case "post":
			a := w.send("POST", items, `{"title":"`+title+`","category":"LOGIN","tags":["a"],"fields":[{"id":"code","type":"OTP","value":"GEZDGNBVGY3TQOJQ"}],"vault":{"id":"`+vault+`"}}`, w.tokens[0])
			if a.status == 200 {
				ids[vault] = append(ids[vault], decode[connect.Item](t, a).ID)
			}
		case "patch":
			w.send("PATCH", items+"/"+draw(append(ids[vault], noItem), "item"), `[{"op":"replace","path":"/title","value":"`+title+`"}]`, w.tokens[0])
		case "put":
			w.send("PUT", items+"/"+draw(append(ids[vault], noItem), "item"), `{"title":"`+title+`","category":"LOGIN","vault":{"id":"`+vault+`"}}`, w.tokens[0])
		case "delete":
			w.send("DELETE", items+"/"+draw(append(ids[vault], noItem), "item"), "", w.tokens[0])
		case "save":
			w.each(func(s *mockserver.Server) error {
				_, err := s.SaveSnapshot(ctx, controlapi.NewSnapshot{Account: w.account, Name: strconv.Itoa(saved)})
				return err
			})
			saved++
		case "restore":
			if saved > 0 {
				name := strconv.Itoa(rapid.IntRange(0, saved-1).Draw(t, "snapshot"))
				w.each(func(s *mockserver.Server) error { return s.RestoreSnapshot(ctx, w.account, name) })
			}
		case "reset":
			w.each(func(s *mockserver.Server) error { return s.Reset(ctx, controlapi.Reset{Account: w.account}) })
		case "fixture":
			add := rapid.Bool().Draw(t, "add")
			w.each(func(s *mockserver.Server) error {
				_, err := s.LoadFixture(ctx, w.account, fixtures.Demo(), add)
				return err
			})
		case "clock":
			now.advance(time.Duration(rapid.IntRange(1, 40).Draw(t, "seconds")) * time.Second)
		case "lag":
			w.each(func(s *mockserver.Server) error {
				_, err := s.AddFault(ctx, controlapi.Fault{Account: w.account, Lag: controlapi.Duration(20 * time.Second)})
				return err
			})
		case "down":
			w.each(func(s *mockserver.Server) error {
				_, err := s.AddFault(ctx, controlapi.Fault{Account: w.account, Sync: "down", Operation: "GetVaultItems"})
				return err
			})
		case "calm":
			w.each(func(s *mockserver.Server) error { return s.ResetFaults(w.account) })
		case "token":
			scope := map[string]string{draw(vaults, "scope"): "read"}
			w.each(func(s *mockserver.Server) error {
				_, err := s.ChangeToken(ctx, w.account, "one", controlapi.TokenChange{Vaults: scope})
				return err
			})
		case "own clock":
			change := controlapi.ClockChange{Advance: controlapi.Duration(rapid.IntRange(-40, 40).Draw(t, "seconds")) * controlapi.Duration(time.Second)}
			w.each(func(s *mockserver.Server) error {
				_, err := s.SetClock(ctx, w.account, change)
				return err
			})
		}
		for range rapid.IntRange(1, 4).Draw(t, "reads") {
			look()
		}
	}
}
