package contract

import (
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/connectmock/connectmock/internal/mutants"
	"github.com/connectmock/connectmock/internal/report"
	"github.com/connectmock/connectmock/mockserver/connecttest"
)

var update = flag.Bool("update", false, "write the golden files again")

// TestKillMatrix guards the guard: every defect of a server must be seen by at
// least one rule, and every rule must fail on at least one defect. Who sees what
// is in testdata/kill-matrix.md: each rule it names is run against its defect and
// must see it still.
// With -update every rule meets every defect, which takes minutes, and the table
// is written again. Nothing else is left out.
func TestKillMatrix(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the contract against every mutant")
	}
	t.Parallel()
	all := rules()
	defects := mutants.All()
	named := map[string][]string{}
	if !*update {
		named = readMatrix(t)
	}
	calls := callsOfRules(t, all)
	fights := make([]fight, len(defects))
	everyDefect(t, "defects", defects, func(t *testing.T, i int) {
		d := defects[i]
		fights[i] = attack(t, d, all, calls, named[d.Name])
		for _, id := range named[d.Name] {
			if !slices.Contains(fights[i].killers, id) {
				t.Errorf("%s: %s does not see it any more; -update writes the table again", d.About, id)
			}
		}
	})
	complete := !slices.ContainsFunc(fights, func(f fight) bool { return !f.met }) // or -run chose some
	for n := 1; *update && complete && confirm(t, fmt.Sprint("confirm-", n), defects, fights, all); n++ {
	}
	var survivors []string
	for i, d := range defects {
		if fights[i].met && len(fights[i].killers) == 0 {
			survivors = append(survivors, fmt.Sprintf("%s (%s; %d rules looked): %s", d.Name, d.Kind, fights[i].ran, d.About))
		}
	}
	if len(survivors) > 0 {
		t.Errorf("%d of %d defects are not seen by any rule:\n%s", len(survivors), len(defects), strings.Join(survivors, "\n"))
	}
	switch {
	case *update && complete:
		writeMatrix(t, matrix(defects, fights, all))
	case *update:
		t.Error("the table is only written when every defect is met")
	}
}

// everyDefect calls f for each of them, some at once: most of the time is
// waiting for what never comes true.
func everyDefect(t *testing.T, name string, defects []mutants.Mutant, f func(t *testing.T, i int)) {
	t.Run(name, func(t *testing.T) {
		slots := make(chan struct{}, 4*runtime.GOMAXPROCS(0))
		for i, d := range defects {
			t.Run(d.Name, func(t *testing.T) {
				t.Parallel()
				slots <- struct{}{}
				defer func() { <-slots }()
				f(t, i)
			})
		}
	})
}

// confirm runs what the table would name again, as the test without -update
// does, and takes out of the fights who does not see the defect each time. It
// tells whether there were any.
func confirm(t *testing.T, name string, defects []mutants.Mutant, fights []fight, all []rule) bool {
	named := readTable(matrix(defects, fights, all))
	var unsure atomic.Bool
	everyDefect(t, name, defects, func(t *testing.T, i int) {
		for range 3 {
			sure := attack(t, defects[i], all, nil, named[defects[i].Name]).killers
			fights[i].killers = slices.DeleteFunc(fights[i].killers, func(id string) bool {
				gone := slices.Contains(named[defects[i].Name], id) && !slices.Contains(sure, id)
				if gone {
					unsure.Store(true)
				}
				return gone
			})
		}
	})
	return unsure.Load()
}

// fight is a defect's meeting with the rules.
type fight struct {
	met     bool
	ran     int
	killers []string // ids of the rules that saw it, in the order of the catalogue
}

