package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"time"

	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/mockserver"
)

func measureItemGrowth(ctx context.Context, r *run) error {
	prepare := func(ctx context.Context, size int) (string, func(*server) []operation, error) {
		d, err := r.generate(ctx, size, 0)
		if err != nil {
			return "", nil, err
		}
		return d.file, func(*server) []operation { return r.itemOperations(d, size) }, nil
	}
	return r.measureGrowth(ctx, "growth-items", "items in the vault", tenfold(100, r.maxItems), prepare)
}

// itemOperations returns what clients do with a vault. Operations that write come last.
func (r *run) itemOperations(d *dataset, size int) []operation {
	anyItem := func() string { return d.items + "/" + d.ids[rand.IntN(len(d.ids))] }
	filter := func(format string) func(context.Context, *client) (time.Duration, error) {
		return r.medianOf(func(n int) []byte {
			return get(d.items+"?filter="+url.QueryEscape(fmt.Sprintf(format, n)), d.token)
		})
	}
	vault := "/v1/vaults/" + d.vaultID()
	return []operation{
		{name: "get item", cost: r.medianOf(func(int) []byte { return get(anyItem(), d.token) })},
		{name: "get item's files", cost: r.medianOf(func(int) []byte { return get(anyItem()+"/files", d.token) })},
		{name: "filter title eq", cost: r.medianOf(func(n int) []byte {
			return get(d.items+titleFilter(d.titles[n%len(d.titles)]), d.token)
		})},
		{name: "filter title eq, no such item", cost: filter(`title eq "none of %d"`)},
		{name: "filter title co, no such item", cost: filter(`title co "none-of-%d"`),
			reason: "looks through all titles, in memory"},
		{name: "list vaults", cost: r.medianOf(same(get("/v1/vaults", d.token)))},
		{name: "get vault", cost: r.medianOf(same(get(vault, d.token)))},
		{name: "list of the vault, per item", cost: r.medianOf(same(get(d.items, d.token))), items: size,
			reason: "a list of more than some ten thousand items is not cached"},
		{name: "health", cost: r.medianOf(same(get("/health", "")))},
		{name: "metrics", cost: r.medianOf(same(get("/metrics", "")))},
		{name: "patch field", cost: r.medianOf(func(n int) []byte {
			body := fmt.Sprintf(`[{"op":"replace","path":"/title","value":"patched %d"}]`, n)
			return newRequest("PATCH", anyItem(), d.token, body)
		})},
		{name: "post item", cost: r.medianOf(func(n int) []byte { return d.post(fmt.Sprint("bench ", n)) })},
		{name: "delete item", cost: d.deletionCost},
	}
}

// deletionCost creates items and measures only their deletion.
func (d *dataset) deletionCost(ctx context.Context, c *client) (time.Duration, error) {
	for n := 0; n < 200 && ctx.Err() == nil; n++ {
		id, err := c.create(d.post(fmt.Sprint("bench ", n)))
		if err != nil {
			return 0, err
		}
		if err := c.send(newRequest("DELETE", d.items+"/"+id, d.token, ""), time.Now()); err != nil {
			return 0, err
		}
	}
	return median(c.latencies), ctx.Err()
}

func measureActivityGrowth(ctx context.Context, r *run) error {
	prepare := func(ctx context.Context, size int) (string, func(*server) []operation, error) {
		d, err := r.generate(ctx, 1000, size)
		if err != nil {
			return "", nil, err
		}
		page := func(limit, offset int) func(context.Context, *client) (time.Duration, error) {
			return r.medianOf(same(get(fmt.Sprintf("/v1/activity?limit=%d&offset=%d", limit, offset), d.token)))
		}
		return d.file, func(*server) []operation {
			return []operation{
				{name: "page of 50, newest", cost: page(50, 0)},
				{name: "page of 50, middle", cost: page(50, size/2)},
				{name: "page of 50, oldest", cost: page(50, size-50)},
				{name: "page beyond the end", cost: page(50, size*2)},
				{name: "page of 1,000", cost: page(1000, size/2)},
				{name: "get item, recorded", cost: r.medianOf(func(int) []byte {
					return get(d.items+"/"+d.ids[rand.IntN(len(d.ids))], d.token)
				})},
				{name: "page after a read", cost: d.pageAfterReadCost},
			}
		}, nil
	}
	return r.measureGrowth(ctx, "growth-activity", "activity records", tenfold(1000, r.maxRecords), prepare)
}

