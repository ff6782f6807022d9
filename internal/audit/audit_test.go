package audit

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files again")

// recorded returns a journal of testdata. Each was recorded from a mock, with curl as the client: KIND.found.json has
// one mistake of that kind, KIND.near.json has requests that are nearly one. Between the two may stand a variant.
func recorded(t *testing.T, name string) (page controlapi.Journal) {
	t.Helper()
	data, err := os.ReadFile(name)
	if err == nil {
		err = json.Unmarshal(data, &page)
	}
	if err != nil || len(page.Entries) == 0 {
		t.Fatalf("%s: %v, %d entries", name, err, len(page.Entries))
	}
	return page
}

func allKinds() (kinds []Kind) {
	for _, f := range table() {
		kinds = append(kinds, f.kind)
	}
	return kinds
}

// kindOf returns the kind that the name of a recorded journal starts with.
func kindOf(t *testing.T, name string) (kind Kind) {
	t.Helper()
	for _, k := range allKinds() {
		if strings.HasPrefix(filepath.Base(name), string(k)) && len(k) > len(kind) {
			kind = k
		}
	}
	if kind == "" {
		t.Fatalf("%s is of no kind", name)
	}
	return kind
}

func TestAnalyze_FindsTheMistakeOfEachRecordedJournal(t *testing.T) {
	t.Parallel()
	found := map[Kind]int{}
	names, err := filepath.Glob("testdata/*.found.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		kind := kindOf(t, name)
		found[kind]++
		report := Analyze(recorded(t, name), nil)
		isOther := func(f Finding) bool { return f.Kind != kind }
		if len(report.Findings) == 0 || slices.ContainsFunc(report.Findings, isOther) {
			t.Errorf("%s: want %s alone, got %+v", name, kind, report.Findings)
		}
	}
	for _, kind := range allKinds() {
		if found[kind] == 0 {
			t.Errorf("no journal has a mistake of the kind %s", kind)
		}
	}
}

func TestAnalyze_FindsNothingInNearMisses(t *testing.T) {
	t.Parallel()
	near := map[Kind]int{}
	names, err := filepath.Glob("testdata/*.near.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		near[kindOf(t, name)]++
		if report := Analyze(recorded(t, name), nil); len(report.Findings) > 0 {
			t.Errorf("%s: %+v", name, report.Findings)
		}
	}
	for _, kind := range allKinds() {
		if near[kind] == 0 {
			t.Errorf("no journal nearly has a mistake of the kind %s", kind)
		}
	}
}

func TestAnalyze_CountsRetriesWithoutAKnownPause(t *testing.T) {
	t.Parallel()
	report := Analyze(recorded(t, "testdata/frozen-clock.json"), nil)
	if len(report.Findings) > 0 || report.Unmeasured != 2 {
		t.Errorf("%d pauses are unknown, findings %+v", report.Unmeasured, report.Findings)
	}
}

// allRecorded returns the requests of all recorded journals, with ids in order.
func allRecorded(t *testing.T) (page controlapi.Journal) {
	t.Helper()
	names, err := filepath.Glob("testdata/*.json")
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(names)
	for _, name := range names {
		page.Entries = append(page.Entries, recorded(t, name).Entries...)
	}
	slices.SortFunc(page.Entries, func(x, y controlapi.Entry) int { return int(x.ID) - int(y.ID) })
	return page
}

func TestAnalyze_ReportsAllRecordedJournalsAsBefore(t *testing.T) {
	t.Parallel()
	got, err := json.MarshalIndent(Analyze(allRecorded(t), nil), "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	const name = "testdata/report.golden"
	if *update {
		if err := os.WriteFile(name, append(got, '\n'), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)+"\n"); diff != "" {
		t.Error(diff)
	}
}

func TestAnalyze_SortsFindingsBySeverity(t *testing.T) {
	t.Parallel()
	report := Analyze(allRecorded(t), nil)
	for i, f := range report.Findings[1:] {
		if f.Severity.IsAtLeast(report.Findings[i].Severity) && f.Severity != report.Findings[i].Severity {
			t.Errorf("%s (%s) comes after %s", f.Kind, f.Severity, report.Findings[i].Severity)
		}
	}
	if report.Highest() != Error || Analyze(controlapi.Journal{}, nil).Highest() != "" {
		t.Errorf("the highest severity is %q", report.Highest())
	}
}

// Every text of a client that the journal may contain is a secret here.
func TestAnalyze_ShowsNoValues(t *testing.T) {
	t.Parallel()
	page := allRecorded(t)
	for i := range page.Entries {
		e := &page.Entries[i]
		e.Path += "/hunter2"
		if e.Operation != "" {
			e.Path = strings.TrimSuffix(e.Path, "/hunter2")
		}
		e.Query = strings.ReplaceAll(e.Query, "Deployments", "hunter2")
		e.UserAgent, e.Message, e.Reason = "hunter2", "hunter2", e.Reason+"hunter2"
		if i%50 == 0 {
			e.Method, e.Query = "hunter2", e.Query+"&filter=hunter2"
		}
	}
	text, err := json.Marshal(Analyze(page, nil))
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(text), "hunter2") || strings.Contains(string(text), "Web") {
		t.Errorf("%s", text)
	}
}
