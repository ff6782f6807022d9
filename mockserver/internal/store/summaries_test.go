package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/connectmock/connectmock/mockserver/internal/filter"
	"github.com/connectmock/connectmock/openapi/connect"
)

// texts returns texts that are so similar that filters match some and nearly
// match others.
func texts() *rapid.Generator[string] {
	return rapid.StringOfN(rapid.SampledFrom([]rune("aAkKsſıİéÉ\u212a\x00%_'\"中𝄞")), 0, 4, -1)
}

func nodes(depth int) *rapid.Generator[filter.Node] {
	return rapid.Custom(func(t *rapid.T) filter.Node {
		kind := 0
		if depth > 0 {
			kind = rapid.IntRange(0, 4).Draw(t, "kind")
		}
		switch kind {
		case 2:
			return filter.And{Left: nodes(depth-1).Draw(t, "left"), Right: nodes(depth-1).Draw(t, "right")}
		case 3:
			return filter.Or{Left: nodes(depth-1).Draw(t, "left"), Right: nodes(depth-1).Draw(t, "right")}
		case 4:
			return filter.Not{X: nodes(depth-1).Draw(t, "x")}
		}
		return filter.Compare{
			Attribute: rapid.SampledFrom([]filter.Attribute{filter.Title, filter.Tag}).Draw(t, "attribute"),
			Op:        rapid.SampledFrom([]filter.Op{filter.Eq, filter.Co, filter.Sw, filter.Ew, filter.Pr}).Draw(t, "op"),
			Value:     texts().Draw(t, "value"),
		}
	})
}

// Each operator has texts that match and texts that nearly do: that contain the
// value elsewhere, are shorter than it, or are empty. SQL functions return NULL for
// an empty column, which neither the comparison nor its negation may become.
func TestSummaries_DistinguishMatchesFromNearMatches(t *testing.T) {
	t.Parallel()
	texts := []string{"", "b", "ab", "aab", "aba", "bab", "bba", "xAB"}
	for name, c := range map[string]struct {
		op              filter.Op
		value           string
		folded, exactly []string // the matching texts
	}{
		"eq":            {filter.Eq, "ab", []string{"ab"}, []string{"ab"}},
		"eq, empty":     {filter.Eq, "", []string{""}, []string{""}},
		"co":            {filter.Co, "ab", []string{"ab", "aab", "aba", "bab", "xAB"}, []string{"ab", "aab", "aba", "bab"}},
		"sw":            {filter.Sw, "ab", []string{"ab", "aba"}, []string{"ab", "aba"}},
		"ew":            {filter.Ew, "ab", []string{"ab", "aab", "bab", "xAB"}, []string{"ab", "aab", "bab"}},
		"ew, one":       {filter.Ew, "b", []string{"b", "ab", "aab", "bab", "xAB"}, []string{"b", "ab", "aab", "bab"}},
		"ew, all of it": {filter.Ew, "bab", []string{"bab"}, []string{"bab"}},
		"ew, longer":    {filter.Ew, "aaab", nil, nil},
		"co, empty":     {filter.Co, "", texts, texts},
		"sw, empty":     {filter.Sw, "", texts, texts},
		"ew, empty":     {filter.Ew, "", texts, texts},
		"pr":            {filter.Pr, "", texts[1:], texts[1:]},
	} {
		for _, attribute := range []filter.Attribute{filter.Title, filter.Tag} {
			s := openEngine(t, "memory")
			if err := s.Update(t.Context(), func(tx *Tx) error {
				errs := []error{tx.PutAccount(Account{ID: "A"})}
				for _, text := range texts { // the id is the text
					item := login("id "+text, "v", text)
					if attribute == filter.Tag {
						item = login("id "+text, "v", "title", text)
					}
					errs = append(errs, tx.PutItem("A", item))
				}
				return errors.Join(errs...)
			}); err != nil {
				t.Fatal(err)
			}
			for _, exact := range []bool{false, true} {
				matching := c.folded
				if exact {
					matching = c.exactly
				}
				for _, negated := range []bool{false, true} {
					var want []string
					for _, text := range texts {
						if slices.Contains(matching, text) != negated {
							want = append(want, "id "+text)
						}
					}
					var root filter.Node = filter.Compare{Attribute: attribute, Op: c.op, Value: c.value}
					if negated {
						root = filter.Not{X: root}
					}
					got := summaryIDs(t, s, &filter.Filter{Root: root, CaseSensitive: exact})
					if diff := cmp.Diff(want, got); diff != "" {
						t.Errorf("%s of attribute %d, exact %t, negated %t: %s", name, attribute, exact, negated, diff)
					}
				}
			}
		}
	}
}

