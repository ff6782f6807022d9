package console

import (
	"strings"
	"testing"
	"time"

	"github.com/connectmock/connectmock/mockserver"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

func TestOverview_ShowsWhatRuns(t *testing.T) {
	t.Parallel()
	b := startConsole(t, "")
	token := b.clientToken()
	page := b.get("/").expect(200, "1Password Connect 1.8.2", "http://127.0.0.1:8080", "memory:", "3 vaults, 26 items",
		"No requests in the last 10 minutes", "No request was refused", "Make a request with a valid bearer token",
		"OP_CONNECT_TOKEN=TOKEN", "http://host.docker.internal:8080", "!"+token)
	page.submit("/token").expect(200, "export OP_CONNECT_TOKEN="+token)
	b.get("/").expect(200, "!"+token)

	b.callMock(token, "GET", "/v1/vaults", "")
	b.callMock("wrong", "GET", "/v1/vaults", "")
	if _, err := b.mock.AddFault(t.Context(), controlapi.Fault{Name: "gone", Preset: "sync-down"}); err != nil {
		t.Fatal(err)
	}
	page = b.get("/").expect(200, "2 requests in the last 10 minutes, 1 refused", "GET /v1/vaults 401", "gone all always sync-down",
		"sync INACTIVE")
	if n := len(page.all("svg", "role", "img")); n != 2 {
		t.Errorf("%d charts", n)
	}
	b.get("/requests").expect(200, "1 to 2 of 2") // no request of the console itself
}

func TestOverview_FollowsTheJournal(t *testing.T) {
	t.Parallel()
	b := startConsole(t, "")
	events := b.follow("/console/events")
	b.callMock("wrong", "GET", "/v1/vaults", "")
	event := events.next()
	for !strings.Contains(event, "1 refused") && event != "" { // the state before the request may come first
		event = events.next()
	}
	if !strings.Contains(event, `data: <div id="now">`) {
		t.Errorf("the event is %q", event)
	}
}

func TestOverview_NeedsNoJournal(t *testing.T) {
	t.Parallel()
	b := startWith(t, mockserver.Config{JournalSize: -1})
	b.get("/").submit("/sign-in", "token", controlToken).expect(200, "none is kept", "!Last refusals")
}

func TestTraffic_CountsByTime(t *testing.T) {
	t.Parallel()
	now := time.Date(2030, 1, 1, 12, 0, 0, 0, time.UTC)
	entry := func(age time.Duration, status int, took time.Duration) controlapi.Entry {
		return controlapi.Entry{Time: now.Add(-age), Status: status, Took: controlapi.Duration(took)}
	}
	got := summarize([]controlapi.Entry{
		entry(time.Hour, 200, time.Hour), entry(-time.Second, 200, time.Hour), // outside
		entry(25*time.Second, 200, time.Millisecond), entry(24*time.Second, 404, 2*time.Millisecond),
		entry(0, 0, 4*time.Millisecond), entry(time.Second, 200, 3*time.Millisecond),
		entry(9*time.Second, 200, time.Millisecond), entry(2*time.Second, 200, time.Millisecond),
	}, now)
	if got.Requests != 6 || got.Refused != 2 || got.Median != 2*time.Millisecond || got.Slowest != 4*time.Millisecond {
		t.Errorf("%+v", got)
	}
	if last := got.Rate[chartBars-1]; last != (bar{X: 295, Y: 0, Height: 40, RefusedY: 30, Refused: 10}) {
		t.Errorf("the last bar is %+v", last)
	}
	if third := got.Rate[chartBars-3]; third != (bar{X: 285, Y: 20, Height: 20, RefusedY: 30, Refused: 10}) {
		t.Errorf("the bar of 20 to 30 seconds ago is %+v", third)
	}
	if third := got.Latency[chartBars-3]; third.Height != 20 {
		t.Errorf("its latency is %+v", third)
	}
}
