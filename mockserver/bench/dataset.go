package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/mockserver"
)

const (
	smallVault = 100     // items
	history    = 100_000 // activity records
	fileSize   = 64 << 20
	servedFile = "served.bin"
)

// stock is the store that most parts measure: the demo world, a vault of 100
// items, a large one, and a file of 64 MiB.
type stock struct {
	file    string
	token   string // signed
	large   string // path of the items of a vault
	small   string
	content string   // path of the file's content
	ids     []string // of items in large with a login, which have fields to patch
	titles  []string // in large, those that one item has
}

// stocked is the stock, made when it is first needed.
func (r *run) stocked(ctx context.Context) (*stock, error) {
	if r.stock != nil {
		return r.stock, nil
	}
	world := fixtures.Demo()
	large := fixtures.Generate(fixtures.Options{Seed: 1, Vaults: 1, Items: r.items, Files: -1}).Accounts[0].Vaults[0]
	small := fixtures.Generate(fixtures.Options{Seed: 2, Vaults: 1, Items: smallVault, Files: -1}).Accounts[0].Vaults[0]
	account := &world.Accounts[0]
	account.History = history
	holder := &account.Vaults[0].Items[0]
	holder.Files = append(holder.Files, fixtures.File{ID: "benchfilewith64mebibytesss", Name: "large.bin", Size: fileSize})
	s := &stock{
		file: r.path("stock.db"), large: "/v1/vaults/" + large.ID + "/items", small: "/v1/vaults/" + small.ID + "/items",
		content: "/v1/vaults/" + account.Vaults[0].ID + "/items/" + holder.ID + "/files/benchfilewith64mebibytesss/content",
	}
	titles := map[string]int{}
	for _, it := range large.Items {
		titles[it.Title]++
		if it.Category == "LOGIN" {
			s.ids = append(s.ids, it.ID)
		}
	}
	if s.titles = unique(titles, r.items); len(s.ids) == 0 || len(s.titles) == 0 {
		return nil, fmt.Errorf("%d items are too few to be measured", r.items)
	}
	account.Vaults = append(account.Vaults, large, small)
	mock, err := mockserver.New(mockserver.Config{Store: s.file, Fixture: world})
	if err != nil {
		return nil, err
	}
	s.token, err = mock.FirstToken(ctx)
	if err := errors.Join(err, mock.Close()); err != nil {
		return nil, err
	}
	r.stock = s
	return s, nil
}

// serveStock starts the binary on a copy of the stock, so that no part sees what
// an earlier one wrote.
func (r *run) serveStock(ctx context.Context) (*server, *stock, error) {
	s, err := r.stocked(ctx)
	if err != nil {
		return nil, nil, err
	}
	copied, err := r.copied(s.file)
	if err != nil {
		return nil, nil, err
	}
	mock, err := r.startMock(ctx, copied, "--token", "bench="+plainToken)
	return mock, s, err
}

// copied is a copy of a closed store under a name of its own.
func (r *run) copied(file string) (string, error) {
	from, err := os.Open(file)
	if err != nil {
		return "", err
	}
	defer from.Close()
	to, err := os.CreateTemp(r.dir, "copy-*.db")
	if err != nil {
		return "", err
	}
	_, err = io.Copy(to, from)
	return to.Name(), errors.Join(err, to.Close())
}
