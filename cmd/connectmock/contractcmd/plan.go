package contractcmd

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/contract"
	"github.com/connectmock/connectmock/internal/ascii"
	"github.com/spf13/cobra"
)

func newPlan(std *cli.Streams) *cobra.Command {
	var s suiteFlags
	c := &cobra.Command{
		Use:   "plan",
		Short: "Show what a run would send, create and skip, and send nothing",
		Long: `Show what a run with the same flags would send, create and skip, and send
nothing. Only a run finds out what the server has; the plan marks rules that
depend on it with "maybe".`,
		Example: `  connectmock contract plan
  connectmock contract plan --target https://connect.example.com --allow-writes --vault h3kvwphsg7jkstbxmdycavun3c`,
		RunE: func(c *cobra.Command, _ []string) error {
			t, err := s.target(c, std)
			if err != nil {
				return err
			}
			if t.URL != "" {
				if err := t.Validate(); err != nil {
					return cli.AsUsageError(err)
				}
			}
			if _, err := s.options(std); err != nil {
				return cli.AsUsageError(err)
			}
			rules, err := selectRules(s.rules.List)
			if err != nil {
				return err
			}
			rules = slices.DeleteFunc(rules, func(r contract.Rule) bool {
				isLevel := func(name string) bool { return ascii.EqualFold(name, string(r.Level)) }
				return r.NotPromised(s.againstVersion) != "" ||
					len(s.levels.List) > 0 && !slices.ContainsFunc(s.levels.List, isLevel)
			})
			return std.Print(planText(t, rules))
		},
	}
	s.bind(c)
	return c
}

func planText(t contract.Target, rules []contract.Rule) string {
	var b strings.Builder
	switch {
	case t.URL == "":
		b.WriteString("A mock in this process would be tested, with everything it has, writes included.\n")
	case canWrite(t):
		place, condition := "vault "+cli.Printable(t.Vault), ""
		if t.Vault == "" {
			place = "the first vault of the token"
		}
		if t.Vault == "" || t.OnlyMock {
			condition = ", if it is the mock of the control"
		}
		fmt.Fprintf(&b, "%s would be tested. Items of the suite's own would be created, changed and deleted in %s%s.\n",
			cli.Printable(t.URL), place, condition)
	default:
		fmt.Fprintf(&b, "%s would be tested, by reads only, and by writes that a server must refuse.\n", cli.Printable(t.URL))
	}
	if t.Control != nil {
		fmt.Fprintf(&b, "Tokens without a flag would be created through the control at %s, and revoked at the end.\n"+
			"Rules would create accounts there and delete them, and move the clock by seconds and back.\n",
			cli.Printable(t.Control.URL))
	}
	b.WriteString("First the vaults, their items and one record of the activity log would be read,\n" +
		"and at most 20 items opened, to find out what there is to test with.\n\n")

	counts := map[string]int{}
	creating := 0
	b.WriteString(cli.TableOf("RULE\tPLAN\tCALLS OR REASON", rules, func(r contract.Rule) []any {
		plan, reason := planRule(t, r)
		counts[plan]++
		if plan != "skip" && r.Creates() {
			creating++
		}
		return []any{r.ID, plan, reason}
	}))
	fmt.Fprintf(&b, "\n%d to run, %d of them creating items; %d to run if the server has what they need; %d to skip;"+
		" %d not selected.\n",
		counts["run"], creating, counts["maybe"], counts["skip"], len(contract.Rules())-len(rules))
	if counts["skip"] > 0 {
		b.WriteString(missingText(t))
	}
	return b.String()
}

// canWrite reports whether a run would write to the target.
func canWrite(t contract.Target) bool { return t.AllowWrites && (t.Control != nil || !t.OnlyMock) }

// planRule returns what is known about a rule before anything is sent: "run",
// "maybe" or "skip", and the operations or the reason.
func planRule(t contract.Target, r contract.Rule) (plan, reason string) {
	operations := cmp.Or(strings.Join(r.Operations, ", "), "addresses without an operation")
	if t.URL == "" {
		return "run", operations
	}
	control := t.Control != nil
	given := map[contract.Capability]struct {
		available bool
		missing   string
	}{
		contract.Write:   {canWrite(t), "writes are not allowed: --allow-writes and --vault"},
		contract.Reader:  {control || t.ReaderToken != "", "no --reader-token"},
		contract.Writer:  {control || t.WriterToken != "", "no --writer-token"},
		contract.Other:   {control || t.OtherToken != "", "no --other-token"},
		contract.Refused: {control || len(t.RefusedTokens) > 0, "no --refused-token"},
		contract.Control: {control, "no control listener"},
	}
	var unknown []string
	for _, need := range r.Needs {
		g, fromFlags := given[need]
		switch {
		case !fromFlags:
			unknown = append(unknown, string(need))
		case !g.available:
			return "skip", g.missing
		}
	}
	if len(unknown) > 0 {
		return "maybe", operations + ", if there is: " + strings.Join(unknown, ", ")
	}
	return "run", operations
}

// missingText returns what a real server lacks for all rules to run, with the commands of op that create the
// tokens. It is empty for a mock, which creates them itself, and if nothing is missing.
func missingText(t contract.Target) string {
	if t.URL == "" || t.Control != nil {
		return ""
	}
	vault, other := cmp.Or(t.Vault, "VAULT"), cmp.Or(t.OtherVault, "OTHER_VAULT")
	var b strings.Builder
	if !canWrite(t) {
		fmt.Fprintf(&b, "  writes: --allow-writes --vault %s, best a vault for this only\n", cli.Printable(vault))
	}
	for _, token := range []struct {
		missing                bool
		flag, arguments, about string
	}{
		{t.ReaderToken == "", "--reader-token", "connectmock-reader --server SERVER --vault " + vault + ",r", ""},
		{t.WriterToken == "", "--writer-token", "connectmock-writer --server SERVER --vault " + vault + ",w", ""},
		{t.OtherToken == "", "--other-token", "connectmock-other --server SERVER --vault " + other + ",rw", ""},
		{len(t.RefusedTokens) == 0, "--refused-token",
			"connectmock-expired --server SERVER --vault " + vault + ",r --expires-in 1s", " (it expires at once)"},
	} {
		if token.missing {
			fmt.Fprintf(&b, "  %s%s:\n    op connect token create %s\n", token.flag, token.about, cli.Printable(token.arguments))
		}
	}
	if b.Len() == 0 {
		return ""
	}
	return "\nTo run the rules that would be skipped, give what is missing. Replace SERVER by the name of the Connect\n" +
		"server in your account, and VAULT and OTHER_VAULT by two vaults; the letters after a vault are a guess\n" +
		"about op:\n" +
		b.String()
}
