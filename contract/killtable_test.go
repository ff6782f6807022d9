package contract

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/contract/internal/check"
	"github.com/connectmock/connectmock/contract/rule"
	"github.com/connectmock/connectmock/internal/mutants"
)

// maxNamed is the number of rules that a line of the table names.
const maxNamed = 3

// matrix returns the table: a line for each mutant, with the rules that kill it,
// those first that kill the fewest other mutants.
func matrix(list []mutants.Mutant, outcomes []outcome, all []check.Rule) string {
	var b strings.Builder
	killed, kills := 0, map[string]int{}
	for _, o := range outcomes {
		killed += min(1, len(o.killedBy))
		for _, id := range o.killedBy {
			kills[id]++
		}
	}
	fmt.Fprintf(&b, "# Which rule kills which mutant\n\n"+
		"Each line is a server with one mistake, from the package internal/mutants. The named rules are those\n"+
		"that fail on it and on the fewest others. `go test ./contract -run TestKillMatrix -update`\n"+
		"writes this table; without -update the test proves each line of it.\n\n"+
		"Killed: %d of %d mutants, by %d of %d rules.\n\n", killed, len(list), len(kills), len(all))
	b.WriteString("| mutant | kind | mistake of the server | killed by | number of rules |\n|---|---|---|---|---|\n")
	for i, m := range list {
		best := slices.Clone(outcomes[i].killedBy)
		slices.SortStableFunc(best, func(a, b string) int { return cmp.Compare(kills[a], kills[b]) })
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %d |\n", m.Name, m.Kind, strings.ReplaceAll(m.About, "|", `\|`),
			strings.Join(best[:min(maxNamed, len(best))], ", "), len(best))
	}
	b.WriteString("\n## A mutant for each rule\n\n" +
		"The mutant that the rule and the fewest other rules kill.\n\n| rule | fails on |\n|---|---|\n")
	for _, rule := range all {
		if best := rarest(rule.ID, outcomes); best >= 0 {
			fmt.Fprintf(&b, "| %s | %s |\n", rule.ID, list[best].Name)
		}
	}
	return b.String()
}

// rarest returns the index of the mutant that this rule and the fewest other
// rules kill, -1 if the rule kills none.
func rarest(rule string, outcomes []outcome) int {
	best := -1
	for i, o := range outcomes {
		if slices.Contains(o.killedBy, rule) && (best < 0 || len(o.killedBy) < len(outcomes[best].killedBy)) {
			best = i
		}
	}
	return best
}

func matrixFile() string { return filepath.Join("testdata", "kill-matrix.md") }

// readMatrix returns the rules that the table names for each mutant. It reports
// an error for a mutant or rule in the table that no longer exists, and for a
// rule that the table shows failing on nothing.
func readMatrix(t *testing.T) map[string][]string {
	t.Helper()
	data, err := os.ReadFile(matrixFile())
	if err != nil {
		t.Fatalf("%v; -update writes it", err)
	}
	named := readTable(string(data))
	fails := map[string]bool{}
	for mutant, rules := range named {
		if !slices.ContainsFunc(mutants.All(), func(m mutants.Mutant) bool { return m.Name == mutant }) {
			t.Errorf("%s has the unknown mutant %s; -update writes it again", matrixFile(), mutant)
		}
		for _, rule := range rules {
			fails[rule] = true
		}
	}
	for _, x := range Rules() {
		if !fails[x.ID] && !slices.Contains(x.Needs, rule.Control) {
			t.Errorf("nothing in %s shows that %s can fail; if internal/mutants has a mutant that it kills, -update writes it",
				matrixFile(), x.ID)
		}
		delete(fails, x.ID)
	}
	for rule := range fails {
		t.Errorf("%s has the unknown rule %s; -update writes it again", matrixFile(), rule)
	}
	return named
}

// readTable returns the rules that both parts of a table name, by mutant.
func readTable(table string) map[string][]string {
	named := map[string][]string{}
	add := func(mutant, rule string) {
		if rule != "" && !slices.Contains(named[mutant], rule) {
			named[mutant] = append(named[mutant], rule)
		}
	}
	for line := range strings.Lines(table) {
		cells := strings.Split(strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(line), "| "), " |"), " | ")
		switch {
		case len(cells) == 5 && cells[0] != "mutant":
			for _, rule := range strings.Split(cells[3], ", ") {
				add(cells[0], rule)
			}
		case len(cells) == 2 && cells[0] != "rule":
			add(cells[1], cells[0])
		}
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
