package mockserver_test

import (
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/mockserver"
	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// page is one page of the log with what Content-Range says of it.
type page struct {
	records            []connect.Activity
	first, last, total int64
}

func (r *rig) page(t tb, query string, parts ...part) (p page) {
	t.Helper()
	a := r.get(t, "/v1/activity"+query, parts...)
	p.records = as[[]connect.Activity](t, a)
	if _, err := fmt.Sscanf(a.header.Get("Content-Range"), "%d-%d/%d", &p.first, &p.last, &p.total); err != nil {
		t.Fatalf("Content-Range is %q", a.header.Get("Content-Range"))
	}
	return p
}

func (r *rig) total(t tb) int64 {
	t.Helper()
	return r.page(t, "?limit=0").total
}

// quiet is a world without a history.
func quiet() connecttest.Option {
	w := fixtures.Demo()
	w.Accounts[0].History = 0
	return connecttest.WithWorld(w)
}

func TestEveryRequestLeavesOneRecord(t *testing.T) {
	t.Parallel()
	now := newClock()
	s, d := open(t, quiet(), connecttest.WithClock(now.Now)), demo(t)
	vault, item := d.vault("Deployments"), d.path("Deployments", "Orders Database")
	itemID := item[strings.LastIndex(item, "/")+1:]
	doc := addresses(d)["GetVaultItemById"]
	docID := doc[strings.LastIndex(doc, "/")+1:]
	calls, reader := secured(d), token(s.demoToken(t, "one-vault"))
	inVault := func(kind string) connect.Resource {
		return connect.Resource{Type: kind, Vault: &connect.Ref{ID: vault}}
	}
	about := func(item string, version int) connect.Resource {
		return connect.Resource{Type: "ITEM", Vault: &connect.Ref{ID: vault}, Item: &connect.Ref{ID: item}, ItemVersion: version}
	}
	login := d.path("Deployments", "Web Shop Admin")
	steps := []struct {
		name           string
		call           call
		parts          []part
		status         int
		action, result string
		resource       connect.Resource
	}{
		{"list vaults", calls["GetVaults"], nil, 200, "READ", "SUCCESS", connect.Resource{Type: "VAULT"}},
		{"vault", calls["GetVaultById"], nil, 200, "READ", "SUCCESS", inVault("VAULT")},
		{"list items", calls["GetVaultItems"], nil, 200, "READ", "SUCCESS", inVault("VAULT")},
		{"item", call{"GET", item, ""}, nil, 200, "READ", "SUCCESS", about(itemID, 1)},
		{"item again, from the cache", call{"GET", item, ""}, nil, 200, "READ", "SUCCESS", about(itemID, 1)},
		{"replace", calls["UpdateVaultItem"], nil, 200, "UPDATE", "SUCCESS", about(itemID, 2)},
		{"patch", call{"PATCH", item, `[{"op":"replace","path":"/title","value":"x"}]`}, nil, 200, "UPDATE", "SUCCESS", about(itemID, 3)},
		{"patch of nothing", call{"PATCH", item, `[]`}, nil, 200, "UPDATE", "SUCCESS", about(itemID, 3)},
		{"list files", calls["GetItemFiles"], nil, 200, "READ", "SUCCESS", about(docID, 1)},
		{"file", calls["GetDetailsOfFileById"], nil, 200, "READ", "SUCCESS", about(docID, 1)},
		{"download", calls["DownloadFileByID"], nil, 200, "READ", "SUCCESS", about(docID, 1)},
		{"delete", call{"DELETE", item, ""}, nil, 204, "DELETE", "SUCCESS", about(itemID, 3)},
		{"gone", call{"GET", item, ""}, nil, 404, "READ", "DENY", about(itemID, 0)},
		{"denied", call{"DELETE", login, ""}, []part{reader}, 403, "DELETE", "DENY", about(login[strings.LastIndex(login, "/")+1:], 0)},
		{"denied create", calls["CreateVaultItem"], []part{reader}, 403, "CREATE", "DENY", inVault("ITEM")},
		{"malformed", call{"GET", "/v1/vaults/Deployments", ""}, nil, 400, "READ", "DENY", connect.Resource{Type: "VAULT"}},
		{"bad body", call{"POST", "/v1/vaults/" + vault + "/items", "{"}, nil, 400, "CREATE", "DENY", inVault("ITEM")},
		{"refused item", call{"POST", "/v1/vaults/" + vault + "/items", `{"title":"a","category":"DOCUMENT"}`}, nil, 400, "CREATE", "DENY", inVault("ITEM")},
		{"bad filter", call{"GET", "/v1/vaults?filter=x", ""}, nil, 400, "READ", "DENY", connect.Resource{Type: "VAULT"}},
	}
	for i, step := range steps {
		now.advance(time.Minute)
		s.call(t, step.call, append(step.parts, header("User-Agent", "step/"+strconv.Itoa(i)))...).is(t, step.status)
		log := s.page(t, "")
		if log.total != int64(i+1) {
			t.Fatalf("%s: %d records after %d requests", step.name, log.total, i+1)
		}
		got := log.records[0]
		if got.Action != step.action || got.Result != step.result || got.Actor.UserAgent != "step/"+strconv.Itoa(i) {
			t.Errorf("%s: recorded %+v", step.name, got)
		}
		if diff := cmp.Diff(step.resource, got.Resource); diff != "" {
			t.Errorf("%s: resource (-want +got):\n%s", step.name, diff)
		}
		if !got.Timestamp.Equal(now.Now()) {
			t.Errorf("%s: at %s, the clock says %s", step.name, got.Timestamp, now.Now())
		}
		actor := got.Actor
		if len(actor.ID) != 26 || len(actor.Account) != 26 || len(actor.JTI) != 26 || actor.IP != "127.0.0.1" || actor.RequestIP != actor.IP {
			t.Errorf("%s: actor %+v", step.name, actor)
		}
	}
	made := as[connect.Item](t, s.call(t, calls["CreateVaultItem"]))
	if diff := cmp.Diff(about(made.ID, 1), s.page(t, "?limit=1").records[0].Resource); diff != "" {
		t.Errorf("create: resource (-want +got):\n%s", diff)
	}
}

func TestActorIsTheToken(t *testing.T) {
	t.Parallel()
	s := open(t, quiet())
	made, err := s.Mock.CreateToken(t.Context(), mockserver.Token{Name: "other"})
	if err != nil {
		t.Fatal(err)
	}
	s.get(t, "/v1/vaults", token(made.Value)).ok(t)
	actor := s.page(t, "").records[0].Actor
	claims := claimsOf(t, made.Value)
	if actor.JTI != made.ID || actor.JTI != claims["jti"] || actor.Account != claims["1password.com/auuid"] || actor.ID != claims["sub"] {
		t.Errorf("actor %+v, token %v", actor, claims)
	}
}

func TestWhatLeavesNoRecord(t *testing.T) {
	t.Parallel()
	s := open(t, quiet())
	for _, path := range []string{"/health", "/heartbeat", "/metrics", "/nowhere", "/v1/activity", "/v1/activity?limit=x", "//v1/vaults"} {
		s.get(t, path)
	}
	s.get(t, "/v1/vaults", token("nonsense"))
	s.send(t, "BREW", "/v1/vaults", nil)
	s.send(t, "OPTIONS", "/v1/nowhere", nil)
	if p := s.page(t, ""); p.total != 0 || len(p.records) != 0 {
		t.Errorf("recorded %v", p.records)
	}
}

func TestPagesOfTheLog(t *testing.T) {
	t.Parallel()
	s := open(t) // 240 records
	all := s.page(t, "?limit=1000").records
	if len(all) != 240 {
		t.Fatalf("%d records", len(all))
	}
	const maximum = "9223372036854775807"
	for query, want := range map[string]struct {
		from, to int
		header   string
	}{
		"":                                {0, 50, "1-50/240"},
		"?":                               {0, 50, "1-50/240"},
		"?limit=50":                       {0, 50, "1-50/240"},
		"?limit=1":                        {0, 1, "1-1/240"},
		"?limit=0":                        {0, 0, "0-0/240"},
		"?limit=0&offset=10":              {0, 0, "0-0/240"},
		"?limit=240":                      {0, 240, "1-240/240"},
		"?limit=241":                      {0, 240, "1-240/240"},
		"?limit=" + maximum:               {0, 240, "1-240/240"},
		"?offset=0":                       {0, 50, "1-50/240"},
		"?offset=1":                       {1, 51, "2-51/240"},
		"?offset=200":                     {200, 240, "201-240/240"},
		"?offset=239":                     {239, 240, "240-240/240"},
		"?offset=240":                     {0, 0, "0-0/240"},
		"?offset=241":                     {0, 0, "0-0/240"},
		"?offset=" + maximum:              {0, 0, "0-0/240"},
		"?limit=10&offset=235":            {235, 240, "236-240/240"},
		"?offset=2&limit=6":               {2, 8, "3-8/240"},
		"?limit=%31":                      {0, 1, "1-1/240"},
		"?limit=007":                      {0, 7, "1-7/240"},
		"?limit=5&unknown=1&=&x":          {0, 5, "1-5/240"},
		"?limit=" + maximum + "&offset=1": {1, 240, "2-240/240"},
	} {
		a := s.get(t, "/v1/activity"+query)
		if diff := cmp.Diff(all[want.from:want.to], as[[]connect.Activity](t, a)); diff != "" {
			t.Errorf("%s: wrong page (-want +got):\n%s", query, diff)
		}
		if got := a.header.Get("Content-Range"); got != want.header {
			t.Errorf("%s: Content-Range is %q, want %q", query, got, want.header)
		}
	}
	for _, query := range []string{
		"?limit=-1", "?offset=-1", "?limit=x", "?offset=x", "?limit=1.5", "?limit=1e3", "?limit=0x10", "?limit=", "?offset=", "?limit",
		"?limit=9223372036854775808", "?offset=-9223372036854775809", "?limit=1&limit=2", "?limit=%zz", "?limit=1;offset=2", "?limit=+5", "?limit=%205", "?limit=１",
	} {
		name := "limit"
		if strings.Contains(query, "offset") && !strings.Contains(query, "limit") {
			name = "offset"
		}
		e := s.get(t, "/v1/activity"+query).refusal(t)
		if e.Status != 400 || !strings.HasPrefix(e.Message, "Validation: (invalid query parameter), "+name+" must") {
			t.Errorf("%s: answered %v", query, &e)
		}
	}
}

func TestNewestFirst(t *testing.T) {
	t.Parallel()
	s := open(t, quiet())
	for i := range 300 { // more than a segment of the store
		s.get(t, "/v1/vaults", header("User-Agent", strconv.Itoa(i))).ok(t)
	}
	for i, record := range s.page(t, "?limit=300").records {
		if record.Actor.UserAgent != strconv.Itoa(299-i) {
			t.Fatalf("record %d is of request %s", i, record.Actor.UserAgent)
		}
	}
}

func TestRequestIDsAreUnique(t *testing.T) {
	t.Parallel()
	s := open(t)
	for range 20 {
		s.get(t, "/v1/vaults").ok(t)
	}
	seen := map[string]bool{}
	for _, record := range s.page(t, "?limit=1000").records {
		if seen[record.RequestID] {
			t.Errorf("request %s is there twice", record.RequestID)
		}
		seen[record.RequestID] = true
	}
}

// Pages read one after the other, while others write, hold every record of
// before exactly once: positions counted from the oldest record stay.
func TestPagesPartitionTheLog(t *testing.T) {
	t.Parallel()
	s := open(t, quiet(), connecttest.WithoutSocket()).bare()
	made := 0
	rapid.Check(t, func(t *rapid.T) {
		write := func(n int) {
			for range n {
				made++
				s.get(t, "/v1/vaults", header("User-Agent", strconv.Itoa(made))).ok(t)
			}
		}
		oldest := made
		write(rapid.IntRange(0, 60).Draw(t, "records"))
		before, size, offset := made, rapid.IntRange(1, 25).Draw(t, "page size"), 0
		seen := map[int]bool{}
		for made-offset > oldest {
			p := s.page(t, fmt.Sprintf("?limit=%d&offset=%d", size, offset))
			if p.total != int64(made) {
				t.Fatalf("%d records, %d were made", p.total, made)
			}
			if p.first != int64(offset+1) || p.last != int64(offset+len(p.records)) || len(p.records) != min(size, made-offset) {
				t.Fatalf("offset %d of %d, limit %d: %d records, Content-Range %d-%d", offset, made, size, len(p.records), p.first, p.last)
			}
			for i, record := range p.records {
				if want := made - offset - i; record.Actor.UserAgent != strconv.Itoa(want) {
					t.Fatalf("at %d of %d is record %s", offset+i, made, record.Actor.UserAgent)
				}
				seen[made-offset-i] = true
			}
			offset += len(p.records)
			write(rapid.IntRange(0, min(3, size-1)).Draw(t, "more"))
		}
		for i := oldest + 1; i <= before; i++ {
			if !seen[i] {
				t.Fatalf("record %d of %d was in no page", i, before)
			}
		}
	})
}

func TestPagesHoldWhileOthersWrite(t *testing.T) {
	t.Parallel()
	s := open(t, quiet()).bare()
	var writers sync.WaitGroup
	for range 4 {
		writers.Go(func() {
			for range 100 {
				s.get(t, "/v1/vaults")
			}
		})
	}
	defer writers.Wait()
	at := map[int64]string{} // by position from the oldest
	for offset, rounds := int64(0), 0; rounds < 100; rounds++ {
		p := s.page(t, fmt.Sprintf("?limit=20&offset=%d", offset))
		for i, record := range p.records {
			position := p.total - offset - int64(i)
			if old, ok := at[position]; ok && old != record.RequestID {
				t.Fatalf("record %d was %s, is %s", position, old, record.RequestID)
			}
			at[position] = record.RequestID
		}
		if offset += 20; len(p.records) == 0 {
			offset = 0
		}
	}
}

func TestActivitySurvivesRestart(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "mock.db")
	onFile := connecttest.WithConfig(func(c *mockserver.Config) { c.Store = file })
	first, err := connecttest.Start(onFile)
	if err != nil {
		t.Fatal(err)
	}
	s := &rig{first, first.Client}
	for range 30 {
		s.get(t, "/v1/vaults").ok(t)
	}
	before := s.page(t, "?limit=1000")
	s.get(t, "/v1/vaults", header("User-Agent", "last")).ok(t) // not asked for before the end
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	again := open(t, onFile)
	after := again.page(t, "?limit=1000")
	if after.total != 271 || after.records[0].Actor.UserAgent != "last" {
		t.Errorf("%d records, the newest %+v", after.total, after.records[0])
	}
	if diff := cmp.Diff(before.records, after.records[1:]); diff != "" {
		t.Errorf("the log changed (-want +got):\n%s", diff)
	}
}
