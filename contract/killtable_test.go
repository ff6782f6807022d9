package contract

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/internal/mutants"
)

// shown is how many rules a line of the table names.
const shown = 3

// matrix is the table: defects in the order of their list, and for each the
// rules that see it, those first that see least else.
func matrix(defects []mutants.Mutant, fights []fight, all []rule) string {
	var b strings.Builder
	killed, sees := 0, map[string]int{}
	for _, f := range fights {
		killed += min(1, len(f.killers))
		for _, id := range f.killers {
			sees[id]++
		}
	}
	fmt.Fprintf(&b, "# Which rule sees which defect\n\n"+
		"Each line is a server that is wrong in one way; package internal/mutants has them. The rules\n"+
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
	named := readTable(string(data))
	fails := map[string]bool{}
	for defect, rules := range named {
		if !slices.ContainsFunc(mutants.All(), func(d mutants.Mutant) bool { return d.Name == defect }) {
			t.Errorf("%s has the defect %s, which there is not; -update writes it again", matrixFile(), defect)
		}
		for _, rule := range rules {
			fails[rule] = true
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

// readTable is the rules a table names for each defect, in both of its parts.
func readTable(table string) map[string][]string {
	named := map[string][]string{}
	name := func(defect, rule string) {
		if rule != "" && !slices.Contains(named[defect], rule) {
			named[defect] = append(named[defect], rule)
		}
	}
	for line := range strings.Lines(table) {
		cells := strings.Split(strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(line), "| "), " |"), " | ")
		switch {
		case len(cells) == 5 && cells[0] != "defect":
			for _, rule := range strings.Split(cells[3], ", ") {
				name(cells[0], rule)
			}
		case len(cells) == 2 && cells[0] != "rule":
			name(cells[1], cells[0])
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
