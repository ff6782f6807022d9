package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/connectmock/connectmock/fixtures"
)

// generated is a store that the binary filled by itself, with serve --generate.
type generated struct {
	file   string
	took   time.Duration // from the start of the process to its ready line
	peak   int64         // bytes of memory
	bytes  int64         // of the file, closed
	token  string
	vault  string   // path of its items
	ids    []string // some items with a login
	titles []string // some titles that one item has
}

const generatedSeed = 7

// generated fills a store with that many items in one vault and activity
// records, or hands out the one that was filled before: it must not be written.
func (r *run) generated(ctx context.Context, items, records int) (*generated, error) {
	name := fmt.Sprintf("generated-%d-%d.db", items, records)
	if g := r.filled[name]; g != nil {
		return g, nil
	}
	o := fixtures.Options{Seed: generatedSeed, Vaults: 1, Items: items, Files: 1, History: records}
	g := &generated{file: r.path(name)}
	began := time.Now()
	s, err := r.startMock(ctx, g.file, "--seed", strconv.Itoa(generatedSeed), "--generate",
		fmt.Sprintf("vaults=1,items=%d,files=1,history=%d", items, records))
	if err != nil {
		return nil, err
	}
	g.took, g.peak, g.token = time.Since(began), memoryOf(s.pid()).peak, s.tokens["read-write"]
	s.stop()
	info, err := os.Stat(g.file)
	if err != nil {
		return nil, err
	}
	g.bytes = info.Size()
	outline := fixtures.Outline(o)
	g.vault = "/v1/vaults/" + outline.Accounts[0].Vaults[0].ID + "/items"
	every := max(1, items/4000)
	titles := map[string]int{}
	n := 0
	for it := range fixtures.GenerateItems(o, outline.Accounts[0], 0) {
		n++
		titles[it.Title]++
		if it.Category == "LOGIN" && len(g.ids) < n/every+1 {
			g.ids = append(g.ids, it.ID)
		}
	}
	if g.titles = unique(titles, 4000); len(g.titles) == 0 || len(g.ids) == 0 {
		return nil, fmt.Errorf("%d items are too few to be measured", items)
	}
	if r.filled == nil {
		r.filled = map[string]*generated{}
	}
	r.filled[name] = g
	return g, nil
}

// unique are titles, at most so many, that were seen once: the answer to a filter
// is then as long in a large vault as in a small one.
func unique(seen map[string]int, most int) (titles []string) {
	for title, times := range seen {
		if times == 1 {
			titles = append(titles, title)
		}
	}
	slices.Sort(titles) // the same in every run
	rand.New(rand.NewPCG(1, 1)).Shuffle(len(titles), func(i, j int) { titles[i], titles[j] = titles[j], titles[i] })
	return titles[:min(len(titles), most)]
}

// count is a whole number for people.
func count(n int) string {
	text := strconv.Itoa(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return strings.TrimPrefix(text, ",")
}
