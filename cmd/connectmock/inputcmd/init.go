package inputcmd

import (
	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/cmd/connectmock/cliflag"
	"github.com/connectmock/connectmock/cmd/connectmock/inputfile"
	"github.com/connectmock/connectmock/internal/starters"
	"github.com/spf13/cobra"
)

// NewInit returns the command init.
func NewInit(std *cli.Streams) *cobra.Command {
	force := false
	c := &cobra.Command{
		Use:   "init [KIND] [FILE]",
		Short: "Write a fixture, a compose file or a CI job to start from",
		Long: `Write a file to start from, and say what to do with it. Without KIND, list the
kinds. An existing file is not overwritten without --force. "-" as FILE is standard
output, as in: connectmock init agents - >> AGENTS.md`,
		Example: `  connectmock init fixture tests/fixture.yaml
  connectmock init compose
  connectmock init github
  connectmock init agents`,
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveDefault
			}
			return starterNames(), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return std.Print(starterTable())
			}
			starter, err := starters.Find(args[0])
			if err != nil {
				return cli.AsUsageError(err)
			}
			return inputfile.WriteStarter(std, starter, cliflag.FirstArg(args[1:]), force)
		},
	}
	c.Flags().BoolVar(&force, "force", false, "overwrite an existing file")
	cliflag.UnbindVariable(c.Flags(), "force")
	return c
}

// starterNames returns the kinds with what they are, for completion.
func starterNames() (names []string) {
	for _, s := range starters.All() {
		names = append(names, s.Name+"\t"+s.About)
	}
	return names
}

func starterTable() string {
	return cli.TableOf("KIND\tFILE\tABOUT", starters.All(), func(s starters.Starter) []any {
		return []any{s.Name, s.File, s.About}
	})
}
