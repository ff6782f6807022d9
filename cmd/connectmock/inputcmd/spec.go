package inputcmd

import (
	"fmt"
	"strings"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/cmd/connectmock/cliflag"
	"github.com/connectmock/connectmock/cmd/connectmock/inputfile"
	"github.com/connectmock/connectmock/openapi"
	"github.com/spf13/cobra"
)

// NewSpec returns the command spec.
func NewSpec(std *cli.Streams) *cobra.Command {
	c := &cobra.Command{
		Use:   "spec",
		Short: "Print our OpenAPI document, and compare others with it",
		Example: `  connectmock spec show > connect.yaml
  connectmock spec errata published.yaml
  connectmock spec check published.yaml
  connectmock serve --spec published.yaml`,
	}
	show := cliflag.NewPrint(std, "show", "Print our OpenAPI document", openapi.ConnectYAML)
	return cliflag.Group(c, show, newSpecErrata(std), newSpecCheck(std))
}

func newSpecErrata(std *cli.Streams) *cobra.Command {
	return &cobra.Command{
		Use:   "errata FILE",
		Short: "List what is corrected in a document to make it usable",
		Long: `List what is corrected, in memory only, to make an OpenAPI document usable, with
the reason and the evidence. "-" is standard input.`,
		RunE: func(_ *cobra.Command, args []string) error {
			_, errata, err := inputfile.LoadDocument(std.Read, args[0])
			if err != nil {
				return cli.AsUsageError(err)
			}
			if len(errata) == 0 {
				return std.Print(args[0] + ": nothing to correct\n")
			}
			texts := make([]string, len(errata))
			for i, e := range errata {
				texts[i] = fmt.Sprintf("%s (%s)\n    %s\n    evidence: %s\n    shown by: %s\n",
					e.Name, e.Side, e.Why, e.Evidence, e.Proof)
				for _, place := range e.Places {
					texts[i] += fmt.Sprintf("    in %s\n", place)
				}
			}
			return std.Print(strings.Join(texts, "\n"))
		},
	}
}

func newSpecCheck(std *cli.Streams) *cobra.Command {
	return &cobra.Command{
		Use:   "check FILE",
		Short: "List the differences between a document and ours",
		Long: `List the differences between an OpenAPI document and ours, one a line. "-" is
standard input. Exit code 1 if there are differences.`,
		RunE: func(_ *cobra.Command, args []string) error {
			theirs, _, err := inputfile.LoadDocument(std.Read, args[0])
			if err != nil {
				return cli.AsUsageError(err)
			}
			ours, err := openapi.Connect()
			if err != nil {
				return err
			}
			differences := openapi.Diff(ours, theirs)
			if len(differences) == 0 {
				return std.Print(args[0] + ": no difference\n")
			}
			var b strings.Builder
			for _, d := range differences {
				fmt.Fprintln(&b, d)
			}
			if err := std.Print(b.String()); err != nil {
				return err
			}
			return cli.ExitCode(cli.ExitFailed)
		},
	}
}
