package report

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Only what passed in the baseline fails.
func TestCompareWith_FailsOnlyWhatPassedBefore(t *testing.T) {
	t.Parallel()
	before := &Run{Suite: "contract", Began: noon, Results: []Result{
		{ID: "passed", State: Pass}, {ID: "failed", State: Fail}, {ID: "skipped", State: Skip, Reason: "no files"},
		{ID: "deviated", State: KnownDeviation, Reason: "old"},
	}}
	baseline, err := ReadBaseline(write(t, "json", before), "contract")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		id     string
		state  State
		want   State
		reason string
		code   int
	}{
		{"passed", Pass, Pass, "", Kept},
		{"passed", Fail, Fail, "", Broken},
		{"passed", Error, Error, "", Failed},
		{"passed", Skip, Skip, "no token", Failed},
		{"failed", Fail, KnownDeviation, "it did not pass in the baseline of 2026-03-21 either: fail", Kept},
		{"failed", Pass, Pass, "", Kept},
		{"failed", Error, Error, "", Failed},
		{"failed", Skip, Skip, "no token", Kept},
		{"skipped", Fail, KnownDeviation, "it did not pass in the baseline of 2026-03-21 either: skip", Kept},
		{"deviated", Fail, KnownDeviation, "it did not pass in the baseline of 2026-03-21 either: known deviation", Kept},
		{"new", Fail, KnownDeviation, "it fails, and is not in the baseline of 2026-03-21", Kept},
		{"new", UnexpectedPass, UnexpectedPass, "", Broken},
	} {
		run := &Run{Suite: "contract", Results: []Result{{ID: "other", State: Pass}, {ID: c.id, State: c.state}}}
		if c.state == Skip {
			run.Results[1].Reason = "no token"
		}
		run.CompareWith(baseline)
		if got := run.Results[1]; got.State != c.want || got.Reason != c.reason || run.ExitCode() != c.code {
			t.Errorf("%s, now %s: %s %q, exit code %d", c.id, c.state, got.State, got.Reason, run.ExitCode())
		}
	}
	// The two runs are not of the same rules or version.
	before.Version = "1.7.3"
	if baseline, err = ReadBaseline(write(t, "json", before), "contract"); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		run  *Run
		want []string
	}{
		{&Run{Version: "1.7.3", Results: []Result{{ID: "passed", State: Pass}, {ID: "failed", State: Pass}}}, nil},
		{&Run{Results: []Result{{ID: "passed", State: Pass}, {ID: "new", State: Disabled}}}, nil},
		{&Run{Version: "1.8.1", Results: []Result{{ID: "passed", State: Pass}}},
			[]string{"the baseline of 2026-03-21 is of Connect 1.7.3, this run of 1.8.1"}},
		{&Run{Results: []Result{{ID: "passed", State: Pass}, {ID: "skipped", State: Pass}, {ID: "new", State: Fail}}},
			[]string{"2 of the 3 rules that were tested were not tested in the baseline of 2026-03-21, so they can't fail; " +
				"write a new one with the same rules, tokens and permissions"}},
	} {
		c.run.CompareWith(baseline)
		if diff := cmp.Diff(c.want, c.run.Warnings); diff != "" {
			t.Errorf("warnings (-want +got):\n%s", diff)
		}
	}
	run := &Run{Results: []Result{{ID: "passed", State: Skip, Reason: "needs items: the vault has 0 items"}}}
	run.CompareWith(baseline)
	want := []string{"1 rule that passed in the baseline of 2026-03-21 can't be compared, because nothing was tested: " +
		"the vault has 0 items"}
	if diff := cmp.Diff(want, run.Shortfalls); diff != "" {
		t.Error(diff)
	}
}

func TestReadBaseline_RefusesOtherFiles(t *testing.T) {
	t.Parallel()
	ofScenarios := sample()
	ofScenarios.Suite = "scenarios"
	for want, data := range map[string]string{
		"not a JSON report: ":                              "contract: true",
		"not a JSON report of version":                     `{"schema": 2, "suite": "contract", "results": []}`,
		"not a JSON report: it is a list, not an object":   "[]",
		"not a JSON report: it is a string, not an object": `"report"`,
		"not a JSON report: it is empty":                   " \n",
		"not of \"contract\"":                              string(write(t, "json", ofScenarios)),
		"of a run that could not start":                    string(write(t, "json", &Run{Suite: "contract"})),
	} {
		if _, err := ReadBaseline([]byte(data), "contract"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

func TestReadJSON_NamesThePlace(t *testing.T) {
	t.Parallel()
	for data, want := range map[string]string{
		"{\"schema\": 1,\n \"results\": 3}":                       "line 2, column 13: results can't be a number",
		"{\"schema\": 1,\n \"results\": [{\"id\": []}]}":          "line 2, column 21: results.id can't be a list",
		"{\"schema\": 1,\n \"suite\": \"contract\",}":             "line 2, column 22: invalid character",
		"{\"schema\": 1,\n":                                       "line 1, column 14: unexpected end of JSON input",
		"{\"schema\": 1,\n \"began\": \"yesterday\"}":             `line 2, column 12: "yesterday" is not a moment as 2026-03-21T12:00:00Z`,
		"{\"schema\": 1,\n \"began\": 5}":                         "a moment is not a text as 2026-03-21T12:00:00Z",
		"{\"suite\": \"\u00e9\", \"schema\": \"\"}\n":             "line 1, column 27: schema can't be a string",
		"{\"schema\": 1, \"suite\": \"contract\"}\n{\"more\": 1}": "line 2, column 1: invalid character '{' after top-level value",
	} {
		_, err := ReadBaseline([]byte(data), "contract")
		if err == nil || !strings.HasPrefix(err.Error(), "not a JSON report: "+want) || strings.Contains(err.Error(), "Go ") {
			t.Errorf("%s: %v, want %q", data, err, want)
		}
	}
}
