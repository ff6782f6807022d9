package scenarios_test

import (
	"io/fs"
	"maps"
	"regexp"
	"testing"
	"testing/fstest"

	"github.com/connectmock/connectmock/internal/report"
	"github.com/connectmock/connectmock/mockserver"
	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/scenarios"
)

// A scenario of the library passes on each version of Connect, or says that the version does something else. Then it
// would fail there. Versions whose responses all break the document are left out: those before 1.3.0, which have no
// version header, and those with keys in snake_case.
func TestVersions_LibraryPassesOrSaysWhyNot(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the library against each version")
	}
	t.Parallel()
	list, err := scenarios.LoadDir(scenarios.Library(), ".")
	if err != nil {
		t.Fatal(err)
	}
	skipped := map[string]bool{}
	var last map[string]string
	for _, version := range mockserver.KnownVersions() {
		on := mockserver.VersionQuirks(version)
		if maps.Equal(on, last) || connect.CompareVersions(version, "1.3.0") < 0 || on["key-case"] == "snake" {
			continue
		}
		last = on
		_, target := mockTarget(t, connecttest.WithConnectVersion(version))
		for _, r := range runLibrary(t, target, list) {
			if r.State != report.Skip {
				checkResult(t, r, report.Pass)
				continue
			}
			skipped[r.ID] = true
			failed := runLibrary(t, target, []*scenarios.Scenario{withoutVersions(t, r.ID)})[0]
			checkResult(t, failed, report.Fail)
		}
	}
	for _, id := range []string{"filters-find-exactly", "file-not-synced"} {
		if !skipped[id] {
			t.Errorf("%s is not skipped on any version", id)
		}
	}
}

// runLibrary runs scenarios and returns their results.
func runLibrary(t *testing.T, target scenarios.Target, list []*scenarios.Scenario) []report.Result {
	t.Helper()
	o := generousOptions()
	o.Parallel = 8
	run, err := scenarios.Run(t.Context(), target, list, o)
	if err != nil {
		t.Fatal(err)
	}
	return run.Results
}

// withoutVersions returns a scenario of the library that claims to pass on every version.
func withoutVersions(t *testing.T, id string) *scenarios.Scenario {
	t.Helper()
	text, err := fs.ReadFile(scenarios.Library(), id+".yaml")
	if err != nil {
		t.Fatal(err)
	}
	text = regexp.MustCompile(`(?m)^unlike:\n(  - .*\n)+`).ReplaceAll(text, nil)
	s, err := scenarios.Load(fstest.MapFS{"test.yaml": {Data: text}}, "test.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return s
}
