package main

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/connectmock/connectmock/contract"
	"github.com/connectmock/connectmock/openapi"
	"github.com/spf13/cobra"
)

func newContractList(std *streams) *cobra.Command {
	var asJSON bool
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
			if asJSON {
				shown := make([]ruleJSON, len(rules))
				for i, r := range rules {
					shown[i] = ruleJSON{r.ID, r.Tag, r.Level, r.Evidence, r.Text, r.Creates(), r.Needs, r.Operations}
				}
				return std.printJSON(shown)
			}
			return std.print(ruleTable(rules))
		},
		ValidArgsFunction: completeRules,
	}
	c.Flags().BoolVar(&asJSON, "json", false, "as JSON, with all that is known of each")
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
	Needs      []contract.Capability `json:"needs,omitempty"`
	Operations []string              `json:"operations,omitempty"`
}

// selectRules are the rules that match one of the patterns, all without any.
func selectRules(patterns []string) ([]contract.Rule, error) {
	all := contract.Rules()
	if len(patterns) == 0 {
		return all, nil
	}
	wanted := map[string]bool{}
	for _, pattern := range patterns {
		found := false
		for _, r := range all {
			ok, err := path.Match(pattern, r.ID)
			if err != nil {
				return nil, usage("rule pattern %q: %w", pattern, err)
			}
			wanted[r.ID] = wanted[r.ID] || ok
			found = found || ok
		}
		if !found {
			return nil, usageError{contract.UnknownRule(pattern)}
		}
	}
	return slices.DeleteFunc(all, func(r contract.Rule) bool { return !wanted[r.ID] }), nil
}

func ruleTable(rules []contract.Rule) string {
	var b strings.Builder
	t := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "RULE\tLEVEL\tNEEDS\tPROMISE")
	for _, r := range rules {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", r.ID, r.Level, needsText(r), r.Text)
	}
	_ = t.Flush() // into memory
	return b.String()
}

// needsText is what a rule needs of a server, in words.
func needsText(r contract.Rule) string {
	if len(r.Needs) == 0 {
		return "-"
	}
	words := make([]string, len(r.Needs))
	for i, need := range r.Needs {
		words[i] = string(need)
	}
	return strings.Join(words, ", ")
}

func newContractExplain(std *streams) *cobra.Command {
	return &cobra.Command{
		Use:     "explain RULE",
		Short:   "Say what a rule promises, how that is known and what checking it takes",
		Example: `  connectmock contract explain health/heartbeat`,
		Args:    exactlyOneArg("a rule"),
		RunE: func(_ *cobra.Command, args []string) error {
			all := contract.Rules()
			i := slices.IndexFunc(all, func(r contract.Rule) bool { return r.ID == args[0] })
			if i < 0 {
				return usageError{contract.UnknownRule(args[0])}
			}
			doc, err := openapi.Connect()
			if err != nil {
				return err
			}
			return std.print(ruleText(all[i], doc))
		},
		ValidArgsFunction: completeRules,
	}
}

func ruleText(r contract.Rule, doc *openapi.Document) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\n%s\n\n", r.ID, r.Text)
	t := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "level\t%s: %s\n", r.Level, levelMeaning(r.Level))
	fmt.Fprintf(t, "tag\t%s\n", r.Tag)
	fmt.Fprintf(t, "evidence\t%s\n", r.Evidence)
	fmt.Fprintf(t, "needs\t%s\n", needsText(r))
	if r.Creates() {
		fmt.Fprintf(t, "creates\titems of its own, deleted afterwards\n")
	}
	for i, id := range r.Operations {
		name := "calls"
		if i > 0 {
			name = ""
		}
		fmt.Fprintf(t, "%s\t%s", name, id)
		if op := doc.Operation(id); op != nil {
			fmt.Fprintf(t, "  %s %s", op.Method, op.Path)
		}
		fmt.Fprintln(t)
	}
	fmt.Fprintf(t, "run it\tconnectmock contract run --rule %s\n", shellQuote(r.ID))
	_ = t.Flush() // into memory
	return b.String()
}

func levelMeaning(l contract.Level) string {
	return map[contract.Level]string{
		contract.Must:     "documented and observed, or clients break without it",
		contract.Should:   "documented, or observed by tests of others",
		contract.Observed: "recorded behaviour only; a server may differ",
	}[l]
}

func completeRules(*cobra.Command, []string, string) (list []string, _ cobra.ShellCompDirective) {
	for _, r := range contract.Rules() {
		list = append(list, r.ID+"\t"+r.Text)
	}
	return list, cobra.ShellCompDirectiveNoFileComp
}
