package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"time"

	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/mockserver"
)

// grown starts the binary on a copy of a store and measures operations on it.
func (r *run) grown(ctx context.Context, g *growthTable, file string, operations func(*server) []operation) error {
	copied, err := r.copied(file)
	if err != nil {
		return err
	}
	defer os.Remove(copied)
	s, err := r.startMock(ctx, copied)
	if err != nil {
		return err
	}
	defer s.stop()
	return g.measureSize(ctx, s.Addr, operations(s))
}

func (r *run) growItems(ctx context.Context, g *growthTable, size int) error {
	of, err := r.generated(ctx, size, 0)
	if err != nil {
		return err
	}
	return r.grown(ctx, g, of.file, func(*server) []operation { return r.itemOperations(of, size) })
}

// itemOperations are all that clients do with a vault. Those that write come last.
func (r *run) itemOperations(of *generated, size int) []operation {
	t := of.token
	some := func() string { return of.vault + "/" + of.ids[rand.IntN(len(of.ids))] }
	vault := strings.TrimSuffix(of.vault, "/items")
	body := func(n int) string {
		return fmt.Sprintf(`{"title":"bench %d","category":"LOGIN","vault":{"id":%q},"fields":[{"purpose":"USERNAME","value":"u"},{"purpose":"PASSWORD","value":"p"}]}`,
			n, strings.TrimPrefix(vault, "/v1/vaults/"))
	}
	return []operation{
		{name: "get item", cost: repeat(r, func(int) []byte { return get(some(), t) })},
		{name: "get item's files", cost: repeat(r, func(int) []byte { return get(some()+"/files", t) })},
		{name: "filter title eq", cost: repeat(r, func(n int) []byte { return get(of.vault+titleIs(of.titles[n%len(of.titles)]), t) })},
		{name: "filter title eq, no such item", cost: repeat(r, func(n int) []byte { return get(of.vault+titleIs(fmt.Sprint("none of ", n)), t) })},
		{name: "filter title co, no such item", why: "looks at every title, as `co` must; nothing is kept to speed it up",
			cost: repeat(r, func(n int) []byte {
				return get(of.vault+fmt.Sprintf("?filter=title%%20co%%20%%22none-of-%d%%22", n), t)
			})},
		{name: "list vaults", cost: repeat(r, always(get("/v1/vaults", t)))},
		{name: "get vault", cost: repeat(r, always(get(vault, t)))},
		{name: "list of the vault, per item", cost: repeat(r, always(get(of.vault, t))), per: size},
		{name: "health", cost: repeat(r, always(get("/health", "")))},
		{name: "metrics", cost: repeat(r, always(get("/metrics", "")))},
		{name: "patch field", cost: repeat(r, func(n int) []byte {
			return message("PATCH", some(), t, fmt.Sprintf(`[{"op":"replace","path":"/title","value":"patched %d"}]`, n))
		})},
		{name: "post item", cost: repeat(r, func(n int) []byte { return message("POST", of.vault, t, body(n)) })},
		{name: "delete item", cost: func(ctx context.Context, l *line) (time.Duration, error) { return deletions(ctx, l, of, body) }},
	}
}

// deletions makes items and measures only their end.
func deletions(ctx context.Context, l *line, of *generated, body func(int) string) (time.Duration, error) {
	for n := 0; n < 200 && ctx.Err() == nil; n++ {
		id, err := l.create(message("POST", of.vault, of.token, body(n)))
		if err != nil {
			return 0, err
		}
		if err := l.exchange(message("DELETE", of.vault+"/"+id, of.token, ""), time.Now()); err != nil {
			return 0, err
		}
	}
	return median(l.each), ctx.Err()
}

// create sends a POST and answers the id of what it made.
func (l *line) create(request []byte) (id string, err error) {
	if _, err := l.conn.Write(request); err != nil {
		return "", err
	}
	a, err := readAnswer(l.in, true)
	if err != nil {
		return "", err
	}
	var made struct{ ID string }
	if err := json.NewDecoder(bytes.NewReader(a.body)).Decode(&made); err != nil || made.ID == "" {
		return "", fmt.Errorf("an item without id: %w", err)
	}
	return made.ID, nil
}

