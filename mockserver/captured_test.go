package mockserver_test

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/google/go-cmp/cmp"
)

// capturedRequest is a request of a real client, a line of testdata/captured.
type capturedRequest struct {
	Method    string            `json:"method"`
	Path      string            `json:"path"`
	Headers   map[string]string `json:"headers"`
	Anonymous bool              `json:"anonymous"`
	Body      string            `json:"body"`
	Status    int               `json:"status"` // 0: 200, or 204 for DELETE
	Because   string            `json:"because"`
	Says      string            `json:"says"` // a part of the message of an error
	Finds     *[]string         `json:"finds"`
	Shows     *wantedItem       `json:"shows"`
}

// wantedItem is what an item in a response must have.
type wantedItem struct {
	Title  *string           `json:"title"`
	Fields map[string]string `json:"fields"` // values by label, id or purpose; "" for none
}

// TestCapturedRequests_GetValidResponses replays what real clients sent, with the
// fixture that was made for them and with the demo fixture.
func TestCapturedRequests_GetValidResponses(t *testing.T) {
	t.Parallel()
	created, err := fixtures.LoadFile("testdata/captured/fixture.yaml")
	must(t, err)
	tests := []struct {
		name              string
		fixture           *fixtures.Fixture
		vault, item, file string
		finds             bool // the fixture has the titles in the filters
	}{
		{"captured fixture", created, "Demo & Co", "x", "a.txt", true},
		{"demo fixture", fixtures.Demo(), "Ada's Own", "Old Forum", "avatar.gif", false},
	}
	files, err := filepath.Glob("testdata/captured/*.jsonl")
	if err != nil || len(files) != 9 {
		t.Fatalf("captured requests: %v, %v; want those of nine", files, err)
	}
	for _, w := range tests {
		for _, file := range files {
			t.Run(w.name+"/"+strings.TrimSuffix(filepath.Base(file), ".jsonl"), func(t *testing.T) {
				t.Parallel()
				s := newServer(t, connecttest.WithFixture(w.fixture))
				for _, c := range readCaptured(t, file, s.placeholders(t, w.fixture, w.vault, w.item, w.file)) {
					a := s.replay(t, c)
					if w.finds && c.Finds != nil {
						a.checkTitles(t, *c.Finds)
					}
				}
			})
		}
	}
}

func readCaptured(t *testing.T, file string, bind *strings.Replacer) (all []capturedRequest) {
	t.Helper()
	data, err := os.ReadFile(file)
	must(t, err)
	for line := range strings.Lines(bind.Replace(string(data))) {
		var c capturedRequest
		strict := json.NewDecoder(strings.NewReader(line))
		strict.DisallowUnknownFields()
		if err := strict.Decode(&c); err != nil {
			t.Fatalf("%s, request %d: %v", file, len(all)+1, err)
		}
		if strings.Contains(c.Path+c.Body, "{{") {
			t.Fatalf("%s, request %d: a placeholder is not bound", file, len(all)+1)
		}
		if (c.Status != 0) != (c.Because != "") {
			t.Fatalf("%s, request %d: a status needs a reason, a reason a status", file, len(all)+1)
		}
		all = append(all, c)
	}
	return all
}

func (r *testServer) placeholders(t *testing.T, w *fixtures.Fixture, vault, item, file string) *strings.Replacer {
	t.Helper()
	a := w.Accounts[0]
	for _, it := range a.Vault(vault).Items {
		for _, f := range it.Files {
			if it.Title == item && f.Name == file {
				return strings.NewReplacer("{{vault}}", a.Vault(vault).ID, "{{vaultName}}", vault,
					"{{item}}", it.ID, "{{file}}", f.ID, "{{editor}}", a.User, "{{token}}", r.Token)
			}
		}
	}
	t.Fatalf("no file %q of %q in %q", file, item, vault)
	return nil
}

// sendCaptured sends a request as it was captured.
func (r *testServer) sendCaptured(t *testing.T, c capturedRequest) response {
	t.Helper()
	var options []requestOption
	for name, value := range c.Headers {
		options = append(options, header(name, value))
	}
	if c.Anonymous {
		options = append(options, noHeader("Authorization"))
	}
	if _, typed := c.Headers["Content-Type"]; c.Body != "" && !typed {
		options = append(options, noHeader("Content-Type"))
	}
	if c.Body == "" {
		return r.send(t, c.Method, c.Path, nil, options...)
	}
	return r.send(t, c.Method, c.Path, c.Body, options...)
}

// replay sends a captured request and checks all that clients rely on.
func (r *testServer) replay(t *testing.T, c capturedRequest) response {
	t.Helper()
	before := 0
	if c.Method == http.MethodPut {
		before = r.item(t, c.Path).Version
	}
	a := r.sendCaptured(t, c)
	a.checkStatus(t, c)
	a.checkHeaders(t)
	a.checkEncoding(t)
	a.checkItem(t, c.Shows)
	switch {
	case a.status != 200:
	case c.Method == http.MethodPost:
		a.checkCreated(t, c.Body)
	case c.Method == http.MethodPut:
		after := r.item(t, c.Path)
		if v := decode[connect.Item](t, a).Version; v != before || after.Version != before+1 {
			t.Errorf("%s: version %d: status %d, then GET %d; want the old one, then one more", a.request,
				before, v, after.Version)
		}
		if len(after.Files) != 1 {
			t.Errorf("%s: the item has %d files afterwards, want the one it had", a.request, len(after.Files))
		}
	}
	if path, query, _ := strings.Cut(c.Path, "?"); c.Method == http.MethodGet && strings.HasSuffix(path, "/") {
		c.Path = strings.TrimSuffix(strings.TrimSuffix(path, "/")+"?"+query, "?")
		if d := cmp.Diff(string(r.sendCaptured(t, c).body), string(a.body)); d != "" {
			t.Errorf("%s: the slash at the end makes a difference (-without +with):\n%s", a.request, d)
		}
	}
	return a
}
