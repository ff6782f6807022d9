package main

import (
	"errors"

	"github.com/spf13/cobra"
)

func newContract(sh *shell) *cobra.Command {
	c := &cobra.Command{
		Use:   "contract",
		Short: "Hold a Connect server to its contract",
		Long: `Hold a Connect server to its contract: this mock, a mock elsewhere, or a real
server. A server that is named by URL is only read from, unless you allow
writes and name the vault for them.`,
		Example: `  connectmock contract run                            the mock, in this process
  export OP_CONNECT_HOST=https://connect.example.com OP_CONNECT_TOKEN=...
  connectmock contract plan                           what a run would do
  connectmock contract run --report html=report.html
  connectmock contract run --allow-writes --vault h3kvwphsg7jkstbxmdycavun3c
  connectmock contract sweep --vault h3kvwphsg7jkstbxmdycavun3c --dry-run`,
	}
	return group(c, newContractRun(sh), newContractPlan(sh), newContractList(sh), newContractExplain(sh),
		newContractSweep(sh), newContractCoverage(sh))
}

// verdict makes every error of a command 2: where a contract is judged, 1 says
// that it is broken.
func verdict(err error) error {
	if code := exitCode(0); err == nil || errors.As(err, &code) {
		return err
	}
	return usageError{err}
}