// summaryIDs returns the ids of the items in vault v of account A that match.
func summaryIDs(t *testing.T, s *Store, f *filter.Filter) (ids []string) {
	t.Helper()
	err := s.View(t.Context(), func(tx *Tx) error {
		return tx.Summaries("A", "v", f, func(b []byte) error {
			var sum connect.Summary
			err := json.Unmarshal(b, &sum)
			ids = append(ids, sum.ID)
			return err
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return ids
}

func TestSummaries_AgreeWithMatch(t *testing.T) {
	t.Parallel()
	s := openEngine(t, "memory")
	ctx := context.Background()
	rapid.Check(t, func(t *rapid.T) {
		if err := s.Reset(ctx); err != nil {
			t.Fatal(err)
		}
		if err := s.Update(ctx, func(tx *Tx) error {
			return errors.Join(tx.PutAccount(Account{ID: "A"}), tx.PutAccount(Account{ID: "B"}))
		}); err != nil {
			t.Fatal(err)
		}
		titles := rapid.SliceOfN(texts(), 1, 8).Draw(t, "titles")
		items := make([]connect.Item, len(titles))
		err := s.Update(ctx, func(tx *Tx) error {
			for i, title := range titles {
				items[i] = login(fmt.Sprint("item", i), "v", title, rapid.SliceOfN(texts(), 0, 3).Draw(t, "tags")...)
				if err := tx.PutItem("A", items[i]); err != nil {
					return err
				}
				// The same things elsewhere must not be found.
				elsewhere := items[i]
				elsewhere.ID, elsewhere.Vault.ID = "x"+elsewhere.ID, "w"
				if err := tx.PutItem("A", elsewhere); err != nil {
					return err
				}
				if err := tx.PutItem("B", items[i]); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		f := &filter.Filter{Root: nodes(3).Draw(t, "filter"), CaseSensitive: rapid.Bool().Draw(t, "case")}
		var want, got []string
		for _, it := range items {
			if f.Match(it.Title, it.Tags) {
				want = append(want, it.ID)
			}
		}
		err = s.Summaries(ctx, "A", "v", f, func(b []byte) error {
			var sum connect.Summary
			err := json.Unmarshal(b, &sum)
			got = append(got, sum.ID)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(want, got) {
			t.Fatalf("%s", cmp.Diff(want, got))
		}
	})
}

// Comparisons for equality must not become slower in a large vault, and others of titles must not read its items.
func TestSummaries_UseIndexes(t *testing.T) {
	t.Parallel()
	s := openEngine(t, "memory")
	eq := func(a filter.Attribute) filter.Compare {
		return filter.Compare{Attribute: a, Op: filter.Eq, Value: "x"}
	}
	co := filter.Compare{Op: filter.Co, Value: "x"}
	const titles = "SEARCH items USING COVERING INDEX items_by_title (account=? AND vault=?)"
	for name, c := range map[string]struct {
		root   filter.Node
		want   string
		folded bool // only where the case does not matter
	}{
		"title co":             {co, titles, true},
		"title co, outside":    {co, "items_by_vault (account=? AND vault=? AND rowid=?)", true},
		"title sw":             {filter.Compare{Op: filter.Sw, Value: "x"}, titles, true},
		"title pr":             {root: filter.Compare{Op: filter.Pr}, want: titles},
		"title co or tag eq":   {filter.Or{Left: co, Right: eq(filter.Tag)}, titles, true},
		"title co and not":     {filter.And{Left: co, Right: filter.Not{X: co}}, titles, true},
		"title eq":             {eq(filter.Title), "items_by_title (account=? AND vault=? AND folded=?)", false},
		"tag eq":               {eq(filter.Tag), "items_by_vault (account=? AND vault=? AND rowid=?)", false},
		"tag eq, inside":       {eq(filter.Tag), "SEARCH item_tags USING PRIMARY KEY (account=? AND vault=? AND folded=?)", false},
		"title eq or title eq": {filter.Or{Left: eq(filter.Title), Right: eq(filter.Title)}, "items_by_title (account=? AND vault=? AND folded=?)", false},
		"title eq or tag eq":   {filter.Or{Left: eq(filter.Title), Right: eq(filter.Tag)}, "items_by_vault (account=? AND vault=? AND rowid=?)", false},
		"title eq and tag eq":  {filter.And{Left: eq(filter.Title), Right: eq(filter.Tag)}, "SEARCH items", false},
		"many or": {filter.Or{Left: filter.Or{Left: eq(filter.Title), Right: eq(filter.Tag)}, Right: filter.And{Left: eq(filter.Tag), Right: co}},
			"items_by_vault (account=? AND vault=? AND rowid=?)", false},
		"none": {nil, "SEARCH items USING INDEX items_by_", false},
	} {
		for _, exact := range []bool{false, true} {
			if exact && c.folded {
				continue
			}
			var f *filter.Filter
			if c.root != nil {
				f = &filter.Filter{Root: c.root, CaseSensitive: exact}
			}
			for _, from := range []sources{{own: "A"}, {base: "B"}, {own: "A", base: "B"}, {own: "A", base: "B", hasTombstones: true}} {
				query, args := from.query("summary", "v", Selection{Filter: f}, nil)
				plan := explainPlan(t, s, query, args)
				parts := 1
				if from.isMerged() {
					parts = 2
				}
				if strings.Count(plan, c.want) < parts || strings.Contains(plan, "SCAN") ||
					(c.root != nil && strings.Contains(plan, "items_by_vault (account=? AND vault=?)\n")) {
					t.Errorf("%s, exact %v, from %v:\n%s\nin\n%s", name, exact, from, query, plan)
				}
				if c.root == nil && !from.hasTombstones && strings.Contains(plan, "TEMP B-TREE") {
					t.Errorf("%s, from %v, sorts:\n%s", name, from, plan)
				}
			}
		}
	}
}

func TestSummaries_LookUpTitles(t *testing.T) {
	t.Parallel()
	s := openEngine(t, "memory")
	plan := explainPlan(t, s, summariesOfTitle, []any{"A", "v", []byte("x"), nil})
	const index = "USING INDEX items_by_title (account=? AND vault=? AND folded=?)"
	if strings.Count(plan, index) != 2 || strings.Contains(plan, "SCAN") {
		t.Errorf("the plan is\n%s", plan)
	}
}

// A query ends when its client disconnects, and its connection is used again.
func TestSummaries_EndWithTheContext(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, s *Store) {
		update(t, s, func(tx *Tx) error {
			for i := range 200 {
				if err := tx.PutItem("A", login(fmt.Sprint(i), "v", "x")); err != nil {
					return err
				}
			}
			return nil
		})
		for _, run := range []func(context.Context, func(*Tx) error) error{s.View, s.Update, s.View, s.View, s.View, s.View} {
			ctx, cancel := context.WithCancel(context.Background())
			n := 0
			err := run(ctx, func(tx *Tx) error {
				return tx.Summaries("A", "v", nil, func([]byte) error {
					if n++; n == 3 {
						cancel()
					}
					return ctx.Err()
				})
			})
			if !errors.Is(err, context.Canceled) || n != 3 {
				t.Errorf("after %d: %v", n, err)
			}
		}
		if got := len(strings.Fields(summaries(t, s, "A", "v"))); got != 200 {
			t.Errorf("%d items", got)
		}
		update(t, s, func(tx *Tx) error { return tx.DeleteItem("A", "7") })
	})
}

func explainPlan(t *testing.T, s *Store, query string, args []any) (plan string) {
	t.Helper()
	view(t, s, func(tx *Tx) error {
		return tx.session.each(`EXPLAIN QUERY PLAN `+query, args, func(scan func(...any) error) error {
			var id, parent, unused int
			var detail string
			err := scan(&id, &parent, &unused, &detail)
			plan += detail + "\n"
			return err
		})
	})
	return plan
}
