package contract

import (
	"flag"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/connectmock/connectmock/contract/internal/check"
	"github.com/connectmock/connectmock/contract/internal/rules"
	"github.com/connectmock/connectmock/internal/mutants"
	"github.com/connectmock/connectmock/internal/report"
)

var update = flag.Bool("update", false, "write the golden files again")

// TestKillMatrix tests the rules themselves: at least one rule must fail on
// each mutant, and each rule must fail on at least one mutant. The table
// testdata/kill-matrix.md names rules for each mutant; the test runs each of
// them against its mutant and expects it to fail.
//
// With -update, and for a mutant that the table does not have, the test runs all
// rules whose exchanges the mutant changes; -update then writes the table.
func TestKillMatrix(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the contract against every mutant")
	}
	t.Parallel()
	all, list := rules.All(), mutants.All()
	known := recordTraces(t, all)
	var named map[string][]string
	if !*update {
		named = readMatrix(t)
	}
	outcomes := make([]outcome, len(list))
	forEachMutant(t, "mutants", list, func(t *testing.T, i int) {
		m := list[i]
		candidates := rulesByID(all, named[m.Name])
		if len(candidates) == 0 {
			candidates = known.candidates(m, all)
		}
		outcomes[i] = runAgainst(t, m, candidates)
		for _, id := range named[m.Name] {
			if !slices.Contains(outcomes[i].killedBy, id) {
				t.Errorf("%s: rule %s no longer fails; -update writes the table again", m.About, id)
			}
		}
	})
	complete := !slices.ContainsFunc(outcomes, func(o outcome) bool { return !o.tested }) // false if -run selects some
	for n := 1; *update && complete && removeUnconfirmed(t, fmt.Sprint("confirm-", n), list, outcomes, all); n++ {
	}
	var survivors []string
	for i, m := range list {
		if o := outcomes[i]; o.tested && len(o.killedBy) == 0 {
			survivors = append(survivors, fmt.Sprintf("%s (%s; %d rules ran): %s", m.Name, m.Kind, o.ran, m.About))
		}
	}
	if len(survivors) > 0 {
		t.Errorf("no rule fails on %d of %d mutants:\n%s", len(survivors), len(list), strings.Join(survivors, "\n"))
	}
	switch {
	case *update && complete:
		writeMatrix(t, matrix(list, outcomes, all))
	case *update:
		t.Error("the table is written only when all mutants are tested")
	}
}

// outcome is the result of running rules against a mutant.
type outcome struct {
	tested   bool
	ran      int      // number of rules
	killedBy []string // ids of the rules that failed, in the order of the catalogue
}

// forEachMutant calls f for each mutant in a subtest, at most one per processor at a
// time.
func forEachMutant(t *testing.T, name string, list []mutants.Mutant, f func(t *testing.T, i int)) {
	t.Run(name, func(t *testing.T) {
		slots := make(chan struct{}, runtime.GOMAXPROCS(0))
		for i, m := range list {
			t.Run(m.Name, func(t *testing.T) {
				t.Parallel()
				slots <- struct{}{}
				defer func() { <-slots }()
				f(t, i)
			})
		}
	})
}

// removeUnconfirmed runs the rules that the table would name as the test
// without -update does, removes those from the outcomes that do not fail, and
// reports whether there were any.
func removeUnconfirmed(t *testing.T, name string, list []mutants.Mutant, outcomes []outcome, all []check.Rule) bool {
	named := readTable(matrix(list, outcomes, all))
	var removed atomic.Bool
	forEachMutant(t, name, list, func(t *testing.T, i int) {
		ids := named[list[i].Name]
		confirmed := runAgainst(t, list[i], rulesByID(all, ids)).killedBy
		outcomes[i].killedBy = slices.DeleteFunc(outcomes[i].killedBy, func(id string) bool {
			remove := slices.Contains(ids, id) && !slices.Contains(confirmed, id)
			if remove {
				removed.Store(true)
			}
			return remove
		})
	})
	return removed.Load()
}

// runAgainst runs rules against a mutant of a new mock. A rule that ends in an
// error has not killed the mutant.
func runAgainst(t *testing.T, m mutants.Mutant, candidates []check.Rule) outcome {
	r := deterministicRun(t, wrapIn(m))
	o := outcome{tested: true, ran: len(candidates)}
	for _, rule := range candidates {
		result := r.runRule(t.Context(), rule)
		if result.State == report.Fail {
			o.killedBy = append(o.killedBy, rule.ID)
		}
		if strings.Contains(result.Reason, "this is a bug of the suite") {
			t.Errorf("%s panics on the responses of this mutant: %s", rule.ID, result.Reason)
		}
	}
	return o
}

// rulesByID returns the rules with these ids, in the order of the catalogue.
func rulesByID(all []check.Rule, ids []string) (list []check.Rule) {
	for _, r := range all {
		if slices.Contains(ids, r.ID) {
			list = append(list, r)
		}
	}
	return list
}
