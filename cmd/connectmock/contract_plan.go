package main

import (
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/connectmock/connectmock/contract"
	"github.com/connectmock/connectmock/internal/ascii"
	"github.com/spf13/cobra"
)

func newContractPlan(std *streams) *cobra.Command {
	var s suiteFlags
	c := &cobra.Command{
		Use:   "plan",
		Short: "Say what a run would send, create and skip, and send nothing",
		Long: `Say what a run with the same flags would send, create and skip, and send
nothing. What the server has is found out by a run only; rules that hang on it
are marked so.`,
		Example: `  connectmock contract plan
  connectmock contract plan --target https://connect.example.com --allow-writes --vault h3kvwphsg7jkstbxmdycavun3c`,
		Args: noArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			t, err := s.target(c, std)
			if err != nil {
				return err
			}
			if _, err := s.options(std); err != nil {
				return asUsageError(err)
			}
			rules, err := selectRules(s.rules.list)
			if err != nil {
				return err
			}
			rules = slices.DeleteFunc(rules, func(r contract.Rule) bool { return !s.includesLevel(r.Level) })
			return std.print(planText(t, rules))
		},
	}
	s.bind(c)
	return c
}

func (s *suiteFlags) includesLevel(l contract.Level) bool {
	return len(s.levels.list) == 0 || slices.ContainsFunc(s.levels.list, func(w string) bool { return ascii.EqualFold(w, string(l)) })
}

func planText(t contract.Target, rules []contract.Rule) string {
	var b strings.Builder
	switch {
	case t.URL == "":
		fmt.Fprintln(&b, "A mock in this process would be tested, with everything it has, writes included.")
	case t.AllowWrites:
		fmt.Fprintf(&b, "%s would be tested. Items would be made, changed and deleted in vault %s, none but the suite's own.\n", printable(t.URL), printable(t.Vault))
	default:
		fmt.Fprintf(&b, "%s would be tested, by reads only, and by writes that a server must refuse.\n", printable(t.URL))
	}
	if t.Control != nil {
		fmt.Fprintf(&b, "The tokens that are not given would be made through the control at %s, and revoked at the end.\n", printable(t.Control.URL))
	}
	b.WriteString("First the vaults, their items and one record of the activity log would be read,\nand at most 20 items opened, to find out what there is to test with.\n\n")

	table := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "RULE\tPLAN\tCALLS OR REASON")
	count := map[string]int{}
	creating := 0
	for _, r := range rules {
		what, why := planRule(t, r)
		count[what]++
		if what != "skip" && r.Creates() {
			creating++
		}
		fmt.Fprintf(table, "%s\t%s\t%s\n", r.ID, what, why)
	}
	_ = table.Flush() // into memory
	fmt.Fprintf(&b, "\n%d to run, %d of them creating items; %d to run if the server has what they need; %d to skip; %d not asked for.\n",
		count["run"], creating, count["maybe"], count["skip"], len(contract.Rules())-len(rules))
	return b.String()
}

// planRule is what is known of a rule before anything is sent.
func planRule(t contract.Target, r contract.Rule) (what, why string) {
	if t.URL == "" {
		return "run", operationsText(r)
	}
	controlled := t.Control != nil
	given := map[contract.Capability]struct {
		have bool
		why  string
	}{
		contract.Write:   {t.AllowWrites, "writes are not allowed: --allow-writes and --vault"},
		contract.Reader:  {controlled || t.ReaderToken != "", "no --reader-token"},
		contract.Writer:  {controlled || t.WriterToken != "", "no --writer-token"},
		contract.Other:   {controlled || t.OtherToken != "", "no --other-token"},
		contract.Refused: {controlled || len(t.RefusedTokens) > 0, "no --refused-token"},
		contract.Control: {controlled, "no control listener"},
	}
	var found []string
	for _, need := range r.Needs {
		g, fromFlags := given[need]
		switch {
		case !fromFlags:
			found = append(found, string(need))
		case !g.have:
			return "skip", g.why
		}
	}
	if len(found) > 0 {
		return "maybe", operationsText(r) + ", if there is: " + strings.Join(found, ", ")
	}
	return "run", operationsText(r)
}

func operationsText(r contract.Rule) string {
	if len(r.Operations) == 0 {
		return "addresses that are no operation"
	}
	return strings.Join(r.Operations, ", ")
}