// pageAfterReadCost reads an item and then measures the page of the log that has the record of that read.
func (d *dataset) pageAfterReadCost(ctx context.Context, c *client) (time.Duration, error) {
	var took []time.Duration
	for range 100 {
		if err := c.send(get(d.items+"/"+d.ids[0], d.token), time.Now()); err != nil {
			return 0, err
		}
		start := time.Now()
		if err := c.send(get("/v1/activity?limit=50", d.token), start); err != nil {
			return 0, err
		}
		took = append(took, time.Since(start))
	}
	return median(took), ctx.Err()
}

func measureAccountGrowth(ctx context.Context, r *run) error {
	return r.measureGrowth(ctx, "growth-accounts", "accounts", tenfold(1, r.maxAccounts), r.prepareAccounts)
}

// prepareAccounts makes a store with that many accounts, each with a vault of ten items and a token of its own.
func (r *run) prepareAccounts(ctx context.Context, size int) (string, func(*server) []operation, error) {
	fixture := fixtures.Generate(fixtures.Options{Seed: 3, Vaults: 1, Items: 10, Files: -1})
	items := fixture.Accounts[0].Vaults[0].Items
	fixture.Accounts = nil
	for i := range items {
		items[i].ID = "" // derived from the account
	}
	for n := range size {
		fixture.Accounts = append(fixture.Accounts, fixtures.Account{
			Name: fmt.Sprint("account-", n), Tokens: []fixtures.Token{{Name: fmt.Sprint("token-", n)}},
			Vaults: []fixtures.Vault{{Name: "Bench", Items: slices.Clone(items)}},
		})
	}
	if err := fixture.Complete(); err != nil {
		return "", nil, err
	}
	file := r.path(fmt.Sprintf("accounts-%d.db", size))
	mock, err := mockserver.New(ctx, mockserver.Config{Store: file, Fixture: fixture})
	if err != nil {
		return "", nil, err
	}
	if err := mock.Close(); err != nil {
		return "", nil, err
	}
	return file, func(s *server) []operation {
		// request returns a request of account n, about an item if path is "".
		request := func(n int, method, path, body string) []byte {
			a := fixture.Accounts[n%size]
			v := a.Vaults[0]
			if path == "" {
				path = itemsPath(v.ID) + "/" + v.Items[n/size%len(v.Items)].ID
			}
			return newRequest(method, path, s.tokens[a.Tokens[0].Name], body)
		}
		one := func(method, path, body string) func(context.Context, *client) (time.Duration, error) {
			return r.medianOf(func(int) []byte { return request(size/2, method, path, body) })
		}
		each := func(method, body string) func(context.Context, *client) (time.Duration, error) {
			return r.medianOf(func(n int) []byte { return request(n, method, "", body) })
		}
		return []operation{
			{name: "get item, one account", cost: one("GET", "", "")},
			{name: "get item, account by account", cost: each("GET", ""),
				reason: "more tokens than are remembered: each is verified again, ES256 included"},
			{name: "list vaults", cost: one("GET", "/v1/vaults", "")},
			{name: "activity", cost: one("GET", "/v1/activity", "")},
			{name: "patch field, one account", cost: one("PATCH", "", patchTitle)},
			{name: "patch field, account by account", cost: each("PATCH", patchTitle),
				reason: "as get item, account by account"},
		}
	}, nil
}
