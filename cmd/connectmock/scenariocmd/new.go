package scenariocmd

import (
	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/cmd/connectmock/inputfile"
	"github.com/connectmock/connectmock/internal/starters"
	"github.com/spf13/cobra"
)

func newNew(std *cli.Streams) *cobra.Command {
	return &cobra.Command{
		Use:   "new FILE",
		Short: "Write an example scenario to start from",
		Long: `Write an example scenario to start from. It runs unchanged, and its comments
explain the format. An existing file is not overwritten. "-" is standard output.`,
		RunE: func(_ *cobra.Command, args []string) error {
			starter, err := starters.Find("scenario")
			if err != nil {
				return err
			}
			return inputfile.WriteStarter(std, starter, args[0], false)
		},
	}
}
