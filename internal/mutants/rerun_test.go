package mutants

import (
	"bytes"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

// record has the requests of a script and the responses of a correct server. A
// wrapped server sends the same responses as long as it receives the same
// requests, so replaying them tests most mutants without a server.
type record struct {
	script []call
	ids    map[string]string
	stage  *stage
	steps  []step
}

// step is one call of the script.
type step struct {
	call    call          // its ids are resolved
	request *http.Request // its body is consumed
	kept    kept
	want    answered
	text    string // want without what differs from run to run
}

// kept is one exchange with the server.
type kept struct {
	method, url string
	header      http.Header
	body        []byte
	response    response
}

func newRecord(t *testing.T, script []call) *record {
	t.Helper()
	r := &record{script: script, ids: demoIDs(t), stage: newStage(t, nil)}
	server := r.stage.handler
	var all []kept
	r.stage.handler = http.HandlerFunc(func(w http.ResponseWriter, in *http.Request) {
		k := received(in)
		in.Body = io.NopCloser(bytes.NewReader(k.body))
		out := httptest.NewRecorder()
		server.ServeHTTP(out, in)
		k.response = response{out.Code, out.Result().Header, out.Body.Bytes()}
		all = append(all, k)
		k.response.replay(w)
	})
	r.stage.begin(r.ids)
	for i, c := range script {
		c = r.stage.resolve(c)
		request, want := r.stage.request(t, c), r.stage.send(t, c)
		if len(all) != i+1 {
			t.Fatalf("%d requests of %d reached the server", len(all), i+1)
		}
		r.steps = append(r.steps, step{c, request, all[i], want, want.text()})
	}
	return r
}

func received(r *http.Request) kept {
	k := kept{method: r.Method, url: r.URL.String(), header: r.Header.Clone()}
	k.header.Del("Content-Length")
	if r.Body != nil {
		k.body, _ = io.ReadAll(r.Body) // from memory
	}
	return k
}

func (k kept) isSameRequest(other kept) bool {
	return k.method == other.method && k.url == other.url && bytes.Equal(k.body, other.body) && maps.EqualFunc(k.header, other.header, slices.Equal)
}

func (a response) replay(w http.ResponseWriter) {
	maps.Copy(w.Header(), a.header.Clone())
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body) // to memory
}

// rerun replays the script to a mutant in front of the recorded responses. The
// test fails if the mutant changes an exchange of an operation that it does not
// affect, or writes when a client reads. rerun reports whether the mutant changes
// a response; it can tell only as long as the server receives the recorded requests.
func (r *record) rerun(t *testing.T, m Mutant) (changed bool) {
	t.Helper()
	var now step
	var asked []kept
	st := &stage{handler: Wrap(http.HandlerFunc(func(w http.ResponseWriter, in *http.Request) {
		asked = append(asked, received(in))
		now.kept.response.replay(w)
	}), m)}
	same := true
	for _, now = range r.steps {
		asked = nil
		r := now.request.Clone(t.Context())
		r.Body = io.NopCloser(strings.NewReader(now.call.body))
		got, touched := st.do(r), m.Affects(now.want.operation)
		through := len(asked) == 1 && now.kept.isSameRequest(asked[0])
		same = same && through
		switch {
		case !touched && !(through && got.is(now.want)):
			now.differs(t, m, got)
		case touched && now.call.method == http.MethodGet && slices.ContainsFunc(asked, func(k kept) bool { return k.method != http.MethodGet }):
			t.Fatalf("%s %s writes", now.call.method, now.call.path)
		case same && !changed:
			changed = !now.equals(got)
		}
	}
	return changed
}

// live sends the script to a mutant of a new server until a response of an
// operation that the mutant affects differs from the recorded one, and reports
// whether one did. Other responses may differ only because of earlier requests.
func (r *record) live(t *testing.T, m Mutant) (changed bool) {
	t.Helper()
	st := newStage(t, &m)
	st.begin(r.ids)
	for i, now := range r.steps {
		got, op := st.send(t, st.resolve(r.script[i])), now.want.operation
		switch {
		case got.is(now.want):
		case m.Affects(op):
			if !now.equals(got) {
				return true
			}
		// The requests that the wrapped server received are in its log and metrics
		// and decide which random values come next.
		case st.requests != i+1 && (op == getActivity || op == getMetrics || loosen(got.text()) == loosen(now.text)):
		case dependsOnWrites(m, op), now.equals(got):
		default:
			now.differs(t, m, got)
		}
	}
	return false
}

// equals reports whether a response is the recorded one but for what differs from
// run to run.
func (s step) equals(got answered) bool {
	volatile := got.operation == getActivity || got.operation == getMetrics
	return got.is(s.want) || volatile && got.text() == s.text
}

// differs fails the test: the mutant changes more than it says.
func (s step) differs(t *testing.T, m Mutant, got answered) {
	t.Helper()
	t.Fatalf("it affects %v but changes %s %s:\n got %.300s\nwant %.300s", m.At, s.call.method, s.call.path, got.text(), s.text)
}
