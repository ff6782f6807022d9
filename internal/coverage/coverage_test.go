package coverage

import (
	"strings"
	"testing"

	"github.com/connectmock/connectmock/openapi"
	"github.com/google/go-cmp/cmp"
)

const smallDocument = `
openapi: 3.0.3
info: {title: small, version: "1"}
paths:
  /things:
    get:
      operationId: List
      responses:
        "200": {description: ok, content: {application/json: {}, text/plain; charset=utf-8: {}}}
        "401": {description: no, content: {application/json: {}}}
        default: {description: else, content: {application/json: {}}}
    delete:
      operationId: Clear
      responses:
        "204": {description: done}
        "500": {description: broken}
`

func newSmallCounter(t *testing.T) *Counter {
	t.Helper()
	d, _, err := openapi.Load([]byte(smallDocument))
	if err != nil {
		t.Fatal(err)
	}
	return New(d)
}

func TestRows_CountsResponsesAndGivesReasons(t *testing.T) {
	t.Parallel()
	c := newSmallCounter(t)
	c.MarkUnreachable("", "500", "cannot be provoked")
	c.MarkUnreachable("Clear", "204", "the run is read-only")
	c.Count("List", 200, "application/json; charset=utf-8", true)
	c.Count("List", 200, "application/json", false)
	c.Count("List", 503, "application/json", true)
	c.Count("Clear", 418, "text/html", false)
	c.Count("Clear", 418, "text/html", false)
	want := []Row{
		{Operation: "Clear", Status: "204", Excused: true, Reason: "the run is read-only"},
		{Operation: "Clear", Status: "500", Excused: true, Reason: "cannot be provoked"},
		{Operation: "List", Status: "200", MediaType: "application/json", Attempts: 2, Matches: 1},
		{Operation: "List", Status: "200", MediaType: "text/plain; charset=utf-8", Attempts: 2,
			Reason: "returned 2 times, never as documented"},
		{Operation: "List", Status: "401", MediaType: "application/json", Reason: "called 3 times, never returned 401"},
		{Operation: "List", Status: "default", MediaType: "application/json", Attempts: 1, Matches: 1},
		{Operation: "Clear", Status: "418", MediaType: "text/html", Attempts: 2, Undocumented: true,
			Reason: "not in the document"},
	}
	if diff := cmp.Diff(want, c.Rows()); diff != "" {
		t.Error(diff)
	}
	c.Count("Clear", 204, "", true)
	if got := c.Rows()[0]; got.Excused || got.Reason != "" || got.Matches != 1 {
		t.Errorf("an answer that was seen needs no excuse: %+v", got)
	}
}

func TestRows_SayNeverCalled(t *testing.T) {
	t.Parallel()
	for _, row := range newSmallCounter(t).Rows() {
		if row.Reason != "never called" {
			t.Errorf("%+v", row)
		}
	}
}

func TestGate_RequiresTheShare(t *testing.T) {
	t.Parallel()
	c := newSmallCounter(t)
	c.MarkUnreachable("Clear", "", "the run is read-only")
	c.Count("List", 200, "application/json", true)
	c.Count("List", 401, "application/json", true)
	c.Count("List", 418, "application/json", true)
	if err := c.Gate(0.75); err != nil {
		t.Errorf("3 of 4 are 0.75: %v", err)
	}
	err := c.Gate(0.76)
	if err == nil || !strings.Contains(err.Error(), "3 of 4") ||
		!strings.Contains(err.Error(), "List 200 text/plain; charset=utf-8: returned once") {
		t.Errorf("got %v", err)
	}
	if err := new(Counter).Gate(1); err != nil {
		t.Errorf("nothing is documented, so nothing is missing: %v", err)
	}
}

// Our own document must be readable for coverage as a whole.
func TestNew_HasOneRowPerResponseOfConnect(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, row := range New(connectDocument(t)).Rows() {
		key := row.Operation + row.Status + row.MediaType
		if seen[key] {
			t.Errorf("%+v is there twice", row)
		}
		seen[key] = true
	}
	if !seen["DeleteVaultItem204"] || !seen["GetVaults200application/json"] ||
		!seen["DownloadFileByID200application/octet-stream"] {
		t.Errorf("rows are missing: %v", seen)
	}
}

func connectDocument(t *testing.T) *openapi.Document {
	t.Helper()
	d, err := openapi.Connect()
	if err != nil {
		t.Fatal(err)
	}
	return d
}
