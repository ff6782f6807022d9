package mockserver_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/mockserver"
	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// From the third on, servers with the demo data start from an image of an earlier one. Nothing of it may show: each
// has a key of its own, its own data, and hides the plain token of the demo data, which it never hashed.
func TestServers_WithDemoDataShareNothing(t *testing.T) {
	t.Parallel()
	var servers []*testServer
	for range 4 {
		servers = append(servers, newServer(t))
	}
	items, vault := demo(t).items("Deployments"), demo(t).vault("Deployments")
	status, err := servers[3].Mock.Status(t.Context())
	must(t, err)
	if !status.Seeded {
		t.Error("a server says that its store was not filled")
	}
	lengths := map[int]bool{}
	for i, s := range servers {
		for j, other := range servers {
			want := http.StatusOK
			if i != j {
				want = http.StatusUnauthorized
			}
			s.get(t, "/v1/vaults", token(other.Token)).wantStatus(t, want)
		}
		s.get(t, "/v1/vaults/connectmock-demo-tokenx").wantStatus(t, http.StatusBadRequest)
		list := s.journal(t, controlapi.JournalQuery{})
		if path := list[len(list)-1].Path; strings.Contains(path, "demo-token") {
			t.Errorf("server %d shows %s", i, path)
		}
		for range i + 1 {
			s.send(t, "POST", items, fmt.Sprintf(`{"title":"own","category":"LOGIN","vault":{"id":%q}}`, vault)).wantOK(t)
		}
		lengths[len(s.get(t, items).body)] = true
	}
	if len(lengths) != len(servers) {
		t.Errorf("lists have the lengths %v: servers see items of each other", lengths)
	}
}

// A store that started from an image grows like any other, and is reset to the demo data.
func TestServers_FromAnImageGrow(t *testing.T) {
	t.Parallel()
	newServer(t)
	newServer(t)
	s := newServer(t)
	items, vault := demo(t).items("Deployments"), demo(t).vault("Deployments")
	count := func() int { return strings.Count(string(s.get(t, items).body), `"title"`) }
	before, first := count(), string(s.get(t, items).body)
	for n := range 100 {
		body := fmt.Sprintf(`{"title":"%d","category":"LOGIN","vault":{"id":%q},"fields":[{"id":"note","value":%q}]}`,
			n, vault, strings.Repeat("long ", 4000))
		s.send(t, "POST", items, body).wantOK(t)
	}
	wantEqual(t, before+100, count(), "the number of items")
	must(t, s.Mock.Reset(t.Context(), controlapi.Reset{}))
	wantEqual(t, first, string(s.get(t, items).body), "the list after a reset")
}

// What makes the data of a server differ makes it fill its own store.
func TestServers_WithOtherOptionsStartFromNoImage(t *testing.T) {
	t.Parallel()
	newServer(t)
	newServer(t)
	empty := newServer(t, connecttest.WithConfig(func(c *mockserver.Config) { c.Seed = 7 }))
	again := newServer(t, connecttest.WithConfig(func(c *mockserver.Config) { c.Seed = 7 }))
	again.get(t, "/v1/vaults", token(empty.Token)).wantOK(t) // a seed always gives the same key; tokens have the time too
}
