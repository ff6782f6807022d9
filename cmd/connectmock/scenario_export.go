package main

import (
	"github.com/connectmock/connectmock/scenarios"
	"github.com/spf13/cobra"
)

func newScenarioExport(sh *shell) *cobra.Command {
	var (
		choice scenarioChoice
		curl   bool
	)
	c := &cobra.Command{
		Use:   "export --curl FILE|DIR|library",
		Short: "Print a scenario as a shell script, for those who have no connectmock",
		Long: `Print a scenario as a shell script of curl commands, for those who have no
connectmock. It reads OP_CONNECT_HOST and OP_CONNECT_TOKEN, holds no secret, and
says where it can't do what the scenario does.`,
		Example: `  connectmock scenario export --curl mine.yaml > mine.sh
  connectmock scenario export --curl library --id duplicate-titles`,
		Args: one("a scenario"),
		RunE: func(_ *cobra.Command, args []string) error {
			if !curl {
				return usage("in which form? --curl is the one there is")
			}
			all, err := choice.load(args)
			if err != nil {
				return usageError{err}
			}
			if len(all) != 1 {
				return usage("%s are %d scenarios; export takes one, which --id chooses", args[0], len(all))
			}
			script, err := scenarios.Curl(all[0])
			if err != nil {
				return usageError{err}
			}
			return sh.print(script)
		},
	}
	choice.bind(c)
	c.Flags().BoolVar(&curl, "curl", false, "as curl commands")
	return c
}
