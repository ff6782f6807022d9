package mockserver_test

import (
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

func TestActivity_RecordsEachRequestOnce(t *testing.T) {
	t.Parallel()
	now := newClock()
	s, d := newServer(t, withoutHistory(), connecttest.WithClock(now.Now)), demo(t)
	vault, item := d.vault("Deployments"), d.path("Deployments", "Orders Database")
	itemID := lastSegment(item)
	doc := readPaths(d)["GetVaultItemById"]
	docID := lastSegment(doc)
	calls, reader := securedCalls(d), token(s.demoToken(t, "one-vault"))
	inVault := func(kind string) connect.Resource {
		return connect.Resource{Type: kind, Vault: &connect.Ref{ID: vault}}
	}
	about := func(item string, version int) connect.Resource {
		return connect.Resource{Type: "ITEM", Vault: &connect.Ref{ID: vault}, Item: &connect.Ref{ID: item},
			ItemVersion: version}
	}
	login := d.path("Deployments", "Web Shop Admin")
	steps := []struct {
		name           string
		call           call
		options        []requestOption
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
		{"denied", call{"DELETE", login, ""}, []requestOption{reader}, 403, "DELETE", "DENY", about(lastSegment(login), 0)},
		{"denied create", calls["CreateVaultItem"], []requestOption{reader}, 403, "CREATE", "DENY", inVault("ITEM")},
		{"malformed", call{"GET", "/v1/vaults/Deployments", ""}, nil, 400, "READ", "DENY", connect.Resource{Type: "VAULT"}},
		{"bad body", call{"POST", "/v1/vaults/" + vault + "/items", "{"}, nil, 400, "CREATE", "DENY", inVault("ITEM")},
		{"refused item", call{"POST", "/v1/vaults/" + vault + "/items", `{"title":"a","category":"DOCUMENT"}`}, nil, 400, "CREATE", "DENY", inVault("ITEM")},
		{"bad filter", call{"GET", "/v1/vaults?filter=x", ""}, nil, 400, "READ", "DENY", connect.Resource{Type: "VAULT"}},
	}
	for i, step := range steps {
		now.advance(time.Minute)
		s.call(t, step.call, append(step.options,
			header("User-Agent", "step/"+strconv.Itoa(i)))...).wantStatus(t, step.status)
		log := s.activity(t, "")
		if log.total != int64(i+1) {
			t.Fatalf("%s: %d records after %d requests", step.name, log.total, i+1)
		}
		got := log.records[0]
		if got.Action != step.action || got.Result != step.result || got.Actor.UserAgent != "step/"+strconv.Itoa(i) {
			t.Errorf("%s: recorded %+v", step.name, got)
		}
		wantEqual(t, step.resource, got.Resource, "%s: resource", step.name)
		if !got.Timestamp.Equal(now.Now()) {
			t.Errorf("%s: at %s, the clock says %s", step.name, got.Timestamp, now.Now())
		}
		actor := got.Actor
		if len(actor.ID) != 26 || len(actor.Account) != 26 || len(actor.JTI) != 26 || actor.IP != "127.0.0.1" ||
			actor.RequestIP != actor.IP {
			t.Errorf("%s: actor %+v", step.name, actor)
		}
	}
	created := decode[connect.Item](t, s.call(t, calls["CreateVaultItem"]))
	wantEqual(t, about(created.ID, 1), s.activity(t, "?limit=1").records[0].Resource, "create: resource")
}

func TestActivity_NamesTheTokenAsActor(t *testing.T) {
	t.Parallel()
	s := newServer(t, withoutHistory())
	created := s.issueToken(t, controlapi.Token{Name: "other"})
	s.get(t, "/v1/vaults", token(created.Value)).wantOK(t)
	actor := s.activity(t, "").records[0].Actor
	claims := tokenClaims(t, created.Value)
	if actor.JTI != created.ID || actor.JTI != claims["jti"] || actor.Account != claims["1password.com/auuid"] ||
		actor.ID != claims["sub"] {
		t.Errorf("actor %+v, token %v", actor, claims)
	}
}

func TestActivity_OmitsRequestsOutsideVaults(t *testing.T) {
	t.Parallel()
	s := newServer(t, withoutHistory())
	for _, path := range []string{"/health", "/heartbeat", "/metrics", "/nowhere", "/v1/activity",
		"/v1/activity?limit=x", "//v1/vaults"} {
		s.get(t, path)
	}
	s.get(t, "/v1/vaults", token("nonsense"))
	s.send(t, "BREW", "/v1/vaults", nil)
	s.send(t, "OPTIONS", "/v1/nowhere", nil)
	if p := s.activity(t, ""); p.total != 0 || len(p.records) != 0 {
		t.Errorf("recorded %v", p.records)
	}
}

func TestActivity_IsNewestFirst(t *testing.T) {
	t.Parallel()
	s := newServer(t, withoutHistory())
	for i := range 300 { // more than a segment of the store
		s.get(t, "/v1/vaults", header("User-Agent", strconv.Itoa(i))).wantOK(t)
	}
	for i, record := range s.activity(t, "?limit=300").records {
		if record.Actor.UserAgent != strconv.Itoa(299-i) {
			t.Fatalf("record %d is of request %s", i, record.Actor.UserAgent)
		}
	}
}

func TestActivity_RequestIDsAreUnique(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	for range 20 {
		s.get(t, "/v1/vaults").wantOK(t)
	}
	seen := map[string]bool{}
	for _, record := range s.activity(t, "?limit=1000").records {
		if seen[record.RequestID] {
			t.Errorf("request %s is there twice", record.RequestID)
		}
		seen[record.RequestID] = true
	}
}

func TestActivity_SurvivesARestart(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "mock.db")
	onFile := withStore(file)
	first, err := connecttest.Start(onFile)
	must(t, err)
	s := &testServer{first, first.Client}
	for range 30 {
		s.get(t, "/v1/vaults").wantOK(t)
	}
	before := s.activity(t, "?limit=1000")
	s.get(t, "/v1/vaults", header("User-Agent", "last")).wantOK(t) // nothing reads it before the server ends
	must(t, first.Close())
	again := newServer(t, onFile)
	after := again.activity(t, "?limit=1000")
	if after.total != 271 || after.records[0].Actor.UserAgent != "last" {
		t.Errorf("%d records, the newest %+v", after.total, after.records[0])
	}
	wantEqual(t, before.records, after.records[1:], "the log changed")
}
