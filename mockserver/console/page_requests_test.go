package console

import (
	"bufio"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/connectmock/connectmock/mockserver"
	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/google/go-cmp/cmp"
)

// testTimeout is how long a test waits for an event before it fails.
const testTimeout = time.Minute

// clientToken returns the value of a token that may do everything.
func (b *browser) clientToken() string {
	b.t.Helper()
	token, err := b.mock.FirstToken(b.t.Context())
	if err != nil {
		b.t.Fatal(err)
	}
	return token
}

func TestRequests_AreFiltered(t *testing.T) {
	t.Parallel()
	b := startConsole(t, "")
	b.get("/requests").expect(200, "No request here yet")
	token := b.clientToken()
	b.callMock(token, "GET", "/v1/vaults", "")
	b.callMock(token, "GET", "/v1/vaults/nowhere", "")
	b.callMock("wrong", "GET", "/v1/vaults", "")
	b.get("/requests").expect(200, "1 to 3 of 3", "/v1/vaults/nowhere", "!"+token)
	for query, want := range map[string]string{
		"status=4xx": "1 to 2 of 2", "operation=GetVaults": "1 to 2 of 2", "operation=GetVaults&status=200": "1 to 1 of 1",
		"caller=read-write": "1 to 2 of 2",
	} {
		b.get("/requests?"+query).expect(200, want)
	}
	b.get("/requests?status=abc").expect(400, "status")
	b.get("/requests?operation=GetVault").expect(400, "GetVault")
	b.get("/requests?account=nobody").expect(404, "nobody")
	b.get("/requests?offset=99999999999999999999").expect(200, "No request here yet")
	b.get("/requests").submit("/requests/clear").expect(200, "Removed the requests", "connectmock ctl journal clear", "No request here yet")
}

func TestRequests_ArePaged(t *testing.T) {
	t.Parallel()
	b := startConsole(t, "")
	for range 2*requestsPerPage + 5 {
		b.callMock("", "GET", "/v1/vaults", "")
	}
	first := b.get("/requests").expect(200, "1 to 50 of 105", "!Previous").expectRows(105, 56)
	second := b.get(first.link("next")).expect(200, "51 to 100 of 105", "!data-live=").expectRows(55, 6)
	last := b.get(second.link("next")).expect(200, "101 to 105 of 105", "!Next").expectRows(5, 1)
	b.get(last.link("prev")).expect(200, "51 to 100 of 105")
}

// link returns the address of the page before ("prev") or after ("next").
func (d *document) link(rel string) string {
	d.b.t.Helper()
	links := d.all("a", "rel", rel)
	if len(links) != 1 {
		d.b.t.Fatalf("%s has %d links to %s", d.at, len(links), rel)
	}
	return attribute(links[0], "href")
}

