package scenariocmd

import (
	"fmt"
	"io/fs"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/internal/nearest"
	"github.com/connectmock/connectmock/scenarios"
	"github.com/spf13/cobra"
)

func newShow(std *cli.Streams) *cobra.Command {
	return &cobra.Command{
		Use:   "show ID",
		Short: "Print a scenario of the library as YAML",
		Long: `Print a scenario of the library as YAML, with its comments. The ids are those of
connectmock scenario list.`,
		Example: `  connectmock scenario show token-rotation
  connectmock scenario show token-rotation > mine.yaml`,
		RunE: func(_ *cobra.Command, args []string) error {
			all, err := load(library)
			if err != nil {
				return err
			}
			for _, s := range all {
				if s.ID != args[0] {
					continue
				}
				text, err := fs.ReadFile(scenarios.Library(), s.File)
				if err != nil {
					return err
				}
				return std.Print(string(text))
			}
			return cli.Usage("the library has no scenario %q%s; connectmock scenario list shows them",
				args[0], nearest.HintSimilar(args[0], idsOf(all)))
		},
		ValidArgsFunction: completeLibrary,
	}
}

// completeLibrary returns the ids of the library with their titles.
func completeLibrary(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	all, err := load(library)
	if err != nil || len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var ids []string
	for _, s := range all {
		ids = append(ids, fmt.Sprintf("%s\t%s", s.ID, s.Title))
	}
	return ids, cobra.ShellCompDirectiveNoFileComp
}

func newDocs(std *cli.Streams) *cobra.Command {
	return &cobra.Command{
		Use:   "docs",
		Short: "Print the reference of the scenario language",
		Long: `Print the reference of the scenario language as Markdown: keys, states, variables,
functions, operators, capabilities and commands for a mock.`,
		RunE: func(*cobra.Command, []string) error { return std.Print(scenarios.Reference()) },
	}
}
