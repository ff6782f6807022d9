package main

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync/atomic"
)

const plainToken = "a-plain-token-for-measuring"

// patchTitle is the body of a PATCH.
const patchTitle = `[{"op":"replace","path":"/title","value":"patched"}]`

// workload is a kind of request, or a mix of kinds, that clients send again and again.
type workload struct {
	name    string
	next    requests
	token   string // sent with the requests; empty in workloads: that of the dataset
	share   target // of the processor time of a request that the bare handler needs
	rate    target // of requests a second
	p99     target // to that of the bare handler
	isPaced bool   // the part latency measures it too
}

// workloads returns what the part rate measures.
func workloads(d *dataset) []workload {
	gets, patches, titles := make([][]byte, len(d.ids)), make([][]byte, len(d.ids)), make([][]byte, len(d.titles))
	for i, id := range d.ids {
		gets[i] = get(d.items+"/"+id, d.token)
		patches[i] = newRequest("PATCH", d.items+"/"+id, d.token, patchTitle)
	}
	for i, title := range d.titles {
		titles[i] = get(d.items+titleFilter(title), d.token)
	}
	anyPatch := func(int) []byte { return patches[rand.IntN(len(patches))] }
	var filters atomic.Int64
	high, page, writes := atLeast(0.85, "0.85"), atLeast(0.4, "0.40"), atLeast(10_000, "10,000/s")
	all := []workload{
		{name: "get item, one", next: same(gets[0]), share: high},
		{name: "get item, any", next: inRotation(gets), share: high, p99: atMost(1.5, "1.5x"), isPaced: true},
		{name: "get item, plain token", next: same(get(d.items+"/"+d.ids[0], plainToken)), token: plainToken, share: high},
		{name: "list 100 items", next: same(get(d.smallItems, d.token)), share: atLeast(0.75, "0.75"), isPaced: true},
		{name: "list vaults", next: same(get("/v1/vaults", d.token))},
		{name: "filter title eq", next: inRotation(titles), share: high, isPaced: true},
		{name: "filter title eq, new title", share: atLeast(0.6, "0.60"), next: func(int) []byte {
			return get(d.items+titleFilter(fmt.Sprint("new title ", filters.Add(1))), d.token)
		}},
		{name: "activity, newest", share: page, next: same(get("/v1/activity?limit=50", d.token))},
		{name: "activity, oldest", share: page,
			next: same(get(fmt.Sprint("/v1/activity?limit=50&offset=", historySize-50), d.token))},
		{name: "activity, page by page", next: func(n int) []byte {
			return get(fmt.Sprint("/v1/activity?limit=50&offset=", n%(historySize/50)*50), d.token)
		}},
		{name: "activity and get item in turns", next: func(n int) []byte {
			if n%2 == 0 {
				return gets[rand.IntN(len(gets))]
			}
			return get("/v1/activity?limit=50", d.token)
		}},
		{name: "patch field", next: anyPatch, rate: writes, isPaced: true},
		{name: "get 90 %, patch 10 %", isPaced: true, next: func(n int) []byte {
			if rand.IntN(10) == 0 {
				return anyPatch(n)
			}
			return gets[rand.IntN(len(gets))]
		}},
		{name: "post item", next: same(d.post("bench")), rate: writes, p99: atMost(10, "10x"), isPaced: true},
	}
	for i := range all {
		if all[i].token == "" {
			all[i].token = d.token
		}
	}
	return all
}

// workloadsByName returns the requests of each workload.
func workloadsByName(d *dataset) map[string]requests {
	byName := map[string]requests{}
	for _, w := range workloads(d) {
		byName[w.name] = w.next
	}
	return byName
}

// isSelected reports whether the flag -run selects the workload.
func (s settings) isSelected(w workload) bool { return strings.Contains(w.name, s.only) }

// post returns a request that creates an item.
func (d *dataset) post(title string) []byte {
	return newRequest("POST", d.items, d.token, fmt.Sprintf(`{"title":%q,"category":"LOGIN","vault":{"id":%q},`+
		`"fields":[{"purpose":"USERNAME","value":"u"},{"purpose":"PASSWORD","value":"p"}]}`, title, d.vaultID()))
}

// vaultID returns the id of the large or only vault.
func (d *dataset) vaultID() string { return strings.Split(d.items, "/")[3] }
