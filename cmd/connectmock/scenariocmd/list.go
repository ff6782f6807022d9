package scenariocmd

import (
	"cmp"
	"strings"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/scenarios"
	"github.com/spf13/cobra"
)

func newList(std *cli.Streams) *cobra.Command {
	var (
		choice choice
		asJSON bool
	)
	c := &cobra.Command{
		Use:   "list [FILE|DIR|library...]",
		Short: "List scenarios, by default those of the library",
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				args = []string{library}
			}
			all, err := choice.load(args)
			if err != nil {
				return cli.AsUsageError(err)
			}
			if !asJSON {
				return std.Print(table(all))
			}
			shown := make([]scenarioJSON, len(all))
			for i, s := range all {
				shown[i] = scenarioJSON{s.ID, s.Title, s.About, s.File, s.Tags, s.Requires, inputsJSON(s.Inputs)}
			}
			return std.PrintJSON(shown)
		},
		ValidArgsFunction: complete,
	}
	choice.bind(c)
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON, with all details")
	return c
}

// scenarioJSON is a scenario as JSON.
type scenarioJSON struct {
	ID       string      `json:"id"`
	Title    string      `json:"title"`
	About    string      `json:"about,omitempty"`
	File     string      `json:"file"`
	Tags     []string    `json:"tags,omitempty"`
	Requires []string    `json:"requires,omitempty"`
	Inputs   []inputJSON `json:"inputs,omitempty"`
}

type inputJSON struct {
	Name     string `json:"name"`
	About    string `json:"about,omitempty"`
	Required bool   `json:"required"`
	Secret   bool   `json:"secret"`
}

func inputsJSON(inputs []scenarios.Input) (shown []inputJSON) {
	for _, in := range inputs {
		shown = append(shown, inputJSON{in.Name, in.About, in.Required, in.Secret})
	}
	return shown
}

func table(all []*scenarios.Scenario) string {
	return cli.Table("SCENARIO\tREQUIRES\tTITLE", func(addRow func(...any)) {
		for _, s := range all {
			addRow(s.ID, cmp.Or(strings.Join(s.Requires, ", "), "-"), s.Title)
		}
	})
}
