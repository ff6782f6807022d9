package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"strings"

	_ "embed"

	"github.com/connectmock/connectmock/scenarios"
	"github.com/spf13/cobra"
)

func newScenarioList(std *streams) *cobra.Command {
	var (
		choice scenarioChoice
		asJSON bool
	)
	c := &cobra.Command{
		Use:   "list [FILE|DIR|library...]",
		Short: "List scenarios, those that come with connectmock if none are named",
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				args = []string{library}
			}
			all, err := choice.load(args)
			if err != nil {
				return usageError{err}
			}
			if !asJSON {
				return std.print(scenarioTable(all))
			}
			shown := make([]scenarioJSON, len(all))
			for i, s := range all {
				shown[i] = scenarioJSON{s.ID, s.Title, s.About, s.File, s.Tags, s.Requires, inputsJSON(s.Inputs)}
			}
			return std.printJSON(shown)
		},
		ValidArgsFunction: completeScenarios,
	}
	choice.bind(c)
	c.Flags().BoolVar(&asJSON, "json", false, "as JSON, with all that is known of each")
	return c
}

// scenarioJSON is a scenario for programs.
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

func scenarioTable(all []*scenarios.Scenario) string {
	return table("SCENARIO\tREQUIRES\tTITLE", func(addRow func(...any)) {
		for _, s := range all {
			addRow(s.ID, cmp.Or(strings.Join(s.Requires, ", "), "-"), s.Title)
		}
	})
}

func newScenarioValidate(std *streams) *cobra.Command {
	return &cobra.Command{
		Use:   "validate FILE|DIR...",
		Short: "Say whether scenarios can be run, or what is wrong with them",
		Long: `Say whether scenarios can be run, or everything that is wrong with them, with
line and column and the nearest name that would do. Exit code 2 if one can't.`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			failed := false
			for _, name := range args {
				all, err := loadScenario(name)
				if err != nil {
					failed = true
					std.say("%s", strings.TrimRight(err.Error(), "\n"))
					continue
				}
				if err := std.print(name + ": " + scenarioNames(all) + "\n"); err != nil {
					return err
				}
			}
			if failed {
				return exitCode(exitUsage)
			}
			return nil
		},
		ValidArgsFunction: completeScenarios,
	}
}

func scenarioNames(all []*scenarios.Scenario) string {
	if len(all) == 1 {
		return all[0].ID + ", valid"
	}
	return count(len(all), "scenario") + ", valid"
}

func newScenarioSchema(std *streams) *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON Schema of scenarios, for editors",
		Args:  noArgs,
		RunE:  func(*cobra.Command, []string) error { return std.print(string(scenarios.Schema())) },
	}
}

//go:embed scenario.yaml
var newScenarioText string

func newScenarioNew(std *streams) *cobra.Command {
	return &cobra.Command{
		Use:   "new FILE",
		Short: "Write a scenario to start yours from",
		Long: `Write a scenario to start yours from: it runs as it is, and says in comments what
else there is. A file that is there is left alone. "-" is standard output.`,
		Args: exactlyOneArg("a file"),
		RunE: func(_ *cobra.Command, args []string) error {
			if args[0] == "-" {
				return std.print(newScenarioText)
			}
			f, err := os.OpenFile(args[0], os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
			switch {
			case errors.Is(err, os.ErrExist):
				return usage("%s is there already, and is left as it is", args[0])
			case err != nil:
				return usageError{err}
			}
			if _, err = f.WriteString(newScenarioText); err != nil {
				return errors.Join(err, f.Close())
			}
			if err := f.Close(); err != nil {
				return err
			}
			return std.print(fmt.Sprintf("%s is written; connectmock scenario run %s runs it\n", args[0], shellQuote(args[0])))
		},
	}
}
