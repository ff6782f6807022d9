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

	"github.com/connectmock/connectmock/internal/mutants"
	"github.com/connectmock/connectmock/internal/report"
)

func TestPatience_WaitsInFullUntilItHasSeenWaitsEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPatience(10*time.Second, 50*time.Millisecond)
		expect := func(kind string, want time.Duration) {
			t.Helper()
			if got, reason := p.limit(kind); got != want || (reason == "") != (want == 10*time.Second) {
				t.Errorf("%s: %s (%s), want %s", kind, got, reason, want)
			}
		}
		giveUp := func(kind string, after time.Duration) {
			began := time.Now()
			time.Sleep(after)
			p.giveUp(kind, began)
		}
		expect("list", 10*time.Second)
		p.succeed("list", 0)
		p.succeed("list", 0)
		expect("list", 10*time.Second) // two say too little
		p.succeed("list", 0)
		expect("list", time.Second)
		expect("log", 10*time.Second) // another kind
		p.succeed("list", 300*time.Millisecond)
		expect("list", 3*time.Second) // ten times the slowest
		p.succeed("list", 4*time.Second)
		expect("list", 10*time.Second) // never more than Within
		giveUp("item", time.Second)
		expect("item", 200*time.Millisecond) // nothing was ever visible
		giveUp("list", time.Second)
		expect("list", 10*time.Second) // three times the slowest is more
		expect("log", 10*time.Second)
	})
}

func TestPatience_WaitsLessForUnknownKindsIfTheServerIsFast(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		succeeded      int
		slowest, every time.Duration // of the waits, and of the responses
		want           time.Duration
	}{
		"few waits ended":                {19, 0, 0, 10 * time.Second},
		"responses and changes at once":  {20, 0, time.Millisecond, 2 * time.Second},
		"a change that took a moment":    {20, 400 * time.Millisecond, 0, 4 * time.Second},
		"a server behind a slow network": {20, 0, 30 * time.Millisecond, 6 * time.Second},
		"a server far away":              {20, 0, 80 * time.Millisecond, 10 * time.Second},
	} {
		p := newPatience(10*time.Second, 50*time.Millisecond)
		for range c.succeeded {
			p.succeed("item", c.slowest)
			p.addResponse(c.every)
		}
		if limit, reason := p.limit("log"); limit != c.want {
			t.Errorf("%s: %s (%s), want %s", name, limit, reason, c.want)
		}
	}
}

func TestPatience_HasABudgetForWaitsInVain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPatience(10*time.Second, 50*time.Millisecond)
		began := time.Now()
		time.Sleep(15 * time.Second)
		for range 8 { // at the same time: they count once
			p.giveUp("item", began)
		}
		if limit, reason := p.limit("log"); limit != 10*time.Second {
			t.Errorf("after 15 s in vain: %s (%s)", limit, reason)
		}
		began = time.Now()
		time.Sleep(5 * time.Second)
		p.giveUp("item", began)
		if limit, reason := p.limit("log"); limit != 200*time.Millisecond || !strings.Contains(reason, "in vain for 20s") {
			t.Errorf("after 20 s in vain: %s (%s)", limit, reason)
		}
	})
}

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
		_, _ = io.WriteString(w, strings.ReplaceAll(created.Body.String(), id, noItem)) // to memory
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
