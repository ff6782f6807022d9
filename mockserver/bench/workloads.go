package main

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"strings"
	"sync/atomic"
)

const plainToken = "a-plain-token-for-measuring"

// work is something clients do again and again.
type work struct {
	name    string
	request source
	token   string // what it is asked with
	ratio   target // of requests a second beside the bare handler
	second  target // of requests a second
	tail    target // of p99 beside that of the bare handler
	isPaced bool   // measured at fixed rates as well
}

func works(s *stock) []work {
	gets := make([][]byte, len(s.ids))
	patches := make([][]byte, len(s.ids))
	for i, id := range s.ids {
		gets[i] = get(s.large+"/"+id, s.token)
		patches[i] = message("PATCH", s.large+"/"+id, s.token, `[{"op":"replace","path":"/title","value":"patched"}]`)
	}
	titles := make([][]byte, len(s.titles))
	for i, title := range s.titles {
		titles[i] = get(s.large+titleIs(title), s.token)
	}
	vault := strings.Split(s.large, "/")[3]
	created := message("POST", s.large, s.token, `{"title":"bench","category":"LOGIN","vault":{"id":"`+vault+
		`"},"fields":[{"purpose":"USERNAME","value":"u"},{"purpose":"PASSWORD","value":"p"}]}`)
	var asked atomic.Int64
	fifth, half := atLeast(0.8, "0.80"), atLeast(0.5, "0.50")
	all := []work{
		{name: "get item, one", request: always(gets[0]), ratio: fifth},
		{name: "get item, any", request: each(gets), ratio: fifth, tail: atMost(2, "under 2x"), isPaced: true},
		{name: "get item, plain token", request: always(get(s.large+"/"+s.ids[0], plainToken)), token: plainToken, ratio: fifth},
		{name: "list 100 items", request: always(get(s.small, s.token)), ratio: half, isPaced: true},
		{name: "list vaults", request: always(get("/v1/vaults", s.token))},
		{name: "filter title eq", request: each(titles), ratio: half, isPaced: true},
		{name: "filter title eq, never asked", ratio: half, request: func(int) []byte {
			return get(s.large+titleIs(fmt.Sprint("never asked before ", asked.Add(1))), s.token)
		}},
		{name: "activity, newest", request: always(get("/v1/activity?limit=50", s.token))},
		{name: "activity, oldest", request: always(get(fmt.Sprint("/v1/activity?limit=50&offset=", history-50), s.token))},
		{name: "patch field", request: func(int) []byte { return patches[rand.IntN(len(patches))] },
			second: atLeast(6000, "6000/s"), isPaced: true},
		{name: "get 90 %, patch 10 %", isPaced: true, request: func(n int) []byte {
			if rand.IntN(10) == 0 {
				return patches[rand.IntN(len(patches))]
			}
			return gets[rand.IntN(len(gets))]
		}},
		{name: "post item", request: always(created), second: atLeast(8000, "8000/s"), isPaced: true},
	}
	for i := range all {
		if all[i].token == "" {
			all[i].token = s.token
		}
	}
	return all
}

func always(request []byte) source { return func(int) []byte { return request } }

func each(requests [][]byte) source { return func(n int) []byte { return requests[n%len(requests)] } }

func titleIs(title string) string {
	return "?filter=" + url.QueryEscape(fmt.Sprintf("title eq %q", title))
}
