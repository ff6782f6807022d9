package suites

import (
	"fmt"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/internal/report"
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
	text := SummaryText(run, nil)
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
