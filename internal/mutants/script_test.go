package mutants

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// call is a request of the script. Names in braces in its path and body are ids:
// {vault}, {office}, {login}, {document}, {file} and {large} of the demo fixture, {made}
// and {second} of the items that the script creates.
type call struct {
	method, path, body string
	token              string // name of a token; "": the valid one, "-": none
	header             string // "Name: value"
}

// received is a response with the operation of its request.
type received struct {
	operation string
	status    int
	header    http.Header
	body      []byte
}

// equals reports whether two responses are the same, byte for byte.
func (a received) equals(other received) bool {
	return a.status == other.status && bytes.Equal(a.body, other.body) &&
		maps.EqualFunc(a.header, other.header, slices.Equal)
}

// text returns the response without what differs from run to run.
func (a received) text() string {
	return fmt.Sprintf("%d %v %s", a.status, a.header, removeRandomValues(a.operation, string(a.body)))
}

// testServer is a server with its tokens and ids.
type testServer struct {
	handler  http.Handler
	requests int // that reached the server
	tokens   map[string]string
	ids      map[string]string
}

// newTestServer starts a mock, wrapped in a mutant if d is not nil.
func newTestServer(t *testing.T, d *Mutant) *testServer {
	t.Helper()
	now := time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	s := connecttest.NewServer(t, connecttest.WithoutSocket(), connecttest.WithSeed(7),
		connecttest.WithClock(func() time.Time { return now }))
	st := &testServer{tokens: map[string]string{"": s.Token}, ids: map[string]string{}}
	for _, spec := range []controlapi.Token{
		{Name: "reader", Permission: "read"}, {Name: "writer", Permission: "write"},
		{Name: "other", Vaults: map[string]string{"Office": "read-write"}}, {Name: "future", NotBefore: now.Add(time.Hour)},
	} {
		st.tokens[spec.Name] = s.NewToken(t, spec)
	}
	all, err := s.Mock.AllTokens(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, token := range all {
		if st.tokens[token.Name] == "" {
			st.tokens[token.Name] = token.Value
		}
	}
	st.handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		st.requests++
		s.Mock.ServeHTTP(w, r)
	})
	if d != nil {
		st.handler = Wrap(st.handler, *d)
	}
	return st
}

// setIDs sets the ids of the demo fixture.
func (st *testServer) setIDs(ids map[string]string) {
	for name, id := range ids {
		st.ids[name] = id
	}
}

// resolve replaces the names of ids in a call.
func (st *testServer) resolve(c call) call {
	for name, id := range st.ids {
		c.path, c.body = strings.ReplaceAll(c.path, "{"+name+"}", id), strings.ReplaceAll(c.body, "{"+name+"}", id)
	}
	return c
}

// send sends a call whose ids are resolved, and records the ids of created items.
func (st *testServer) send(t *testing.T, c call) received {
	t.Helper()
	a := st.do(st.request(t, c))
	var made struct {
		ID string `json:"id"`
	}
	if a.operation == createItem && a.status < 300 && json.Unmarshal(a.body, &made) == nil && len(made.ID) == 26 {
		if st.ids["made"] == "" {
			st.ids["made"] = made.ID
		} else {
			st.ids["second"] = made.ID
		}
	}
	return a
}

func (st *testServer) request(t *testing.T, c call) *http.Request {
	t.Helper()
	r := httptest.NewRequest(c.method, "http://mock.invalid", strings.NewReader(c.body))
	if err := setTarget(r, c.path); err != nil {
		t.Fatal(err)
	}
	if c.body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if token, has := st.tokens[c.token]; has {
		r.Header.Set("Authorization", "Bearer "+token)
	} else if c.token != "-" {
		r.Header.Set("Authorization", st.forgedHeader(c.token))
	}
	if name, value, has := strings.Cut(c.header, ": "); has {
		r.Header.Set(name, value)
		if value == "" {
			r.Header.Del(name)
		}
	}
	return r
}

func (st *testServer) do(r *http.Request) received {
	op := Operation(r)
	w := httptest.NewRecorder()
	st.handler.ServeHTTP(w, r)
	res := w.Result()
	if op == getMetrics {
		res.Header.Del("Content-Length") // it depends on durations
	}
	return received{op, res.StatusCode, res.Header, w.Body.Bytes()}
}

// forgedHeader returns an Authorization header made from the valid token.
func (st *testServer) forgedHeader(how string) string {
	good := st.tokens[""]
	parts := strings.Split(good, ".")
	switch how {
	case "raw":
		return good
	case "named":
		return "Authorization: Bearer " + good
	case "empty":
		return "Bearer "
	case "cut":
		return "Bearer " + good[:len(good)-9]
	case "longer":
		return "Bearer " + good + "A"
	case "unsigned":
		return "Bearer " + parts[0] + "." + parts[1] + "." + strings.Repeat("A", len(parts[2]))
	case "algorithm":
		return "Bearer eyJhbGciOiJub25lIn0." + parts[1] + "."
	case "claims":
		return "Bearer " + parts[0] + ".eyJhIjoxfQ." + parts[2]
	}
	return "Bearer " + how
}

func setTarget(r *http.Request, target string) (err error) {
	r.URL, err = r.URL.Parse(target)
	if err == nil {
		r.RequestURI = target
	}
	return err
}

var (
	request  = regexp.MustCompile(`"requestId":"[^"]*"`)
	id26     = regexp.MustCompile(`[0-9a-z]{26}`)
	password = regexp.MustCompile(`("entropy":[0-9.]+,)?"id":"password",(.*?),"value":"[^ "]{12,40}"`)
	former   = regexp.MustCompile(`"[A-Za-z0-9!@._*-]{32}"`) // a generated password in a history
)

// removeIDs replaces ids and generated passwords, which differ if the mutant sends other
// requests.
func removeIDs(text string) string {
	ids := map[string]string{}
	text = id26.ReplaceAllStringFunc(text, func(id string) string {
		if ids[id] == "" {
			ids[id] = fmt.Sprintf("id%d", len(ids))
		}
		return ids[id]
	})
	return regexp.MustCompile(`Content-Length:\[\d+\]`).
		ReplaceAllString(former.ReplaceAllString(password.ReplaceAllString(text, "a password $2"), "former"), "")
}

// removeRandomValues removes random values and times from a body.
func removeRandomValues(op, body string) string {
	if op == getMetrics {
		var remaining []string
		for line := range strings.Lines(body) {
			if strings.HasPrefix(line, "secret_service_api_http_method") || strings.HasPrefix(line, "# TYPE secret") ||
				strings.HasPrefix(line, "oops") {
				remaining = append(remaining, line)
			}
		}
		return strings.Join(remaining, "")
	}
	if op != getActivity {
		return body
	}
	seen := map[string]string{}
	return request.ReplaceAllStringFunc(body, func(id string) string {
		if strings.Contains(id, "00000000-") { // made by a mutant
			return id
		}
		if seen[id] == "" {
			seen[id] = fmt.Sprintf("request %d", len(seen))
		}
		return seen[id]
	})
}
