package main

import (
	"github.com/connectmock/connectmock/contract"
	"github.com/connectmock/connectmock/internal/conformance"
	"github.com/connectmock/connectmock/internal/report"
	"github.com/spf13/cobra"
)

func newContractSchema(std *streams) *cobra.Command {
	c := &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON Schema of a file that the contract reads or writes",
		Example: `  connectmock contract schema deviations > deviations.schema.json  for your editor
  connectmock contract schema report`,
	}
	return group(c,
		printCommand(std, "deviations", "Print the JSON Schema of known deviations, for editors", contract.DeviationsSchema),
		printCommand(std, "report", "Print the JSON Schema of the reports of --report json=FILE", report.Schema),
		printCommand(std, "conformance", "Print the JSON Schema of the reports of --report conformance=FILE",
			conformance.Schema))
}