func (r *run) growActivity(ctx context.Context, g *growthTable, size int) error {
	of, err := r.generated(ctx, 1000, size)
	if err != nil {
		return err
	}
	page := func(limit, offset int) func(context.Context, *line) (time.Duration, error) {
		return repeat(r, always(get(fmt.Sprintf("/v1/activity?limit=%d&offset=%d", limit, offset), of.token)))
	}
	return r.grown(ctx, g, of.file, func(*server) []operation {
		return []operation{
			{name: "page of 50, newest", cost: page(50, 0)},
			{name: "page of 50, middle", cost: page(50, size/2)},
			{name: "page of 50, oldest", cost: page(50, size-50)},
			{name: "page beyond the end", cost: page(50, size*2)},
			{name: "page of 1,000", cost: page(1000, size/2)},
			{name: "get item, recorded", cost: repeat(r, func(int) []byte { return get(of.vault+"/"+of.ids[rand.IntN(len(of.ids))], of.token) })},
			{name: "page after a read", cost: func(ctx context.Context, l *line) (time.Duration, error) { return afterRead(ctx, l, of) }},
		}
	})
}

// afterRead reads an item and at once the log, which must tell of it.
func afterRead(ctx context.Context, l *line, of *generated) (time.Duration, error) {
	var took []time.Duration
	for range 100 {
		if err := l.exchange(get(of.vault+"/"+of.ids[0], of.token), time.Now()); err != nil {
			return 0, err
		}
		began := time.Now()
		if err := l.exchange(get("/v1/activity?limit=50", of.token), began); err != nil {
			return 0, err
		}
		took = append(took, time.Since(began))
	}
	return median(took), ctx.Err()
}

// growAccounts measures a server with that many accounts, each with a vault of
// ten items and a token of its own.
func (r *run) growAccounts(ctx context.Context, g *growthTable, size int) error {
	world := fixtures.Generate(fixtures.Options{Seed: 3, Vaults: 1, Items: 10, Files: -1})
	only := world.Accounts[0]
	items := only.Vaults[0].Items
	world.Accounts = nil
	for n := range size {
		a := fixtures.Account{Name: fmt.Sprint("account-", n), Tokens: []fixtures.Token{{Name: fmt.Sprint("token-", n)}}}
		a.Vaults = []fixtures.Vault{{Name: "Bench", Items: append([]fixtures.Item(nil), items...)}}
		for i := range a.Vaults[0].Items {
			a.Vaults[0].Items[i].ID = ""
		}
		world.Accounts = append(world.Accounts, a)
	}
	if err := world.Complete(); err != nil {
		return err
	}
	file := r.path(fmt.Sprintf("accounts-%d.db", size))
	mock, err := mockserver.New(mockserver.Config{Store: file, Fixture: world})
	if err != nil {
		return err
	}
	if err := mock.Close(); err != nil {
		return err
	}
	defer os.Remove(file)
	return r.grown(ctx, g, file, func(s *server) []operation {
		at := func(n int) (path, token string) {
			a := world.Accounts[n%size]
			v := a.Vaults[0]
			return "/v1/vaults/" + v.ID + "/items/" + v.Items[n/size%len(v.Items)].ID, s.tokens[a.Tokens[0].Name]
		}
		one := func(method, body string) source {
			return func(int) []byte { path, token := at(size / 2); return message(method, path, token, body) }
		}
		patch := `[{"op":"replace","path":"/title","value":"patched"}]`
		return []operation{
			{name: "get item, one account", cost: repeat(r, one("GET", ""))},
			{name: "get item, account by account", cost: repeat(r, func(n int) []byte { path, token := at(n); return get(path, token) }),
				why: "more tokens than are remembered: each is verified again, ES256 included"},
			{name: "list vaults", cost: repeat(r, func(n int) []byte { _, token := at(size / 2); return get("/v1/vaults", token) })},
			{name: "activity", cost: repeat(r, func(n int) []byte { _, token := at(size / 2); return get("/v1/activity", token) })},
			{name: "patch field, one account", cost: repeat(r, one("PATCH", patch))},
			{name: "patch field, account by account", cost: repeat(r, func(n int) []byte { path, token := at(n); return message("PATCH", path, token, patch) }),
				why: "as get item, account by account"},
		}
	})
}
