package contractcmd

import (
	"io"
	"testing"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/cmd/connectmock/mock"
	"github.com/connectmock/connectmock/contract"
	"github.com/connectmock/connectmock/internal/report"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// startInMemory starts a mock with the demo data, until the end of the test.
func startInMemory(t *testing.T) *mock.Mock {
	t.Helper()
	m, err := mock.StartInMemory(t.Context(), &cli.Streams{Err: io.Discard, Out: io.Discard})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = m.Close() })
	return m
}

// A mock in this process that has no items can't show what files are: the run fails, although no rule does.
func TestContractRun_FailsIfTheMockInThisProcessLacksSomething(t *testing.T) {
	t.Parallel()
	m := startInMemory(t)
	vaults, err := m.Server.Vaults(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range vaults {
		items, err := m.Server.Items(t.Context(), controlapi.ItemQuery{Vault: v.ID, Limit: 1000})
		if err != nil {
			t.Fatal(err)
		}
		for _, item := range items.Items {
			if err := m.Server.DeleteItem(t.Context(), "", v.ID, item.ID); err != nil {
				t.Fatal(err)
			}
		}
	}
	run, err := runOnMock(t.Context(), m, contract.Options{Rules: []string{"files/of-a-document", "health/heartbeat"}})
	if err != nil {
		t.Fatal(err)
	}
	if run.ExitCode() != report.Failed || len(run.Shortfalls) != 1 {
		t.Errorf("exit code %d: %s: %q", run.ExitCode(), run.Headline(), run.Shortfalls)
	}
}
