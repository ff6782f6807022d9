package contractcmd

import (
	"io"
	"testing"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/contract"
	"github.com/connectmock/connectmock/internal/report"
	"github.com/spf13/cobra"
)

func TestPlan_AgreesWithTheRun(t *testing.T) {
	t.Parallel()
	at := startInMemory(t).Address()
	var s suiteFlags
	c := &cobra.Command{}
	s.bind(c)
	s.URL, s.Token, s.reader = at.Host, at.Token, at.Token
	target, err := s.target(c, &cli.Streams{Err: io.Discard})
	if err != nil {
		t.Fatal(err)
	}
	run, err := contract.Run(t.Context(), target, contract.Options{})
	if err != nil {
		t.Fatal(err)
	}
	counts := map[string]int{}
	for i, rule := range contract.Rules() {
		plan, reason := planRule(target, rule)
		counts[plan]++
		if state := run.Results[i].State; (plan == "skip") != (state == report.Skip) && plan != "maybe" {
			t.Errorf("%s: planned %s (%s), result %s (%s)", rule.ID, plan, reason, state, run.Results[i].Reason)
		}
	}
	if counts["run"] == 0 || counts["skip"] == 0 || counts["maybe"] == 0 {
		t.Errorf("planned: %v", counts)
	}
}
