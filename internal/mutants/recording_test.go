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

// recording has the requests of a script and the responses of a correct server. As
// long as a mutant sends the recorded requests to the wrapped server, its responses
// are the recorded ones. So replaying them tests most mutants without a server.
type recording struct {
	script []call
	ids    map[string]string
	stage  *testServer
	steps  []step
}

// step is one call of the script.
type step struct {
	call     call          // its ids are resolved
	request  *http.Request // its body is consumed
	exchange serverExchange
	want     received
	text     string // want without what differs from run to run
}

// serverExchange is a request that the server received, with its response.
type serverExchange struct {
	method, url string
	header      http.Header
	body        []byte
	response    response
}

func newRecording(t *testing.T, script []call) *recording {
	t.Helper()
	r := &recording{script: script, ids: demoIDs(t), stage: newTestServer(t, nil)}
	server := r.stage.handler
	var all []serverExchange
	r.stage.handler = http.HandlerFunc(func(w http.ResponseWriter, in *http.Request) {
		k := readRequest(in)
		in.Body = io.NopCloser(bytes.NewReader(k.body))
		out := httptest.NewRecorder()
		server.ServeHTTP(out, in)
		k.response = response{out.Code, out.Result().Header, out.Body.Bytes()}
		all = append(all, k)
		k.response.writeTo(w)
	})
	r.stage.setIDs(r.ids)
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

// readRequest returns a request that a server received. It consumes the body.
func readRequest(r *http.Request) serverExchange {
	k := serverExchange{method: r.Method, url: r.URL.String(), header: r.Header.Clone()}
	k.header.Del("Content-Length")
	if r.Body != nil {
		k.body, _ = io.ReadAll(r.Body) // from memory
	}
	return k
}

func (k serverExchange) isSameRequest(other serverExchange) bool {
	return k.method == other.method && k.url == other.url && bytes.Equal(k.body, other.body) &&
		maps.EqualFunc(k.header, other.header, slices.Equal)
}

func (a response) writeTo(w http.ResponseWriter) {
	maps.Copy(w.Header(), a.header.Clone())
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body) // to memory
}

// replay sends the script to a mutant in front of the recorded responses. The test
// fails if the mutant changes an exchange of an operation that it does not affect, or
// writes during a read. replay reports whether the mutant changes a response. It can
// tell only as long as the server receives the recorded requests.
func (r *recording) replay(t *testing.T, m Mutant) (changed bool) {
	t.Helper()
	var now step
	var sent []serverExchange
	st := &testServer{handler: Wrap(http.HandlerFunc(func(w http.ResponseWriter, in *http.Request) {
		sent = append(sent, readRequest(in))
		now.exchange.response.writeTo(w)
	}), m)}
	same := true
	for _, now = range r.steps {
		sent = nil
		r := now.request.Clone(t.Context())
		r.Body = io.NopCloser(strings.NewReader(now.call.body))
		got, affected := st.do(r), m.Affects(now.want.operation)
		forwarded := len(sent) == 1 && now.exchange.isSameRequest(sent[0])
		same = same && forwarded
		switch {
		case !affected && !(forwarded && got.equals(now.want)):
			now.failDifference(t, m, got)
		case affected && now.call.method == http.MethodGet &&
			slices.ContainsFunc(sent, func(k serverExchange) bool { return k.method != http.MethodGet }):
			t.Fatalf("%s %s writes", now.call.method, now.call.path)
		case same && !changed:
			changed = !now.isUnchanged(got)
		}
	}
	return changed
}

// runLive sends the script to a mutant of a new server until a response of an
// operation that the mutant affects differs from the recorded one. It reports whether
// one differs. Other responses may differ only because of earlier requests.
func (r *recording) runLive(t *testing.T, m Mutant) (changed bool) {
	t.Helper()
	st := newTestServer(t, &m)
	st.setIDs(r.ids)
	for i, now := range r.steps {
		got, op := st.send(t, st.resolve(r.script[i])), now.want.operation
		switch {
		case got.equals(now.want):
		case m.Affects(op):
			if !now.isUnchanged(got) {
				return true
			}
		// The requests that the wrapped server received change its log and metrics, and
		// the random values of later responses.
		case st.requests != i+1 && (op == getActivity || op == getMetrics || removeIDs(got.text()) == removeIDs(now.text)):
		case dependsOnWrites(m, op), now.isUnchanged(got):
		default:
			now.failDifference(t, m, got)
		}
	}
	return false
}

// isUnchanged reports whether a response is the recorded one, except for what differs
// from run to run.
func (s step) isUnchanged(got received) bool {
	volatile := got.operation == getActivity || got.operation == getMetrics
	return got.equals(s.want) || volatile && got.text() == s.text
}

// failDifference fails the test because the mutant changes an operation that it does
// not affect.
func (s step) failDifference(t *testing.T, m Mutant, got received) {
	t.Helper()
	t.Fatalf("it affects %v but changes %s %s:\n got %.300s\nwant %.300s", m.Operations, s.call.method, s.call.path,
		got.text(), s.text)
}
