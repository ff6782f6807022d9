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

// call is a request of the script. {vault}, {office}, {login}, {document},
// {file} and {large} in paths are ids of the demo fixture, {made} and {second}
// those of the items that the script creates.
type call struct {
	method, path, body string
	token              string // name of one of the tokens; "": the valid one, "-": none
	header             string // "Name: value"
}

// answered is a response with the operation of its request.
type answered struct {
	operation string
	status    int
	header    http.Header
	body      []byte
}

// is reports whether two responses are the same, byte by byte.
func (a answered) is(other answered) bool {
	return a.status == other.status && bytes.Equal(a.body, other.body) && maps.EqualFunc(a.header, other.header, slices.Equal)
}

// text returns the response without what differs from run to run.
func (a answered) text() string {
	return fmt.Sprintf("%d %v %s", a.status, a.header, settle(a.operation, string(a.body)))
}

// stage is a server and what requests to it need.
type stage struct {
	handler  http.Handler
	requests int // that reached the server
	tokens   map[string]string
	ids      map[string]string
}

// newStage starts a mock, wrapped in a mutant if d is not nil.
func newStage(t *testing.T, d *Mutant) *stage {
	t.Helper()
	now := time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	s := connecttest.NewServer(t, connecttest.WithoutSocket(), connecttest.WithSeed(7), connecttest.WithClock(func() time.Time { return now }))
	st := &stage{tokens: map[string]string{"": s.Token}, ids: map[string]string{}}
	for _, spec := range []controlapi.Token{
		{Name: "reader", Permission: "read"}, {Name: "writer", Permission: "write"}, {Name: "other", Vaults: map[string]string{"Office": "read-write"}},
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

func (st *stage) begin(ids map[string]string) {
	for name, id := range ids {
		st.ids[name] = id
	}
}

// resolve replaces the names of ids in a call.
func (st *stage) resolve(c call) call {
	for name, id := range st.ids {
		c.path, c.body = strings.ReplaceAll(c.path, "{"+name+"}", id), strings.ReplaceAll(c.body, "{"+name+"}", id)
	}
	return c
}

// send sends a call whose ids are resolved.
func (st *stage) send(t *testing.T, c call) answered {
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

func (st *stage) request(t *testing.T, c call) *http.Request {
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
		r.Header.Set("Authorization", st.forged(c.token))
	}
	if name, value, has := strings.Cut(c.header, ": "); has {
		r.Header.Set(name, value)
		if value == "" {
			r.Header.Del(name)
		}
	}
	return r
}

func (st *stage) do(r *http.Request) answered {
	op := Operation(r)
	w := httptest.NewRecorder()
	st.handler.ServeHTTP(w, r)
	res := w.Result()
	if op == getMetrics {
		res.Header.Del("Content-Length") // of durations too
	}
	return answered{op, res.StatusCode, res.Header, w.Body.Bytes()}
}

// forged returns an Authorization header made from the valid token.
func (st *stage) forged(how string) string {
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

// loosen replaces ids and generated passwords, which differ because the mutant sends
// requests of its own.
func loosen(text string) string {
	ids := map[string]string{}
	text = id26.ReplaceAllStringFunc(text, func(id string) string {
		if ids[id] == "" {
			ids[id] = fmt.Sprintf("id%d", len(ids))
		}
		return ids[id]
	})
	return regexp.MustCompile(`Content-Length:\[\d+\]`).ReplaceAllString(former.ReplaceAllString(password.ReplaceAllString(text, "a password $2"), "former"), "")
}

// settle removes random values and times.
func settle(op, body string) string {
	if op == getMetrics {
		var kept []string
		for line := range strings.Lines(body) {
			if strings.HasPrefix(line, "secret_service_api_http_method") || strings.HasPrefix(line, "# TYPE secret") || strings.HasPrefix(line, "oops") {
				kept = append(kept, line)
			}
		}
		return strings.Join(kept, "")
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
