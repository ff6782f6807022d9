package contractcmd

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/contract"
	"github.com/connectmock/connectmock/internal/environment"
	"github.com/connectmock/connectmock/openapi"
	"github.com/spf13/cobra"
)

func newList(std *cli.Streams) *cobra.Command {
	asJSON := false
	c := &cobra.Command{
		Use:   "list [PATTERN...]",
		Short: "List the rules",
		Example: `  connectmock contract list
  connectmock contract list 'items/*' 'patch/*'`,
		RunE: func(_ *cobra.Command, args []string) error {
			rules, err := selectRules(args)
			if err != nil {
				return err
			}
			if !asJSON {
				return std.Print(cli.TableOf("RULE\tLEVEL\tNEEDS\tWHAT THE SERVER DOES", rules, func(r contract.Rule) []any {
					return []any{r.ID, r.Level, needsText(r), r.Text}
				}))
			}
			list := make([]ruleJSON, len(rules))
			for i, r := range rules {
				list[i] = ruleJSON{r.ID, r.Tag, r.Level, r.Evidence, r.Text, r.Creates(), r.Touches.String(), r.Needs,
					r.Operations, exceptionsJSON(r)}
			}
			return std.PrintJSON(list)
		},
		ValidArgsFunction: completeRules,
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON, with all details")
	return c
}

// ruleJSON is a rule for programs.
type ruleJSON struct {
	ID         string                `json:"id"`
	Tag        string                `json:"tag"`
	Level      contract.Level        `json:"level"`
	Evidence   string                `json:"evidence"`
	Text       string                `json:"text"`
	Creates    bool                  `json:"creates"` // items of its own
	Touches    string                `json:"touches"` // what it reads and changes, in words
	Needs      []contract.Capability `json:"needs,omitempty"`
	Operations []string              `json:"operations,omitempty"`
	Exceptions []exceptionJSON       `json:"exceptions,omitempty"` // versions of Connect that break the rule
}

// exceptionJSON is a range of versions of Connect that break a rule.
type exceptionJSON struct {
	From   string `json:"from,omitempty"` // first version that breaks it; missing: the oldest
	Before string `json:"before"`         // first version that keeps it
	About  string `json:"about"`          // what the versions do instead
}

func exceptionsJSON(r contract.Rule) (list []exceptionJSON) {
	for _, e := range r.Exceptions() {
		list = append(list, exceptionJSON(e))
	}
	return list
}

// selectRules returns the rules that match one of the patterns, all if there is
// no pattern.
func selectRules(patterns []string) ([]contract.Rule, error) {
	all := contract.Rules()
	if len(patterns) == 0 {
		return all, nil
	}
	selected := map[string]bool{}
	for _, pattern := range patterns {
		found := false
		for _, r := range all {
			ok, err := path.Match(pattern, r.ID)
			if err != nil {
				return nil, cli.Usage("rule pattern %q: %w", pattern, err)
			}
			selected[r.ID] = selected[r.ID] || ok
			found = found || ok
		}
		if !found {
			return nil, cli.AsUsageError(contract.UnknownRule(pattern))
		}
	}
	return slices.DeleteFunc(all, func(r contract.Rule) bool { return !selected[r.ID] }), nil
}

// needsText lists what a rule needs of a server.
func needsText(r contract.Rule) string {
	var words []string
	for _, need := range r.Needs {
		words = append(words, string(need))
	}
	return cmp.Or(strings.Join(words, ", "), "-")
}

func newExplain(std *cli.Streams) *cobra.Command {
	return &cobra.Command{
		Use:     "explain RULE",
		Short:   "Explain what a server does by a rule, how that is known and what checking it takes",
		Example: `  connectmock contract explain health/heartbeat`,
		RunE: func(_ *cobra.Command, args []string) error {
			all := contract.Rules()
			i := slices.IndexFunc(all, func(r contract.Rule) bool { return r.ID == args[0] })
			if i < 0 {
				return cli.AsUsageError(contract.UnknownRule(args[0]))
			}
			doc, err := openapi.Connect()
			if err != nil {
				return err
			}
			return std.Print(ruleText(all[i], doc))
		},
		ValidArgsFunction: completeRules,
	}
}

func ruleText(r contract.Rule, doc *openapi.Document) string {
	meanings := map[contract.Level]string{
		contract.Must:     "documented and observed, or clients break without it",
		contract.Should:   "documented, or observed by tests of others",
		contract.Observed: "recorded behaviour only; a server may differ",
	}
	return r.ID + "\n\n" + r.Text + "\n\n" + cli.Table("", func(addRow func(...any)) {
		addRow("level", string(r.Level)+": "+meanings[r.Level])
		addRow("tag", r.Tag)
		addRow("evidence", r.Evidence)
		addRow("needs", needsText(r))
		addRow("touches", touchesText(r.Touches))
		title := "not in"
		for _, e := range r.Exceptions() {
			addRow(title, "Connect "+e.String()+": "+e.About)
			title = ""
		}
		if r.Creates() {
			addRow("creates", "items of its own, deleted afterwards")
		}
		title = "calls"
		for _, id := range r.Operations {
			text := id
			if op := doc.Operation(id); op != nil {
				text += "  " + op.Method + " " + op.Path
			}
			addRow(title, text)
			title = ""
		}
		addRow("run it", "connectmock contract run --rule "+environment.ShellQuote(r.ID))
	})
}

// touchesText returns what a rule touches, and beside which others it runs for that reason.
func touchesText(t contract.Touches) string {
	return t.String() + ": " + map[contract.Touches]string{
		contract.ReadOnly:    "runs beside others",
		contract.OwnItems:    "runs beside others",
		contract.VaultState:  "runs while no other rule writes",
		contract.ActivityLog: "runs while no other rule adds records",
		contract.WholeState:  "runs alone",
	}[t]
}

func completeRules(*cobra.Command, []string, string) (list []string, _ cobra.ShellCompDirective) {
	for _, r := range contract.Rules() {
		list = append(list, r.ID+"\t"+r.Text)
	}
	return list, cobra.ShellCompDirectiveNoFileComp
}
