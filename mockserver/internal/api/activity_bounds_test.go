package api

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/mockserver/internal/journal"
	"github.com/connectmock/connectmock/mockserver/internal/store"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

func (s *Handler) get(path, agent string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Header.Set("Authorization", "Bearer local")
	r.Header.Set("User-Agent", agent)
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

func TestActivity_CutsUserAgentsAsTheJournalDoes(t *testing.T) {
	t.Parallel()
	s, path := budgetServer(t, config{}, bodyMemory)
	agent := strings.Repeat("é", 400<<10)
	for range 5 {
		if w := s.get(path, agent); w.Code != 200 {
			t.Fatal(w.Code)
		}
	}
	w := s.get("/v1/activity?limit=5", "")
	var page []connect.Activity
	if err := json.Unmarshal(w.Body.Bytes(), &page); err != nil || len(page) != 5 {
		t.Fatalf("%v, %d records", err, len(page))
	}
	kept, err := s.backend.QueryJournal(controlapi.JournalQuery{})
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
	s, _ := budgetServer(t, config{}, bodyMemory)
	var account string
	if err := s.backend.Store.View(t.Context(), func(tx *store.Tx) error {
		all, err := tx.Accounts()
		account = all[0].ID
		return err
	}); err != nil {
		t.Fatal(err)
	}
	for _, agent := range []string{strings.Repeat("a", 800<<10), strings.Repeat("b", 800<<10)} {
		s.backend.Store.Record(account, connect.Activity{Action: "READ", Result: "SUCCESS", RequestID: "x", Actor: connect.Actor{Account: account, UserAgent: agent}})
	}
	page, total, err := s.backend.Store.Activity(context.Background(), account, 0, 2)
	if err != nil || total < 2 || len(page) != 2 {
		t.Fatal(err, total, len(page))
	}
	for i, start := range []string{"bbb", "aaa"} {
		if got := page[i].Actor.UserAgent; len(got) > journal.MaxUserAgent || !strings.HasPrefix(got, start) || page[i].Action != "READ" {
			t.Errorf("%d bytes: %.20q", len(got), got)
		}
	}
}

func TestActivity_EndsPagesThatAreTooLarge(t *testing.T) {
	t.Parallel()
	s, path := budgetServer(t, config{}, bodyMemory)
	agent := strings.Repeat("\x7f<", 120) // each < takes six bytes in JSON
	a := connect.Activity{Action: "READ", Result: "SUCCESS", Actor: connect.Actor{UserAgent: agent}}
	page := make([]connect.Activity, maxPage)
	for i := range page {
		page[i] = a
	}
	body, n := activityJSON(page)
	var read []connect.Activity
	if err := json.Unmarshal(body, &read); err != nil || len(read) != n || n == 0 || n == maxPage || len(body) > maxPageBytes+4096 {
		t.Errorf("%v: %d records of %d, %d bytes", err, len(read), n, len(body))
	}
	if whole, n := activityJSON(page[:3]); n != 3 || !json.Valid(whole) {
		t.Errorf("%d records, %.100s", n, whole)
	}
	s.get(path, "one")
	s.get(path, "two")
	if w := s.get("/v1/activity?limit=10000", ""); w.Code != 200 || !strings.HasPrefix(w.Header().Get("Content-Range"), "1-") {
		t.Errorf("%d, %q", w.Code, w.Header().Get("Content-Range"))
	}
	s.waitForMemory(func(used int64, _ int) bool { return used == 0 })
}

func TestExplanations_CutLongTitles(t *testing.T) {
	t.Parallel()
	s, path := budgetServer(t, config{}, bodyMemory)
	s.create(t, path, `{"title":"needle`+strings.Repeat("x", 1<<20)+`","category":"LOGIN"}`)
	if w := s.get(path+`?filter=title+eq+%22needle%22`, ""); w.Code != 200 || w.Body.String() != "[]" {
		t.Fatalf("%d %.100s", w.Code, w.Body)
	}
	kept, err := s.backend.QueryJournal(controlapi.JournalQuery{})
	if err != nil {
		t.Fatal(err)
	}
	out, err := s.Explain(t.Context(), kept.Entries[len(kept.Entries)-1].ID)
	if err != nil || len(out.Near) == 0 {
		t.Fatalf("%v: %+v", err, out)
	}
	for _, line := range out.Near {
		if len(line) > maxLine {
			t.Errorf("%d bytes", len(line))
		}
	}
}
