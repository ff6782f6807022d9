package scenariocmd

import (
	"fmt"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/cmd/connectmock/cliflag"
	"github.com/connectmock/connectmock/cmd/connectmock/inputfile"
	"github.com/connectmock/connectmock/cmd/connectmock/locate"
	"github.com/connectmock/connectmock/internal/environment"
	"github.com/connectmock/connectmock/internal/starters"
	"github.com/connectmock/connectmock/scenarios"
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

func newRecord(std *cli.Streams) *cobra.Command {
	var (
		r       scenarios.Recording
		control locate.ControlFlags
	)
	c := &cobra.Command{
		Use:   "record FILE",
		Short: "Write a scenario that repeats the requests in the journal of a mock",
		Long: `Write a scenario that repeats the requests in the journal of a mock and expects the
recorded responses. It passes on the same mock where the journal has what is needed.

The journal has no tokens, bodies or values of fields: the scenario has placeholders
in their place, and a comment for each. An existing file is not overwritten. "-" is
standard output. Like connectmock ctl, record finds the mock of this directory.`,
		Example: `  connectmock exec -- sh -c './my-client && connectmock scenario record mine.yaml'
  connectmock scenario record mine.yaml --after 120
  connectmock scenario run mine.yaml`,
		RunE: func(c *cobra.Command, args []string) error {
			cliflag.WarnIfVisible(c.Flag("control-token"), std)
			var err error
			if r.Control, err = control.Client(c.Flags()); err != nil {
				return cli.AsUsageError(err)
			}
			text, err := scenarios.Record(c.Context(), r)
			if err != nil {
				return cli.AsUsageError(control.AddStaleFileHint(err))
			}
			if args[0] == "-" {
				return std.Print(string(text))
			}
			if err := inputfile.Create(args[0], string(text), false); err != nil {
				return err
			}
			return std.Print(fmt.Sprintf("wrote %s; run it with connectmock scenario run %s\n",
				args[0], environment.ShellQuote(args[0])))
		},
	}
	f := c.Flags()
	f.StringVar(&r.Account, "account", "", "`name` or id of the account (default the first)")
	f.Uint64Var(&r.After, "after", 0, "record only requests after this `number` of connectmock ctl journal list")
	f.StringVar(&r.ID, "id", "recorded", "`id` of the scenario")
	cliflag.UnbindVariables(c)
	control.Bind(f)
	return c
}