// callsOfRules is the operations whose answers each rule judges, by id: those it
// calls and, where it starts from what was found before it, those of finding
// out. On a server without a defect every rule passes, or the matrix means
// nothing.
func callsOfRules(t *testing.T, all []rule) map[string][]string {
	t.Helper()
	var mu sync.Mutex
	var called []string
	r := arena(t, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			called = append(called, mutants.Operation(r))
			mu.Unlock()
			next.ServeHTTP(w, r)
		})
	})
	r.ready(t.Context())
	finding := slices.Clone(called)
	calls := map[string][]string{}
	for _, rule := range all {
		mu.Lock()
		called = nil
		mu.Unlock()
		result := r.check(t.Context(), rule)
		switch {
		case result.State == report.Skip && slices.Contains(rule.Needs, Control):
			continue // there is none in a process
		case result.State != report.Pass:
			t.Errorf("without a defect %s ends in %s: %s%s", rule.ID, result.State, result.Failure, result.Reason)
		}
		mu.Lock()
		if slices.ContainsFunc(rule.Needs, startsFromFound) {
			called = append(called, finding...)
		}
		slices.Sort(called)
		calls[rule.ID] = slices.Compact(called)
		mu.Unlock()
	}
	return calls
}

// startsFromFound tells whether a rule with this need uses items or vaults that
// were found.
func startsFromFound(need Capability) bool {
	return !slices.Contains([]Capability{Read, Write, Reader, Writer, Other, Refused, Log, Control}, need)
}

// attack runs rules against a defect: those named or, where none is, all that
// call what it touches. A rule that can't find out is no kill.
func attack(t *testing.T, d mutants.Mutant, all []rule, calls map[string][]string, named []string) (f fight) {
	r := arena(t, func(next http.Handler) http.Handler { return mutants.Wrap(next, d) })
	f.met = true
	for _, rule := range all {
		if len(named) > 0 && !slices.Contains(named, rule.ID) || len(named) == 0 && !slices.ContainsFunc(calls[rule.ID], d.Affects) {
			continue // not named, or its answers are those it passed with
		}
		f.ran++
		result := r.check(t.Context(), rule)
		if result.State == report.Fail {
			f.killers = append(f.killers, rule.ID)
		}
		if strings.Contains(result.Reason, "the rule itself broke") {
			t.Errorf("%s stumbles over this server: %s", rule.ID, result.Reason)
		}
	}
	return f
}

// impatient is patient with everything but with what never comes true.
func impatient() Timing {
	timing := patient()
	timing.Within = 100 * time.Millisecond
	return timing
}

// arena is a run against a mock with something in front. Nothing in it is left to
// chance: neither what the mock makes up, nor its clock, which stands, and with
// it the history it begins with, nor what items and agents are called.
func arena(t *testing.T, front func(http.Handler) http.Handler) *run {
	t.Helper()
	now := func() time.Time { return time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC) }
	r, err := newRun(inFront(targetAt(t, now, connecttest.WithSeed(11)), front), Options{Timing: impatient(), Now: now})
	if err != nil {
		t.Fatal(err)
	}
	r.id = "arena"
	return r
}

// wrongTarget is mockTarget with something in front of the mock.
func wrongTarget(t *testing.T, front func(http.Handler) http.Handler) Target {
	t.Helper()
	return inFront(mockTarget(t, connecttest.WithSeed(11)), front)
}

func inFront(target Target, front func(http.Handler) http.Handler) Target {
	target.Client = &http.Client{Transport: handled{front(behind{target.Client.Transport})}}
	return target
}

// behind is a transport as a handler, and handled a handler as a transport.
type (
	behind  struct{ base http.RoundTripper }
	handled struct{ handler http.Handler }
)

func (b behind) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	res, err := b.base.RoundTrip(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	defer res.Body.Close()
	for name, values := range res.Header {
		w.Header()[name] = values
	}
	w.WriteHeader(res.StatusCode)
	_, _ = io.Copy(w, res.Body) // from memory to memory
}

func (h handled) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	in := r.Clone(r.Context())
	in.RequestURI = r.URL.RequestURI()
	if in.Body == nil {
		in.Body = http.NoBody
	}
	h.handler.ServeHTTP(w, in)
	res := w.Result()
	res.Request = r
	return res, nil
}
