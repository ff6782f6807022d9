package mockserver_test

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/connectmock/connectmock/openapi/connect"
	"pgregory.net/rapid"
)

// activityPage is a page of the activity with its Content-Range.
type activityPage struct {
	records            []connect.Activity
	first, last, total int64
}

func (r *testServer) activity(t tb, query string, options ...requestOption) (p activityPage) {
	t.Helper()
	a := r.get(t, "/v1/activity"+query, options...)
	p.records = decode[[]connect.Activity](t, a)
	if _, err := fmt.Sscanf(a.header.Get("Content-Range"), "%d-%d/%d", &p.first, &p.last, &p.total); err != nil {
		t.Fatalf("Content-Range is %q", a.header.Get("Content-Range"))
	}
	return p
}

func (r *testServer) activityTotal(t tb) int64 {
	t.Helper()
	return r.activity(t, "?limit=0").total
}

func TestActivity_Pages(t *testing.T) {
	t.Parallel()
	s := newServer(t) // 240 records
	all := s.activity(t, "?limit=1000").records
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
		wantEqual(t, all[want.from:want.to], decode[[]connect.Activity](t, a), "%s: wrong page", query)
		wantEqual(t, want.header, a.header.Get("Content-Range"), "%s: Content-Range", query)
	}
	for _, query := range []string{
		"?limit=-1", "?offset=-1", "?limit=x", "?offset=x", "?limit=1.5", "?limit=1e3", "?limit=0x10", "?limit=", "?offset=", "?limit",
		"?limit=9223372036854775808", "?offset=-9223372036854775809", "?limit=1&limit=2", "?limit=%zz", "?limit=1;offset=2", "?limit=+5", "?limit=%205", "?limit=１",
	} {
		name := "limit"
		if strings.Contains(query, "offset") && !strings.Contains(query, "limit") {
			name = "offset"
		}
		e := s.get(t, "/v1/activity"+query).apiError(t)
		if e.Status != 400 || !strings.HasPrefix(e.Message, "Validation: (invalid query parameter), "+name+" must") {
			t.Errorf("%s: got %v", query, &e)
		}
	}
}

// Pages that are read in order hold each older record exactly once while new ones
// are written, because positions count from the oldest record.
func TestActivity_PagesHoldEachRecordOnce(t *testing.T) {
	t.Parallel()
	s := newServer(t, withoutHistory(), connecttest.WithoutSocket()).withoutCheck()
	created := 0
	rapid.Check(t, func(t *rapid.T) {
		write := func(n int) {
			for range n {
				created++
				s.get(t, "/v1/vaults", header("User-Agent", strconv.Itoa(created))).wantOK(t)
			}
		}
		oldest := created
		write(rapid.IntRange(0, 60).Draw(t, "records"))
		before, size, offset := created, rapid.IntRange(1, 25).Draw(t, "page size"), 0
		seen := map[int]bool{}
		for created-offset > oldest {
			p := s.activity(t, fmt.Sprintf("?limit=%d&offset=%d", size, offset))
			if p.total != int64(created) {
				t.Fatalf("%d records, %d were created", p.total, created)
			}
			if p.first != int64(offset+1) || p.last != int64(offset+len(p.records)) || len(p.records) != min(size, created-offset) {
				t.Fatalf("offset %d of %d, limit %d: %d records, Content-Range %d-%d", offset, created, size,
					len(p.records), p.first, p.last)
			}
			for i, record := range p.records {
				if want := created - offset - i; record.Actor.UserAgent != strconv.Itoa(want) {
					t.Fatalf("at %d of %d is record %s", offset+i, created, record.Actor.UserAgent)
				}
				seen[created-offset-i] = true
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

func TestActivity_PagesAreStableWhileOthersWrite(t *testing.T) {
	t.Parallel()
	s := newServer(t, withoutHistory()).withoutCheck()
	var writers sync.WaitGroup
	for range 4 {
		writers.Go(func() {
			for range 100 {
				s.get(t, "/v1/vaults")
			}
		})
	}
	defer writers.Wait()
	at := map[int64]string{} // ids of requests by position from the oldest
	for offset, rounds := int64(0), 0; rounds < 100; rounds++ {
		p := s.activity(t, fmt.Sprintf("?limit=20&offset=%d", offset))
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
