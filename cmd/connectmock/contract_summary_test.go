package main

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/contract"
	"github.com/connectmock/connectmock/internal/report"
	"github.com/spf13/cobra"
)

func TestSummary_GroupsResultsAndEscapesControlCharacters(t *testing.T) {
	t.Parallel()
	run := &report.Run{Suite: "contract", Target: "connect.example.com", Warnings: []string{"two\nlines"}}
	for i := range 25 {
		run.Results = append(run.Results, report.Result{
			ID: fmt.Sprintf("items/%d", i), Title: "A promise", Level: "MUST", State: report.Fail,
			Failure: "it returned \x1b[2J", Curl: []string{"curl first", "curl last"},
		})
	}
	for i := range 6 {
		id := fmt.Sprintf("files/%d", i)
		run.Results = append(run.Results, report.Result{ID: id, State: report.Skip, Reason: "no files"})
	}
	text := summaryText(run, nil)
	for _, want := range []string{
		"contract of connect.example.com: 25 fail, 6 not tested: no files in 0s\n",
		"FAIL  MUST  items/19: A promise\n    it returned \\x1b[2J\n    curl last\n    (1 request before it; --report has them)\n",
		"FAIL  MUST  items/20: A promise\nFAIL  MUST  items/21: A promise\n",
		"   6  no files\n      files/0, files/1, files/2, files/3 and 2 more\n",
		"  - two\n    lines\n",
		"\nThe contract is broken.\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in:\n%s", want, text)
		}
	}
	if strings.ContainsRune(text, 0x1b) {
		t.Error("a server can write to the terminal")
	}
}

func TestPlan_AgreesWithTheRun(t *testing.T) {
	t.Parallel()
	m := startMock(t)
	var s suiteFlags
	c := &cobra.Command{}
	s.bind(c)
	s.url, s.token, s.reader = m.Address().Host, m.Address().Token, m.Address().Token
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
