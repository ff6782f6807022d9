package contract

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/connectmock/connectmock/contract/internal/call"
	"github.com/connectmock/connectmock/contract/internal/rules"
	"github.com/connectmock/connectmock/contract/rule"
)

// sentRequests keeps the requests of the rule that runs.
type sentRequests struct {
	mu   sync.Mutex
	list []sentRequest
}

// sentRequest is a request, and the id of the item that it created.
type sentRequest struct {
	method, path string
	created      string // "": it created none
}

// record returns a middleware that adds each request to the list.
func (l *sentRequests) record(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sent := sentRequest{method: r.Method, path: r.URL.Path}
		if r.Method == http.MethodPost {
			body := &bytes.Buffer{}
			next.ServeHTTP(&teeWriter{w, body}, r)
			sent.created = idIn(body.Bytes())
		} else {
			next.ServeHTTP(w, r)
		}
		l.mu.Lock()
		defer l.mu.Unlock()
		l.list = append(l.list, sent)
	})
}

// take returns the requests since the last call.
func (l *sentRequests) take() []sentRequest {
	l.mu.Lock()
	defer l.mu.Unlock()
	list := l.list
	l.list = nil
	return list
}

// teeWriter copies the body of a response.
type teeWriter struct {
	http.ResponseWriter
	copy io.Writer
}

func (w *teeWriter) Write(data []byte) (int, error) {
	_, _ = w.copy.Write(data) // to memory
	return w.ResponseWriter.Write(data)
}

// idIn returns the id in the body of a response, "" if it has none.
func idIn(data []byte) string {
	var it struct{ ID string }
	_ = json.Unmarshal(data, &it) // a refusal has no id
	return it.ID
}

// trespass returns the first request that a rule which declares touches must not send, "" if there is none. existing has
// the ids of the items that the rule did not create.
func trespass(touches rule.Touches, sent []sentRequest, existing map[string]bool) string {
	for _, r := range sent {
		write := r.method != http.MethodGet
		id := itemInPath(r.path)
		switch {
		case touches == rule.WholeState:
		case touches == rule.ActivityLog && r.path != "/v1/activity":
			return fmt.Sprintf("%s %s: it reads more than the activity log", r.method, r.path)
		case touches == rule.ReadOnly && write:
			return fmt.Sprintf("%s %s: it writes", r.method, r.path)
		case (touches == rule.OwnItems || touches == rule.VaultState) && write && existing[id]:
			return fmt.Sprintf("%s %s: it writes to an item that it did not create", r.method, r.path)
		}
	}
	return ""
}

// itemInPath returns the id of the item in a path, "" if there is none.
func itemInPath(path string) string {
	parts := strings.Split(strings.Trim(path, "/"), "/")
	if len(parts) < 5 || parts[3] != "items" {
		return ""
	}
	return parts[4]
}

// Each rule runs alone and is held to what it declares to touch.
func TestRules_TouchOnlyWhatTheyDeclare(t *testing.T) {
	t.Parallel()
	var requests sentRequests
	r := newTestRun(t, wrappedTarget(t, requests.record), noWaiting())
	r.inspectOnce(t.Context())
	s := r.NewSession(t.Context())
	existing := map[string]bool{}
	for _, v := range r.Server.Vaults {
		for _, it := range s.Do("GetVaultItems", call.Vault(v.ID)).Items() {
			existing[it.ID] = true
		}
	}
	requests.take()
	const long = 12
	for _, rule := range rules.All() {
		r.runRule(t.Context(), rule)
		sent := requests.take()
		if problem := trespass(rule.Touches, sent, existing); problem != "" {
			t.Errorf("%s declares to touch %s, but sends %s", rule.ID, rule.Touches, problem)
		}
		if isLong := len(sent) > long; isLong != rule.Long {
			t.Errorf("%s sends %d requests, but Long is %t", rule.ID, len(sent), rule.Long)
		}
		for _, x := range sent { // of another rule from now on
			if x.created != "" {
				existing[x.created] = true
			}
		}
	}
}

func TestTrespass_FindsRequestsThatARuleDidNotDeclare(t *testing.T) {
	t.Parallel()
	const listed, own = "listeditemlisteditemlisted", "ownitemownitemownitemownit"
	items := "/v1/vaults/" + call.NoVault + "/items"
	existing := map[string]bool{listed: true}
	for _, c := range []struct {
		name    string
		touches rule.Touches
		sent    sentRequest
		want    string
	}{
		{"a read", rule.ReadOnly, sentRequest{method: "GET", path: items}, ""},
		{"a create", rule.ReadOnly, sentRequest{method: "POST", path: items}, "it writes"},
		{"a method of no operation", rule.ReadOnly, sentRequest{method: "BREW", path: items}, "it writes"},
		{"a create", rule.OwnItems, sentRequest{method: "POST", path: items}, ""},
		{"a patch of its item", rule.OwnItems, sentRequest{method: "PATCH", path: items + "/" + own}, ""},
		{"a patch of another item", rule.OwnItems, sentRequest{method: "PATCH", path: items + "/" + listed},
			"it writes to an item that it did not create"},
		{"a delete of another item", rule.OwnItems, sentRequest{method: "DELETE", path: items + "/" + listed + "/"},
			"it writes to an item that it did not create"},
		{"a read of another item", rule.OwnItems, sentRequest{method: "GET", path: items + "/" + listed}, ""},
		{"a delete of another item", rule.VaultState, sentRequest{method: "DELETE", path: items + "/" + listed},
			"it writes to an item that it did not create"},
		{"a create", rule.VaultState, sentRequest{method: "POST", path: items}, ""},
		{"a page", rule.ActivityLog, sentRequest{method: "GET", path: "/v1/activity"}, ""},
		{"a list", rule.ActivityLog, sentRequest{method: "GET", path: "/v1/vaults"}, "it reads more than the activity log"},
		{"a delete of another item", rule.WholeState, sentRequest{method: "DELETE", path: items + "/" + listed}, ""},
	} {
		got := trespass(c.touches, []sentRequest{c.sent}, existing)
		if (got == "") != (c.want == "") || !strings.HasSuffix(got, c.want) {
			t.Errorf("%s, declared as %s: %q, want %q", c.name, c.touches, got, c.want)
		}
	}
}
