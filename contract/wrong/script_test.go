package wrong

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// call is a request of the script. {vault}, {office}, {login}, {document},
// {file} and {large} in paths are ids of the demo world, {made} and {second} of
// the items made on the way.
type call struct {
	method, path, body string
	token              string // name of one of the tokens; "": the good one, "-": none
	header             string // "Name: value"
}

// answered is what came back, with what differs from run to run made the same.
type answered struct {
	operation, text string
}

// stage is a mock and a way to it.
type stage struct {
	handler  http.Handler
	requests int // that reached the mock
	tokens   map[string]string
	ids      map[string]string
}

func newStage(t *testing.T, d *Defect) *stage {
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

// play sends the script and answers what came back.
func (st *stage) play(t *testing.T, script []call, ids map[string]string) (list []answered) {
	t.Helper()
	for name, id := range ids {
		st.ids[name] = id
	}
	for _, c := range script {
		list = append(list, st.send(t, c))
	}
	return list
}

func (st *stage) send(t *testing.T, c call) answered {
	t.Helper()
	path, body := c.path, c.body
	for name, id := range st.ids {
		path, body = strings.ReplaceAll(path, "{"+name+"}", id), strings.ReplaceAll(body, "{"+name+"}", id)
	}
	r := httptest.NewRequest(c.method, "http://mock.invalid", strings.NewReader(body))
	if err := setTarget(r, path); err != nil {
		t.Fatal(err)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if token, has := st.tokens[c.token]; has {
		r.Header.Set("Authorization", "Bearer "+token)
	} else if c.token != "-" {
		r.Header.Set("Authorization", st.forged(c.token))
	}
	if name, value, has := strings.Cut(c.header, ": "); has {
		r.Header.Set(name, value)
	}
	op := Operation(r)
	w := httptest.NewRecorder()
	st.handler.ServeHTTP(w, r)
	res := w.Result()
	data, _ := io.ReadAll(res.Body) // from memory
	var made struct {
		ID string `json:"id"`
	}
	if json.Unmarshal(data, &made) == nil && op == createItem && res.StatusCode < 300 && len(made.ID) == 26 {
		if st.ids["made"] == "" {
			st.ids["made"] = made.ID
		} else {
			st.ids["second"] = made.ID
		}
	}
	if op == getMetrics {
		res.Header.Del("Content-Length") // of durations too
	}
	return answered{op, fmt.Sprintf("%s %s -> %d %v %s", c.method, c.path, res.StatusCode, res.Header, settle(op, string(data)))}
}

// forged makes a credential out of the good token.
func (st *stage) forged(how string) string {
	good := st.tokens[""]
	parts := strings.Split(good, ".")
	switch how {
	case "raw":
		return good
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
	uuid     = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)
	id26     = regexp.MustCompile(`[0-9a-z]{26}`)
	password = regexp.MustCompile(`("entropy":[0-9.]+,)?"id":"password",(.*?),"value":"[^ "]{12,40}"`)
)

// loosen makes the same what is drawn in another order, because the defect made
// requests of its own.
func loosen(text string) string {
	ids := map[string]string{}
	text = id26.ReplaceAllStringFunc(text, func(id string) string {
		if ids[id] == "" {
			ids[id] = fmt.Sprintf("id%d", len(ids))
		}
		return ids[id]
	})
	return regexp.MustCompile(`Content-Length:\[\d+\]`).ReplaceAllString(password.ReplaceAllString(text, "a password $2"), "")
}

// settle makes the same what chance and time make differ.
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
	body = uuid.ReplaceAllStringFunc(body, func(id string) string {
		if strings.HasPrefix(id, "00000000") {
			return id
		}
		if seen[id] == "" {
			seen[id] = fmt.Sprintf("uuid%d", len(seen))
		}
		return seen[id]
	})
	return body
}
