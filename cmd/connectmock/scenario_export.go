package main

import (
	"github.com/connectmock/connectmock/scenarios"
	"github.com/spf13/cobra"
)

func newScenarioExport(sh *shell) *cobra.Command {
	var curl bool
	c := &cobra.Command{
		Use:   "export --curl FILE",
		Short: "Print a scenario as a shell script, for those who have no connectmock",
		Long: `Print a scenario as a shell script of curl commands, for those who have no
connectmock. It reads OP_CONNECT_HOST and OP_CONNECT_TOKEN, holds no secret, and
says where it can't do what the scenario does.`,
		Args: one("a scenario"),
		RunE: func(_ *cobra.Command, args []string) error {
			if !curl {
				return usage("in which form? --curl is the one there is")
			}
			all, err := loadScenario(args[0])
			if err != nil {
				return usageError{err}
			}
			if len(all) != 1 {
				return usage("%s are %d scenarios; export takes one", args[0], len(all))
			}
			script, err := scenarios.Curl(all[0])
			if err != nil {
				return usageError{err}
			}
			return sh.print(script)
		},
	}
	c.Flags().BoolVar(&curl, "curl", false, "as curl commands")
	return c
}