// expectRows checks that the page has the requests with the ids from first down to last.
func (d *document) expectRows(first, last int) *document {
	d.b.t.Helper()
	var want, got []string
	for id := first; id >= last; id-- {
		want = append(want, fmt.Sprintf("request-%d", id))
	}
	for _, row := range d.all("tr", "", "") {
		if id := attribute(row, "id"); id != "" {
			got = append(got, id)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		d.b.t.Errorf("%s: %s", d.at, diff)
	}
	return d
}

func TestRequest_IsExplained(t *testing.T) {
	t.Parallel()
	b := startConsole(t, "")
	token := b.clientToken()
	if _, err := b.mock.AddFault(t.Context(), controlapi.Fault{Name: "busy", Preset: "throttled-429"}); err != nil {
		t.Fatal(err)
	}
	b.callMock(token, "GET", "/v1/vaults?filter=x", "")
	b.callMock(token, "POST", "/v1/vaults/h3kvwphsg7jkstbxmdycavun3d/items", `{"title":"hunter2"}`)
	if err := b.mock.RemoveFault(t.Context(), "busy"); err != nil {
		t.Fatal(err)
	}
	b.callMock(token, "GET", "/v1/vaults/h3kvwphsg7jkstbxmdycavun3d/items", "")
	b.get("/requests/3").expect(200, "Why it was refused", "what that means", "Probably meant", "Deployments",
		`curl -sS -i "$OP_CONNECT_HOST"/v1/vaults/h3kvwphsg7jkstbxmdycavun3d/items`, `"Authorization: Bearer $OP_CONNECT_TOKEN"`,
		"connectmock ctl journal explain 3", "connectmock ctl fault add --operation GetVaultItems",
		"connectmock ctl journal verify GetVaultItems:", "call: GetVaultItems", `vaultUuid: "h3kvwphsg7jkstbxmdycavun3d"`, "!"+token)
	b.get("/requests/2").expect(200, "the journal keeps no bodies", "!hunter2")
	b.get("/requests/99").expect(404, "the highest number so far is 3")
	b.get("/requests/x").expect(404, "A request has a number")
}

func TestRequest_ShowsTheEvidenceOfFaults(t *testing.T) {
	t.Parallel()
	b := startConsole(t, "")
	if _, err := b.mock.AddFault(t.Context(), controlapi.Fault{Name: "busy", Preset: "throttled-429"}); err != nil {
		t.Fatal(err)
	}
	b.callMock(b.clientToken(), "GET", "/v1/vaults", "")
	b.get("/requests").expect(200, "fault busy")
	b.get("/requests/1").expect(200, "Evidence", "busy")
}

// What clients send is text in the pages, whatever it is.
func TestRequests_ShowHostileTextAsText(t *testing.T) {
	t.Parallel()
	b := startConsole(t, "")
	const script = "<script>alert(1)</script>"
	r, _ := http.NewRequestWithContext(t.Context(), "GET", "http://mock/v1/vaults", nil)
	r.URL.Path, r.URL.RawQuery = "/v1/"+script, `"><img src=x onerror=alert(2)>`
	r.Header.Set("User-Agent", script+`' "`)
	b.mock.ServeHTTP(discard{}, r)
	for _, path := range []string{"/requests", "/requests/1"} {
		page := b.get(path).expect(200, "!"+script, "!<img", "<img src=")
		if n := len(page.all("script", "", "")); n != 1 {
			t.Errorf("%s has %d scripts", path, n)
		}
	}
	b.get("/requests/1").expect(200, script+`' "`)
}

// discard is an http.ResponseWriter that keeps nothing.
type discard struct{}

func (discard) Header() http.Header         { return http.Header{} }
func (discard) Write(b []byte) (int, error) { return len(b), nil }
func (discard) WriteHeader(int)             {}

func TestRequests_AppearAsTheyCome(t *testing.T) {
	t.Parallel()
	b := startConsole(t, "")
	token := b.clientToken()
	b.callMock(token, "GET", "/v1/vaults", "")
	page := b.get("/requests?status=4xx").expect(200)
	live := attribute(page.all("tbody", "", "")[0], "data-live")
	if live != "/console/requests/events?status=4xx" {
		t.Fatalf("data-live is %q", live)
	}
	events := b.follow(live)
	b.callMock(token, "GET", "/v1/vaults", "")
	b.callMock(token, "GET", "/v1/vaults/nowhere", "")
	event := events.next()
	if !strings.Contains(event, "id: 3\n") || !strings.Contains(event, `data: <tr id="request-3">`) {
		t.Errorf("the event is %s", event)
	}
	b.get("/").submit("/sign-out").expect(401)
	b.callMock(token, "GET", "/v1/vaults/nowhere", "")
	if after := events.next(); after != "" {
		t.Errorf("an event after signing out: %s", after)
	}
}

// eventReader reads server-sent events.
type eventReader struct {
	t     *testing.T
	lines *bufio.Reader
}

// follow opens a stream of events.
func (b *browser) follow(path string) *eventReader {
	b.t.Helper()
	r, err := http.NewRequestWithContext(b.t.Context(), "GET", b.url+path, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	response, err := b.http.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() { response.Body.Close() })
	if kind := response.Header.Get("Content-Type"); kind != "text/event-stream" {
		b.t.Fatalf("Content-Type: %s", kind)
	}
	stop := time.AfterFunc(testTimeout, func() { response.Body.Close() })
	b.t.Cleanup(func() { stop.Stop() })
	return &eventReader{b.t, bufio.NewReader(response.Body)}
}

// next returns the next event that has data, "" at the end of the stream.
func (e *eventReader) next() string {
	e.t.Helper()
	var event strings.Builder
	for {
		line, err := e.lines.ReadString('\n')
		switch {
		case err != nil:
			return ""
		case line == "\n" && strings.Contains(event.String(), "data: "):
			return event.String()
		case line == "\n":
			event.Reset()
		default:
			event.WriteString(line)
		}
	}
}

func TestRequests_NeedAJournal(t *testing.T) {
	t.Parallel()
	b := startWith(t, mockserver.Config{JournalSize: -1})
	b.get("/").submit("/sign-in", "token", controlToken).expect(200)
	b.get("/requests").expect(409, "journal")
	b.get("/requests/1").expect(409, "journal")
}

func TestRequest_IsShownInFullIfBodiesAreKept(t *testing.T) {
	t.Parallel()
	b := startWith(t, mockserver.Config{Seed: 7, JournalBodies: true})
	b.get(Mount+openPath+"?"+linkParameter+"="+linkSecret).expect(200, "Overview")
	token := b.clientToken()
	path := "/v1/vaults/h3kvwphsg7jkstbxmdycavun3c/items"
	status, _ := b.callMock(token, "POST", path, `{"title":"<b>T","category":"LOGIN","vault":{"id":"h3kvwphsg7jkstbxmdycavun3c"},`+
		`"fields":[{"id":"password","purpose":"PASSWORD","value":"hunter2"}]}`)
	if status != 200 {
		t.Fatalf("got %d", status)
	}
	b.get("/requests/1").expect(200, "In full, without secrets", `"title": "<b>T"`, "Content-Type application/json",
		"Authorization [redacted]", `--data-raw '{"title":"<b>T"`, `json: {"title":"<b>T"`, "!hunter2", "!"+token, "!<b>T", "!keeps no bodies")
}
