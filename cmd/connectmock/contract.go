package main

import (
	"context"
	"log/slog"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/cmd/connectmock/cliflag"
	"github.com/connectmock/connectmock/contract"
	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/mockserver"
	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/spf13/cobra"
)

func newContract(std *cli.Streams) *cobra.Command {
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
	return cliflag.Group(c, newContractRun(std), newContractPlan(std), newContractList(std), newContractExplain(std),
		newContractSweep(std), newContractCoverage(std), newContractSchema(std), newContractMatrix(std))
}

// startInMemory starts a mock in memory with the demo data. The variables of
// serve have no effect on it. The caller must close it.
func startInMemory(ctx context.Context, std *cli.Streams, control string) (*mock, error) {
	var s settings
	s.bind(&cobra.Command{}, "127.0.0.1:0", mockserver.MemoryStore, control) // for the defaults
	s.log.level = slog.LevelWarn
	return s.start(ctx, std, false)
}

// contractTarget returns the mock as a target that allows everything. The
// control creates the tokens that rules need.
func (m *mock) contractTarget() contract.Target {
	return contract.Target{
		Name: "a mock in this process", URL: m.url, Token: m.token, AllowWrites: true,
		Vault:   fixtures.Demo().Accounts[0].Vaults[0].ID,
		Control: &controlapi.Client{URL: m.control.url(), Token: m.control.token},
	}
}

// closeAfterRun closes a mock that a suite ran against. An error is only a
// message, because the run is done.
func (m *mock) closeAfterRun() {
	if err := m.close(); err != nil {
		m.std.Say("%v", err)
	}
}
