package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"time"

	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/mockserver"
)

const (
	largeVault  = 10_000  // items
	smallVault  = 100     // items
	historySize = 100_000 // activity records
	fileSize    = 64 << 20
	servedFile  = "served.bin"

	generateSeed = 7
	sampleSize   = 4000 // titles and ids of a generated store
)

// dataset is a filled store and what requests need to know of it.
type dataset struct {
	file       string
	token      string   // a signed one
	items      string   // path of the items of the large or only vault
	ids        []string // of items in it with a login, which have fields to patch
	titles     []string // of items in it, each the title of only one
	smallItems string   // path of the items of a vault of 100; only of the main dataset
	content    string   // path of the content of a file of 64 MiB; only of the main dataset

	// How it was generated; not of the main dataset.
	took time.Duration // from the start of the process to its ready line
	peak int64         // memory in bytes
	size int64         // of the closed file, in bytes
}

// mainDataset returns the dataset that most parts measure, and makes it when it is first needed: the demo fixture, a
// vault of 100 items, a large one and a file of 64 MiB.
func (r *run) mainDataset(ctx context.Context) (*dataset, error) {
	if r.main != nil {
		return r.main, nil
	}
	fixture := fixtures.Demo()
	generateVault := func(seed uint64, items int) fixtures.Vault {
		options := fixtures.Options{Seed: seed, Vaults: 1, Items: items, Files: -1}
		return fixtures.Generate(options).Accounts[0].Vaults[0]
	}
	large, small := generateVault(1, largeVault), generateVault(2, smallVault)
	account := &fixture.Accounts[0]
	account.History = historySize
	first := &account.Vaults[0].Items[0]
	file := fixtures.File{ID: "benchfilewith64mebibytesss", Name: "large.bin", Size: fileSize}
	first.Files = append(first.Files, file)
	d := &dataset{
		file: r.path("main.db"), items: itemsPath(large.ID), smallItems: itemsPath(small.ID),
		content: itemsPath(account.Vaults[0].ID) + "/" + first.ID + "/files/" + file.ID + "/content",
	}
	if err := d.sample(slices.Values(large.Items), largeVault, largeVault); err != nil {
		return nil, err
	}
	account.Vaults = append(account.Vaults, large, small)
	mock, err := mockserver.New(ctx, mockserver.Config{Store: d.file, Fixture: fixture})
	if err != nil {
		return nil, err
	}
	d.token, err = mock.FirstToken(ctx)
	if err := errors.Join(err, mock.Close()); err != nil {
		return nil, err
	}
	r.main = d
	return d, nil
}

// serveMain starts the binary on a copy of the main dataset, so that no part reads what an earlier one wrote.
func (r *run) serveMain(ctx context.Context) (*server, *dataset, error) {
	d, err := r.mainDataset(ctx)
	if err != nil {
		return nil, nil, err
	}
	store, err := r.copyStore(d.file)
	if err != nil {
		return nil, nil, err
	}
	mock, err := r.startMock(ctx, store, "--token", "bench="+plainToken)
	return mock, d, err
}

// copyStore copies a closed store and returns the name of the copy.
func (r *run) copyStore(file string) (string, error) {
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

// generate lets the binary fill a store with serve --generate: that many items in one vault, and that many activity
// records. A second call returns the same dataset, so its file must not be written; copy it.
func (r *run) generate(ctx context.Context, items, records int) (*dataset, error) {
	name := fmt.Sprintf("generated-%d-%d.db", items, records)
	if d := r.generated[name]; d != nil {
		return d, nil
	}
	d := &dataset{file: r.path(name)}
	start := time.Now()
	s, err := r.startMock(ctx, d.file, "--seed", strconv.Itoa(generateSeed), "--generate",
		fmt.Sprintf("vaults=1,items=%d,files=1,history=%d", items, records))
	if err != nil {
		return nil, err
	}
	d.took, d.peak, d.token = time.Since(start), s.memory().peak, s.tokens["read-write"]
	s.stop()
	info, err := os.Stat(d.file)
	if err != nil {
		return nil, err
	}
	d.size = info.Size()
	options := fixtures.Options{Seed: generateSeed, Vaults: 1, Items: items, Files: 1, History: records}
	account := fixtures.Outline(options).Accounts[0]
	d.items = itemsPath(account.Vaults[0].ID)
	if err := d.sample(fixtures.GenerateItems(options, account, 0), items, sampleSize); err != nil {
		return nil, err
	}
	r.generated[name] = d
	return d, nil
}

// sample sets ids and titles, at most so many. A title that several items have is left out: the response to a filter is
// then as long in a large vault as in a small one.
func (d *dataset) sample(items iter.Seq[fixtures.Item], count, most int) error {
	step := max(1, count/most)
	seen := map[string]int{}
	n := 0
	for it := range items {
		n++
		seen[it.Title]++
		if it.Category == "LOGIN" && len(d.ids) < n/step+1 {
			d.ids = append(d.ids, it.ID)
		}
	}
	for title, times := range seen {
		if times == 1 {
			d.titles = append(d.titles, title)
		}
	}
	if len(d.ids) == 0 || len(d.titles) == 0 {
		return fmt.Errorf("%d items are too few to be measured", count)
	}
	slices.Sort(d.titles) // the same in every run
	rand.New(rand.NewPCG(1, 1)).Shuffle(len(d.titles), func(i, j int) {
		d.titles[i], d.titles[j] = d.titles[j], d.titles[i]
	})
	d.titles = d.titles[:min(len(d.titles), most)]
	return nil
}

func itemsPath(vault string) string { return "/v1/vaults/" + vault + "/items" }
