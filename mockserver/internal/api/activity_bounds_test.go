package api

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/connectmock/connectmock/mockserver/internal/backend/vaults"
	"github.com/connectmock/connectmock/mockserver/internal/journal"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

func TestActivity_CutsUserAgentsAsTheJournalDoes(t *testing.T) {
	t.Parallel()
	h := open(t, config{})
	r := request(http.MethodGet, itemsPath(), nil)
	r.Header.Set("User-Agent", strings.Repeat("é", 400<<10))
	for range 5 {
		if w := h.serveRequest(r); w.Code != 200 {
			t.Fatal(w.Code)
		}
	}
	var page []connect.Activity
	if err := json.Unmarshal([]byte(h.get(t, "/v1/activity?limit=5")), &page); err != nil || len(page) != 5 {
		t.Fatalf("%v, %d records", err, len(page))
	}
	kept, err := h.backend.QueryJournal(t.Context(), controlapi.JournalQuery{})
	if err != nil {
		t.Fatal(err)
	}
	for i, a := range page {
		got := a.Actor.UserAgent
		if len(got) > journal.MaxUserAgent || !strings.HasPrefix(got, "ééé") || !strings.HasSuffix(got, "…") {
			t.Errorf("%d bytes: %.20q", len(got), got)
		}
		if got != kept.Entries[i].UserAgent {
			t.Errorf("the journal has %.20q", kept.Entries[i].UserAgent)
		}
	}
}

func TestActivity_ReadsLongUserAgentsOfOlderStores(t *testing.T) {
	t.Parallel()
	b := open(t, config{}).backend
	accounts, err := b.Accounts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	account := accounts[0].ID
	for _, agent := range []string{strings.Repeat("a", 800<<10), strings.Repeat("b", 800<<10)} {
		record := connect.Activity{Action: "READ", Actor: connect.Actor{Account: account, UserAgent: agent}}
		b.Vaults.Record(account, record, vaults.Outcome{At: time.Now(), Success: true})
	}
	encoded, err := b.Vaults.Activity(t.Context(), vaults.View{Account: account}, 0, 2)
	if err != nil {
		t.Fatal(err)
	}
	var page []connect.Activity
	if err := json.Unmarshal(encoded.Body, &page); err != nil || encoded.Total < 2 || len(page) != 2 {
		t.Fatal(err, encoded.Total, len(page))
	}
	for i, start := range []string{"bbb", "aaa"} {
		got := page[i].Actor.UserAgent
		if len(got) > journal.MaxUserAgent || !strings.HasPrefix(got, start) || page[i].Action != "READ" {
			t.Errorf("%d bytes: %.20q", len(got), got)
		}
	}
}

func TestActivity_ReleasesTheMemoryOfLargePages(t *testing.T) {
	t.Parallel()
	h := open(t, config{})
	h.get(t, itemsPath())
	w := h.serveRequest(request(http.MethodGet, "/v1/activity?limit=10000", nil))
	if w.Code != 200 || !strings.HasPrefix(w.Header().Get("Content-Range"), "1-") {
		t.Errorf("%d, %q", w.Code, w.Header().Get("Content-Range"))
	}
	h.waitForMemory(func(used int64, _ int) bool { return used == 0 })
}
