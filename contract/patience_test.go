package contract

import (
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/connectmock/connectmock/contract/internal/call"
	"github.com/connectmock/connectmock/internal/mutants"
	"github.com/connectmock/connectmock/internal/report"
)

// A run of a server that is wrong takes at most three times as long as one of a correct
// server. Time is that of the bubble: it passes only while the run waits, for a response
// or for a change. A relay adds 50 ms to each response.
func TestRun_TakesAtMostThreeTimesAsLongWhenTheServerIsWrong(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the whole contract against a dozen servers")
	}
	t.Parallel()
	correct := runOfRelay(t, func(next http.Handler) http.Handler { return next })
	if n := correct.Count(); n[report.Pass]+n[report.Skip] < len(Rules()) {
		t.Errorf("on a correct server: %s", correct.Headline())
	}
	t.Logf("a correct server: %s", correct.Took)
	servers := map[string]middleware{
		"a create answers an item that does not exist": inventsItems,
		"a delete answers 500":                         refuses(http.MethodDelete),
		"a write answers 200 and changes nothing":      ignoresWrites,
		"the activity log is empty":                    answers("/v1/activity", "[]"),
		"each list of items is empty":                  answers("/items", "[]"),
	}
	for _, name := range []string{"item-filter-ignored", "filter-co-refused", "version-stuck", "items-not-counted"} {
		i := slices.IndexFunc(mutants.All(), func(m mutants.Mutant) bool { return m.Name == name })
		if i < 0 {
			t.Fatalf("no mutant %s", name)
		}
		servers[name] = wrapIn(mutants.All()[i])
	}
	for name, wrong := range servers {
		run := runOfRelay(t, wrong)
		t.Logf("%s: %s, %s", name, run.Took, run.Headline())
		if run.Took > 3*correct.Took {
			t.Errorf("%s: the run takes %s, that of a correct server %s", name, run.Took, correct.Took)
		}
		if run.Count()[report.Fail]+run.Count()[report.Error] == 0 {
			t.Errorf("%s: no rule fails", name)
		}
	}
}

// runOfRelay returns a run with the default timing against a mock behind a middleware
// and a relay that adds 50 ms. Took is in the time of the bubble.
func runOfRelay(t *testing.T, front middleware) (run *report.Run) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		// A bubble begins in 2000, in which no item was created.
		time.Sleep(time.Until(time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)))
		target := wrappedTarget(t, func(next http.Handler) http.Handler {
			next = front(next)
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				time.Sleep(50 * time.Millisecond)
				next.ServeHTTP(w, r)
			})
		})
		run = mustRun(t, target, Options{Timing: Timing{}.withDefaults()})
	})
	return run
}

// inventsItems returns a server that creates nothing and responds with an item that does
// not exist.
func inventsItems(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			next.ServeHTTP(w, r)
			return
		}
		created := httptest.NewRecorder()
		next.ServeHTTP(created, r)
		id := idIn(created.Body.Bytes())
		maps.Copy(w.Header(), created.Header())
		w.WriteHeader(created.Code)
		_, _ = io.WriteString(w, strings.ReplaceAll(created.Body.String(), id, call.NoItem)) // to memory
	})
}

// ignoresWrites returns a server that answers PUT and PATCH with the unchanged item.
func ignoresWrites(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPut && r.Method != http.MethodPatch {
			next.ServeHTTP(w, r)
			return
		}
		r.Method, r.Body = http.MethodGet, http.NoBody
		next.ServeHTTP(w, r)
	})
}

// refuses returns a server that answers 500 to a method.
func refuses(method string) middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == method {
				w.WriteHeader(http.StatusInternalServerError)
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}

// answers returns a server that always answers a GET of paths with that end with a body.
func answers(pathEnd, body string) middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, pathEnd) {
				w.Header().Set("Content-Type", "application/json")
				_, _ = io.WriteString(w, body) // to memory
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}
