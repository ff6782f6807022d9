package scenariocmd

import (
	"strings"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/scenarios"
	"github.com/spf13/cobra"
)

func newValidate(std *cli.Streams) *cobra.Command {
	return &cobra.Command{
		Use:   "validate FILE|DIR...",
		Short: "Check scenarios without running them",
		Long: `Check scenarios without running them, and report every mistake with its line and
column and the nearest valid name. Exit code 2 if a scenario is invalid.`,
		RunE: func(_ *cobra.Command, args []string) error {
			failed := false
			for _, name := range args {
				all, err := load(name)
				if err != nil {
					failed = true
					std.Say("%s", strings.TrimRight(err.Error(), "\n"))
					continue
				}
				if err := std.Print(name + ": " + namesText(all) + "\n"); err != nil {
					return err
				}
			}
			if failed {
				return cli.ExitCode(cli.ExitUsage)
			}
			return nil
		},
		ValidArgsFunction: complete,
	}
}

func namesText(all []*scenarios.Scenario) string {
	if len(all) == 1 {
		return all[0].ID + ", valid"
	}
	return cli.Count(len(all), "scenario") + ", valid"
}

func newSchema(std *cli.Streams) *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON Schema of scenarios, for editors",
		RunE:  func(*cobra.Command, []string) error { return std.Print(string(scenarios.Schema())) },
	}
}
