package contractcmd

import (
	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/cmd/connectmock/cliflag"
	"github.com/connectmock/connectmock/contract"
	"github.com/connectmock/connectmock/internal/conformance"
	"github.com/connectmock/connectmock/internal/report"
	"github.com/spf13/cobra"
)

func newSchema(std *cli.Streams) *cobra.Command {
	c := &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON Schema of a file that the contract reads or writes",
		Example: `  connectmock contract schema deviations > deviations.schema.json  for your editor
  connectmock contract schema report`,
	}
	return cliflag.Group(c,
		cliflag.NewPrint(std, "deviations",
			"Print the JSON Schema of known deviations, for editors", contract.DeviationsSchema),
		cliflag.NewPrint(std, "report", "Print the JSON Schema of the reports of --report json=FILE", report.Schema),
		cliflag.NewPrint(std, "conformance", "Print the JSON Schema of the reports of --report conformance=FILE",
			conformance.Schema))
}
