// Package contractcmd is the command contract: it runs, plans and explains the rules for Connect servers.
package contractcmd

import (
	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/cmd/connectmock/cliflag"
	"github.com/connectmock/connectmock/contract"
	"github.com/connectmock/connectmock/internal/conformance"
	"github.com/connectmock/connectmock/internal/report"
	"github.com/spf13/cobra"
)

// New returns the command contract.
func New(std *cli.Streams) *cobra.Command {
	c := &cobra.Command{
		Use:   "contract",
		Short: "Check that a Connect server keeps its contract",
		Long: `Check that a Connect server keeps its contract: this mock, a mock elsewhere, or a
real server. A server that is named by URL is only read from, unless you allow
writes and name the vault for them.`,
		Example: `  connectmock contract run                            the mock, in this process
  export OP_CONNECT_HOST=https://connect.example.com OP_CONNECT_TOKEN=...
  connectmock contract plan                           what a run would do
  connectmock contract run --report html=report.html
  connectmock contract run --allow-writes --vault h3kvwphsg7jkstbxmdycavun3c
  connectmock contract sweep --vault h3kvwphsg7jkstbxmdycavun3c --dry-run`,
	}
	return cliflag.Group(c, newRun(std), newPlan(std), newList(std), newExplain(std),
		newSweep(std), newCoverage(std), newSchema(std), newMatrix(std))
}

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
