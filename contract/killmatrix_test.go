package contract

import (
	"cmp"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/connectmock/connectmock/contract/wrong"
	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/connectmock/connectmock/scenarios/report"
)

var update = flag.Bool("update", false, "write the golden files again")

// TestKillMatrix guards the guard: every defect of a server must be seen by at
// least one rule, and every rule must fail on at least one defect. Who sees what
// is in testdata/kill-matrix.md, and here each line of it must still be true: the
// rules it names are run against its defect.
// With -update every rule meets every defect, which takes minutes, and the table
// is written again. Nothing else is left out.
func TestKillMatrix(t *testing.T) {
	t.Parallel()
	all := rules()
	defects := wrong.Defects()
	named := map[string][]string{}
	if !*update {
		named = readMatrix(t)
	}
	calls := callsOfRules(t, all)
	fights := make([]fight, len(defects))
	t.Run("defects", func(t *testing.T) {
		// Most of the time is waiting for what never comes true.
		slots := make(chan struct{}, 4*runtime.GOMAXPROCS(0))
		for i, d := range defects {
			t.Run(d.Name, func(t *testing.T) {
				t.Parallel()
				slots <- struct{}{}
				defer func() { <-slots }()
				fights[i] = attack(t, d, all, calls, named[d.Name])
				for _, id := range named[d.Name] {
					if !slices.Contains(fights[i].killers, id) {
						t.Errorf("%s: %s does not see it any more; -update writes the table again", d.About, id)
					}
				}
			})
		}
	})
	var survivors []string
	complete := true
	for i, d := range defects {
		if !fights[i].met {
			complete = false // -run chose others
			continue
		}
		if len(fights[i].killers) == 0 {
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
	target := wrongTarget(t, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			called = append(called, wrong.Operation(r))
			mu.Unlock()
			next.ServeHTTP(w, r)
		})
	})
	r, err := newRun(target, Options{Timing: impatient()})
	if err != nil {
		t.Fatal(err)
	}
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
func attack(t *testing.T, d wrong.Defect, all []rule, calls map[string][]string, named []string) (f fight) {
	target := wrongTarget(t, func(next http.Handler) http.Handler { return wrong.Wrap(next, d) })
	r, err := newRun(target, Options{Timing: impatient()})
	if err != nil {
		t.Fatal(err)
	}
	f.met = true
	for _, rule := range all {
		if len(named) > 0 && !slices.Contains(named, rule.ID) || len(named) == 0 && !slices.ContainsFunc(calls[rule.ID], d.Touches) {
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

// impatient is the timing for a server that shows every write at once.
func impatient() Timing {
	return Timing{Within: 300 * time.Millisecond, Every: 20 * time.Millisecond}
}

// wrongTarget is mockTarget with something in front of the mock.
func wrongTarget(t *testing.T, front func(http.Handler) http.Handler) Target {
	t.Helper()
	target := mockTarget(t, connecttest.WithSeed(11))
	base := target.Client.Transport
	target.Client = &http.Client{Transport: handled{front(behind{base})}}
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

// shown is how many rules a line of the table names.
const shown = 3

// matrix is the table: defects in the order of their list, and for each the
// rules that see it, those first that see least else.
func matrix(defects []wrong.Defect, fights []fight, all []rule) string {
	var b strings.Builder
	killed, sees := 0, map[string]int{}
	for _, f := range fights {
		killed += min(1, len(f.killers))
		for _, id := range f.killers {
			sees[id]++
		}
	}
	fmt.Fprintf(&b, "# Which rule sees which defect\n\n"+
		"Each line is a server that is wrong in one way; package contract/wrong has them. The rules\n"+
		"named are those that see it and least else. `go test ./contract -run TestKillMatrix -update`\n"+
		"writes this table; without -update the test proves each line of it.\n\n"+
		"Seen: %d of %d defects, by %d of %d rules.\n\n", killed, len(defects), len(sees), len(all))
	b.WriteString("| defect | kind | the server is wrong in that | seen by | rules in all |\n|---|---|---|---|---|\n")
	for i, d := range defects {
		best := slices.Clone(fights[i].killers)
		slices.SortStableFunc(best, func(a, b string) int { return cmp.Compare(sees[a], sees[b]) })
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %d |\n", d.Name, d.Kind, strings.ReplaceAll(d.About, "|", `\|`),
			strings.Join(best[:min(shown, len(best))], ", "), len(best))
	}
	b.WriteString("\n## What shows that a rule can fail\n\nFor each rule the defect that fewest others see.\n\n| rule | fails on |\n|---|---|\n")
	for _, rule := range all {
		if best := rarest(rule.ID, fights); best >= 0 {
			fmt.Fprintf(&b, "| %s | %s |\n", rule.ID, defects[best].Name)
		}
	}
	return b.String()
}

// rarest is the defect that a rule sees and fewest others, -1 if it sees none.
func rarest(rule string, fights []fight) int {
	best := -1
	for i, f := range fights {
		if slices.Contains(f.killers, rule) && (best < 0 || len(f.killers) < len(fights[best].killers)) {
			best = i
		}
	}
	return best
}

func matrixFile() string { return filepath.Join("testdata", "kill-matrix.md") }

// readMatrix is the rules the table names for each defect. A defect or a rule
// that is not in the lists any more makes the table out of date, and so does a
// rule that fails on nothing; a defect that is not in the table meets all rules.
func readMatrix(t *testing.T) map[string][]string {
	t.Helper()
	data, err := os.ReadFile(matrixFile())
	if err != nil {
		t.Fatalf("%v; -update writes it", err)
	}
	named := map[string][]string{}
	fails := map[string]bool{}
	name := func(defect, rule string) {
		if !slices.Contains(named[defect], rule) {
			named[defect] = append(named[defect], rule)
		}
		fails[rule] = true
	}
	for line := range strings.Lines(string(data)) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "| "), " | ")
		switch {
		case len(cells) == 5 && cells[0] != "defect":
			for _, rule := range strings.Split(cells[3], ", ") {
				name(cells[0], rule)
			}
		case len(cells) == 2 && cells[0] != "rule":
			name(cells[1], cells[0])
		}
	}
	for defect := range named {
		if !slices.ContainsFunc(wrong.Defects(), func(d wrong.Defect) bool { return d.Name == defect }) {
			t.Errorf("%s has the defect %s, which there is not; -update writes it again", matrixFile(), defect)
		}
	}
	for _, rule := range Rules() {
		if !fails[rule.ID] && !slices.Contains(rule.Needs, Control) {
			t.Errorf("nothing in %s shows that %s can fail; if package wrong has a defect it sees, -update writes it", matrixFile(), rule.ID)
		}
		delete(fails, rule.ID)
	}
	for rule := range fails {
		t.Errorf("%s has the rule %s, which there is not; -update writes it again", matrixFile(), rule)
	}
	return named
}

func writeMatrix(t *testing.T, table string) {
	t.Helper()
	if err := os.MkdirAll("testdata", 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(matrixFile(), []byte(table), 0o644); err != nil {
		t.Fatal(err)
	}
}
