package mockserver_test

import (
	"errors"
	"strconv"
	"testing"
	"time"

	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/mockserver"
	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// newServerKeeping starts a server that keeps so much activity, with a history.
func newServerKeeping(t *testing.T, history int, keep mockserver.ActivityRetention,
	more ...connecttest.Option) *testServer {
	t.Helper()
	w := fixtures.Demo()
	w.Accounts[0].History = history
	return newServer(t, append(more,
		connecttest.WithConfig(func(c *mockserver.Config) { c.Fixture, c.ActivityRetention = w, keep }))...)
}

// activityRange returns a page of the activity and its Content-Range.
func (r *testServer) activityRange(t testing.TB, query string) ([]connect.Activity, string) {
	t.Helper()
	a := r.get(t, "/v1/activity"+query).wantOK(t)

	return decode[[]connect.Activity](t, a), a.header.Get("Content-Range")
}

func TestRetention_ByCount(t *testing.T) {
	t.Parallel()
	s := newServerKeeping(t, 300, mockserver.ActivityRetention{Records: 100})
	check := func(when, query string, records int, part string) {
		t.Helper()
		if page, got := s.activityRange(t, query); len(page) != records || got != part {
			t.Errorf("%s, %q: %d records, %s; want %d, %s", when, query, len(page), got, records, part)
		}
	}
	check("at first", "", 50, "1-50/100")
	check("at first", "?offset=90&limit=20", 10, "91-100/100")
	check("at first", "?offset=100", 0, "0-0/100")
	ctx := t.Context()
	s.saveSnapshot(t, controlapi.NewSnapshot{Name: "before"})
	for range 250 {
		s.get(t, "/v1/vaults").wantOK(t)
	}
	check("after 250 more", "?limit=1000", 100, "1-100/100")
	switch d, err := s.Mock.DiffSnapshots(ctx, "", "before", ""); {
	case err != nil:
		t.Fatal(err)
	case d.Activity != 250:
		t.Errorf("%d records more than in the snapshot, want 250", d.Activity)
	}
	s.restoreSnapshot(t, "", "before")
	check("restored", "?offset=99", 1, "100-100/100")
	must(t, s.Mock.Reset(ctx, controlapi.Reset{}))
	check("reset", "", 50, "1-50/100")
}

// The age follows the clock of the account, for the history of the fixture too.
func TestRetention_ByAge(t *testing.T) {
	t.Parallel()
	now := newClock()
	s := newServerKeeping(t, 200, mockserver.ActivityRetention{Age: time.Hour}, connecttest.WithClock(now.Now))
	total := func(when string, want int) {
		t.Helper()
		if page, part := s.activityRange(t, "?limit=1000"); len(page) != want {
			t.Errorf("%s: %d records, %s; want %d", when, len(page), part, want)
		}
	}
	s.setClock(t, "", advanceBy(2*time.Hour))
	total("when the history is old", 0)
	for range 3 {
		s.get(t, "/v1/vaults").wantOK(t)
	}
	s.setClock(t, "", advanceBy(30*time.Minute))
	s.get(t, "/v1/vaults").wantOK(t)
	total("half an hour later", 4)
	s.setClock(t, "", advanceBy(30*time.Minute))
	total("when three are an hour old", 4)
	s.setClock(t, "", advanceBy(time.Second))
	total("a second later", 1)
}

func TestRetention_Defaults(t *testing.T) {
	t.Parallel()
	const history = 1000
	for name, c := range map[string]struct {
		keep  mockserver.ActivityRetention
		total string
	}{
		"default: the whole history": {mockserver.ActivityRetention{}, "1-1/1000"},
		"unlimited":                  {mockserver.ActivityRetention{Unlimited: true}, "1-1/1000"},
		"by count":                   {mockserver.ActivityRetention{Records: 7}, "1-1/7"},
	} {
		if _, part := newServerKeeping(t, history, c.keep).activityRange(t, "?limit=1"); part != c.total {
			t.Errorf("%s: %s, want %s", name, part, c.total)
		}
	}
	for _, keep := range []mockserver.ActivityRetention{{Records: -1}, {Age: -1}, {Age: 1},
		{Records: 1, Unlimited: true}} {
		var wrong *mockserver.ConfigError
		if _, err := mockserver.New(t.Context(), mockserver.Config{ActivityRetention: keep}); !errors.As(err, &wrong) {
			t.Errorf("%+v: %v", keep, err)
		}
	}
}

// Metrics count the records that are not stored yet. The control's page of the
// activity stores them.
func TestMetrics_CountPendingActivity(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.get(t, "/v1/vaults").wantOK(t)
	if _, err := s.Mock.Activity(t.Context(), controlapi.ActivityQuery{}); err != nil {
		t.Fatal(err)
	}
	samples := s.metrics(t)
	for _, name := range []string{"pending_records", "pending_bytes", "dropped_total"} {
		if value, ok := samples["connectmock_activity_"+name]; !ok || value != 0 {
			t.Errorf("%s is %s, there: %t", name, strconv.FormatFloat(value, 'g', -1, 64), ok)
		}
	}
}
