package console

import (
	"strings"
	"testing"

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
