package mockserver_test

import (
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// TestConcurrentClients_AddUp lets 32 clients use every operation at once. Afterwards
// versions, counts and the activity must add up exactly.
func TestConcurrentClients_AddUp(t *testing.T) {
	t.Parallel()
	const clients, rounds = 32, 2
	s, d := newServer(t, withoutHistory()).withoutCheck(), demo(t)
	vault := d.vault("Office")
	before := s.vault(t, vault)
	hot, hotPath := s.create(t, vault, `{"title":"hot","category":"LOGIN"}`)
	contested, contestedPath := s.create(t, vault, `{"title":"contested","category":"LOGIN"}`)
	file := d.file("Deployments", "Deploy Certificates", "chain.pem") + "/content"
	whole := len(s.get(t, file).wantOK(t).body)

	var recorded, writes, created, deleted, contestWins atomic.Int64
	recorded.Store(s.activityTotal(t))
	writes.Store(2)
	created.Store(2)
	var all sync.WaitGroup
	for n := range clients {
		all.Go(func() {
			c := &countingClient{t: t, server: s, recorded: &recorded, name: "client/" + strconv.Itoa(n)}
			for round := range rounds {
				tag := fmt.Sprintf("tag-%02d-%d", n, round)
				item := c.item(c.do("POST", "/v1/vaults/"+vault+"/items",
					`{"title":"`+tag+`","category":"SERVER","fields":[{"label":"a","type":"CONCEALED","generate":true}]}`, 200))
				path := "/v1/vaults/" + vault + "/items/" + item.ID
				c.do("PATCH", hotPath, `[{"op":"add","path":"/tags","value":"`+tag+`"}]`, 200)
				c.do("PUT", path, `{"title":"`+tag+` again","category":"SERVER","vault":{"id":"`+vault+`"}}`, 200)
				writes.Add(3)
				created.Add(1)
				if got := c.item(c.do("GET", path, "", 200)); got.Version != 2 || got.Title != tag+" again" {
					t.Errorf("after create and put: version %d of %q", got.Version, got.Title)
				}
				c.do("GET", "/v1/vaults/"+vault+"/items?filter=title+eq+%22"+tag+"+again%22", "", 200)
				c.do("GET", hotPath, "", 200)
				c.do("GET", hotPath+"/files", "", 200)
				c.do("GET", "/v1/vaults", "", 200)
				if got := c.do("GET", file, "", 200); len(got.body) != whole {
					t.Errorf("downloaded %d bytes of %d", len(got.body), whole)
				}
				c.do("GET", "/v1/vaults/"+noVault, "", 403)
				if round%2 == 0 {
					c.do("DELETE", path, "", 204)
					c.do("GET", path, "", 404)
					writes.Add(1)
					deleted.Add(1)
				}
				// These are not recorded.
				s.trySend(t, "GET", "/v1/activity?limit=3&offset="+strconv.Itoa(n), "")
				s.trySend(t, "GET", "/metrics", "")
				s.trySend(t, "GET", "/v1/vaults", "", token("nonsense"))
			}
			if a := c.do("DELETE", contestedPath, "", 0); a.status == 204 {
				contestWins.Add(1)
				writes.Add(1)
				deleted.Add(1)
			} else if a.status != 404 {
				t.Errorf("deleting what others delete: status %d", a.status)
			}
			value, err := s.Mock.IssueToken(t.Context(), controlapi.Token{Name: c.name})
			if err != nil {
				t.Errorf("create token: %v", err)
				return
			}
			c.do("GET", "/v1/vaults", "", 200, token(value.Value))
			if err := s.Mock.RevokeToken(t.Context(), "", c.name); err != nil {
				t.Errorf("revoke token: %v", err)
			}
			if r := s.trySend(t, "GET", "/v1/vaults", "", token(value.Value)); r.status != 401 {
				t.Errorf("a revoked token is: status %d", r.status)
			}
		})
	}
	all.Wait()

	if contestWins.Load() != 1 {
		t.Errorf("item %s was deleted %d times", contested.ID, contestWins.Load())
	}
	total := s.activityTotal(t)
	if total != recorded.Load() {
		t.Errorf("%d records of %d requests", total, recorded.Load())
	}
	ids := map[string]bool{}
	for offset := int64(0); offset < total; offset += 10000 {
		for _, record := range s.activity(t, fmt.Sprintf("?limit=10000&offset=%d", offset)).records {
			ids[record.RequestID] = true
		}
	}
	if int64(len(ids)) != total {
		t.Errorf("%d request ids in %d records", len(ids), total)
	}
	after := s.vault(t, vault)
	wantEqual(t, writes.Load(), int64(after.ContentVersion-before.ContentVersion), "contentVersion grew by")
	list := s.list(t, "/v1/vaults/"+vault+"/items")
	if want := int64(before.Items) + created.Load() - deleted.Load(); int64(after.Items) != want ||
		int64(len(list)) != want {
		t.Errorf("the vault says %d items and lists %d, want %d", after.Items, len(list), want)
	}
	it := s.item(t, hotPath)
	if it.Version != hot.Version+clients*rounds || len(it.Tags) != clients*rounds {
		t.Errorf("%d patches led to version %d with %d tags", clients*rounds, it.Version, len(it.Tags))
	}
	seen := map[string]bool{}
	for _, summary := range list {
		if seen[summary.ID] {
			t.Errorf("item %s is listed twice", summary.ID)
		}
		seen[summary.ID] = true
	}
}

// countingClient counts the requests that are recorded. It is used in goroutines, so
// it reports with Errorf only.
type countingClient struct {
	t        *testing.T
	server   *testServer
	recorded *atomic.Int64
	name     string
}

func (c *countingClient) do(method, path, body string, want int, options ...requestOption) response {
	r := c.server.trySend(c.t, method, path, body, append(options, header("User-Agent", c.name))...)
	c.recorded.Add(1)
	if want != 0 && r.status != want {
		c.t.Errorf("%s: status %d, want %d: %.300s", r.request, r.status, want, r.body)
	}
	return r
}

// item decodes an item, or returns an empty one if the request failed.
func (c *countingClient) item(r response) (it connect.Item) {
	if r.status == http.StatusOK {
		if err := strictDecode(r.body, &it); err != nil {
			c.t.Errorf("%s: %v", r.request, err)
		}
	}
	return it
}
