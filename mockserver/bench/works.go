package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"time"
)

// work is something clients do again and again.
type work struct {
	name    string
	request func(n int) []byte
}

func works(s *server) []work {
	t := s.Token
	many := func(paths []string) func(int) []byte {
		requests := make([][]byte, len(paths))
		for i, p := range paths {
			requests[i] = get(p, t)
		}
		return func(n int) []byte { return requests[n%len(requests)] }
	}
	items := "/v1/vaults/" + s.Large + "/items"
	var byID, byTitle []string
	for i, id := range s.Items {
		byID = append(byID, items+"/"+id)
		byTitle = append(byTitle, items+"?filter="+url.QueryEscape(fmt.Sprintf("title eq %q", s.Titles[i])))
	}
	post := []byte(`{"title":"bench","category":"LOGIN","vault":{"id":"` + s.Large + `"},"fields":[{"purpose":"USERNAME","value":"u"},{"purpose":"PASSWORD","value":"p"}]}`)
	created := message("POST", items, t, string(post))
	patches := make([][]byte, len(byID))
	for i, path := range byID {
		patches[i] = message("PATCH", path, t, `[{"op":"replace","path":"/title","value":"patched"}]`)
	}
	return []work{
		{"get item, one", many(byID[:1])},
		{"get item, any", many(byID)},
		{"list 100 items", many([]string{"/v1/vaults/" + s.Small + "/items"})},
		{"filter title eq", many(byTitle)},
		{"activity, newest", many([]string{"/v1/activity?limit=50"})},
		{"activity, oldest", many([]string{"/v1/activity?limit=50&offset=" + fmt.Sprint(s.History-50)})},
		{"patch field", func(int) []byte { return patches[rand.IntN(len(patches))] }},
		{"post item", func(int) []byte { return created }},
	}
}

// compare measures a work in turns with the bare handler. Each ratio is made of
// two neighbours in time, so that what else the machine does falls on both.
func compare(ctx context.Context, set settings, bare, mock *server, w work) error {
	limit := get("/item", "none")
	var ratios, bares, mocks []float64
	var each []time.Duration
	for range set.rounds {
		b, err := closed(ctx, bare.Addr, set.conns, set.length, func(int) []byte { return limit })
		if err != nil {
			return err
		}
		m, err := closed(ctx, mock.Addr, set.conns, set.length, w.request)
		if err != nil {
			return err
		}
		bares, mocks = append(bares, b.perSecond()), append(mocks, m.perSecond())
		ratios = append(ratios, m.perSecond()/b.perSecond())
		each = append(each, m.each...)
	}
	slices.Sort(each)
	slices.Sort(ratios)
	all := result{each: each}
	fmt.Printf("%-22s %10.0f %10.0f %7.2f %6.2f..%-5.2f %9s %9s\n", w.name, median(bares), median(mocks),
		median(ratios), ratios[0], ratios[len(ratios)-1],
		all.quantile(0.5).Round(time.Microsecond), all.quantile(0.99).Round(time.Microsecond))
	return nil
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}
