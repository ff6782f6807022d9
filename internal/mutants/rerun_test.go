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

// record is a script that was played to a server without a defect: what reached
// the server at each step and what it answered. A server that a defect is put in
// front of answers the same, as long as the same reaches it; so most of what a
// defect does is seen without a server.
type record struct {
	script []call
	ids    map[string]string
	stage  *stage
	steps  []step
}

// step is one call of it.
type step struct {
	call    call          // with its ids
	request *http.Request // of it, whose body was read
	kept    kept
	want    answered
	means   string // what it answers, as text
}

// kept is one exchange.
type kept struct {
	method, url string
	header      http.Header
	body        []byte
	answer      answer
}

func newRecord(t *testing.T, script []call) *record {
	t.Helper()
	r := &record{script: script, ids: world(t), stage: newStage(t, nil)}
	server := r.stage.handler
	var all []kept
	r.stage.handler = http.HandlerFunc(func(w http.ResponseWriter, in *http.Request) {
		k := received(in)
		in.Body = io.NopCloser(bytes.NewReader(k.body))
		out := httptest.NewRecorder()
		server.ServeHTTP(out, in)
		k.answer = answer{out.Code, out.Result().Header, out.Body.Bytes()}
		all = append(all, k)
		k.answer.replay(w)
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

func (k kept) asks(other kept) bool {
	return k.method == other.method && k.url == other.url && bytes.Equal(k.body, other.body) && maps.EqualFunc(k.header, other.header, slices.Equal)
}

func (a answer) replay(w http.ResponseWriter) {
	maps.Copy(w.Header(), a.header.Clone())
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body) // to memory
}

// rerun plays the script to a defect in front of the recorded answers. What the
// defect does not touch must reach them as it was sent and come back as it was
// answered, and what reads must not write. It tells whether an answer that is
// touched is another one, which is only known as long as the same reached the
// server as at first.
func (r *record) rerun(t *testing.T, d Mutant) (changed bool) {
	t.Helper()
	var now step
	var asked []kept
	st := &stage{handler: Wrap(http.HandlerFunc(func(w http.ResponseWriter, in *http.Request) {
		asked = append(asked, received(in))
		now.kept.answer.replay(w)
	}), d)}
	same := true
	for _, now = range r.steps {
		asked = nil
		r := now.request.Clone(t.Context())
		r.Body = io.NopCloser(strings.NewReader(now.call.body))
		got, touched := st.do(r), d.Affects(now.want.operation)
		through := len(asked) == 1 && now.kept.asks(asked[0])
		same = same && through
		switch {
		case !touched && !(through && got.is(now.want)):
			now.differs(t, d, got)
		case touched && now.call.method == http.MethodGet && slices.ContainsFunc(asked, func(k kept) bool { return k.method != http.MethodGet }):
			t.Fatalf("%s %s writes", now.call.method, now.call.path)
		case same && !changed:
			changed = !now.said(got)
		}
	}
	return changed
}

// live plays the script to a defect in front of a server of its own, until an
// answer that is touched is another one than the recorded. Other answers may
// only differ by what was written before, or was asked.
func (r *record) live(t *testing.T, d Mutant) (changed bool) {
	t.Helper()
	st := newStage(t, &d)
	st.begin(r.ids)
	for i, now := range r.steps {
		got, op := st.send(t, st.resolve(r.script[i])), now.want.operation
		switch {
		case got.is(now.want):
		case d.Affects(op):
			if !now.said(got) {
				return true
			}
		// What the server behind it saw is in its log and its metrics, and
		// decides what chance it draws next.
		case st.requests != i+1 && (op == getActivity || op == getMetrics || loosen(got.text()) == loosen(now.means)):
		case follows(d, op), now.said(got):
		default:
			now.differs(t, d, got)
		}
	}
	return false
}

// said tells whether an answer says the same, but for what differs from run to
// run.
func (s step) said(got answered) bool {
	settles := got.operation == getActivity || got.operation == getMetrics
	return got.is(s.want) || settles && got.text() == s.means
}

func (s step) differs(t *testing.T, d Mutant, got answered) {
	t.Helper()
	t.Fatalf("it touches %v but changes %s %s:\n got %.300s\nwant %.300s", d.At, s.call.method, s.call.path, got.text(), s.means)
}
