package scenarios_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/internal/report"
	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/connectmock/connectmock/scenarios"
)

// expectation says what a scenario of the library must do.
type expectation struct {
	// without and why are its result and reason on a server without a control API.
	without report.State
	why     string

	// defects are the servers on which it must fail: names of mutants, and operations of the control API that are
	// accepted but not executed, such as "POST /faults".
	defects []string
}

const (
	noFaults    = "needs mock.faults: only a mock has it"
	noClock     = "needs mock.clock: only a mock has it"
	noTokens    = "needs mock.tokens: only a mock has it"
	noSnapshots = "needs mock.snapshots: only a mock has it"
	noControl   = "needs control: only a mock has it"
)

// library returns the expectation for each scenario.
func library() map[string]expectation {
	return map[string]expectation{
		"activity-pages-while-writing":   {report.Pass, "", []string{"offset-ignored", "range-total-is-the-page", "record-with-old-version"}},
		"answer-lost-after-create":       {report.Skip, noFaults, []string{ignoresFaults, "patch-favorite-ignored"}},
		"audit-trail":                    {report.Pass, "", []string{"reads-not-recorded", "denials-not-recorded", "actor-without-jti"}},
		"bulk-create":                    {report.Partial, noControl, []string{"items-not-counted", "list-cut-at-ten"}},
		"conflicting-deletes":            {report.Partial, noFaults, []string{ignoresFaults, "delete-does-nothing"}},
		"dripping-download":              {report.Skip, noControl, []string{ignoresFaults, "file-byte-damaged"}},
		"duplicate-titles":               {report.Pass, "", []string{"refuses-duplicate-titles", "item-filter-ignored", "delete-does-nothing"}},
		"file-not-synced":                {report.Partial, noFaults, []string{ignoresFaults, "file-size-wrong"}},
		"filters-find-exactly":           {report.Pass, "", []string{"item-filter-without-tag", "filter-eq-as-co", "bad-filter-finds-nothing"}},
		"first-request-401":              {report.Skip, noFaults, []string{ignoresFaults, "unauthorized-is-403"}},
		"gateway-errors":                 {report.Skip, noFaults, []string{ignoresFaults}},
		"intermittent-403":               {report.Skip, noFaults, []string{ignoresFaults}},
		"item-lifecycle-with-throttling": {report.Partial, noFaults, []string{ignoresFaults, "patch-title-ignored", "create-is-lost"}},
		"large-body":                     {report.Pass, "", []string{"values-cut-at-255", "accepts-broken-json", "refuses-other-media-types"}},
		"large-file-inline":              {report.Skip, noControl, []string{"inline-limit-ignored", "file-cut"}},
		"malformed-json":                 {report.Partial, noFaults, []string{ignoresFaults, "item-encoded-twice"}},
		"missing-version-header":         {report.Partial, noFaults, []string{ignoresFaults, "version-header-has-two-numbers"}},
		"names-where-ids-belong":         {report.Pass, "", []string{"malformed-vault-answers-404", "unknown-vault-answers-404", "unknown-item-answers-403"}},
		"oldest-duplicate-wins":          {report.Pass, "", []string{"refuses-duplicate-titles", "item-updated-is-early"}},
		"otp-across-a-period":            {report.Partial, noClock, []string{ignoresClock, "otp-code-made-up"}},
		"password-generated":             {report.Pass, "", []string{"generate-ignored", "generated-is-constant", "recipe-exclude-ignored"}},
		"password-rotation":              {report.Pass, "", []string{"patch-changes-nothing", "patch-not-counted"}},
		"patch-is-all-or-nothing":        {report.Pass, "", []string{"patch-applies-half", "patch-unknown-path-ignored"}},
		"read-only-token":                {report.Pass, "", []string{"reader-may-write", "reader-may-delete", ignoresScopes}},
		"replace-is-the-whole-item":      {report.Pass, "", []string{"put-merges", "put-changes-nothing", "put-not-counted"}},
		"retry-budget":                   {report.Skip, noFaults, []string{ignoresFaults}},
		"revoked-token":                  {report.Skip, noTokens, []string{ignoresRevoke, cachesItems, "unauthorized-is-403"}},
		"slow-answer":                    {report.Partial, noFaults, []string{ignoresFaults, "item-filter-ignored"}},
		"snapshot-and-restore":           {report.Skip, noSnapshots, []string{ignoresRestore, "delete-does-nothing"}},
		"sync-down-at-start":             {report.Skip, noFaults, []string{ignoresFaults, "health-without-sync"}},
		"throttling-and-recovery":        {report.Partial, noFaults, []string{ignoresFaults, "item-filter-ignored"}},
		"timeout-after-create":           {report.Skip, noFaults, []string{ignoresFaults, ignoresPhase, "delete-does-nothing"}},
		"token-expires-between-calls":    {report.Skip, noClock, []string{ignoresClock, "unauthorized-is-403"}},
		"token-rotation":                 {report.Skip, noTokens, []string{ignoresRevoke, cachesItems, "unauthorized-is-500"}},
		"truncated-download":             {report.Partial, noFaults, []string{ignoresFaults}},
		"unicode-titles":                 {report.Pass, "", []string{"title-trimmed", "item-filter-ignored"}},
		"vault-removed-from-scope":       {report.Skip, noTokens, []string{ignoresChanges, cachesItems, "denied-is-401"}},
		"worlds-of-two-tokens":           {report.Skip, noTokens, []string{ignoresScopes, "denied-is-401"}},
		"write-visibility-lag":           {report.Partial, noFaults, []string{ignoresFaults, ignoresClock, "reads-are-cached"}},
		"wrong-content-type":             {report.Skip, noFaults, []string{ignoresFaults, "json-as-text"}},
	}
}

// libraryScenario loads a scenario of the library.
func libraryScenario(t *testing.T, id string) *scenarios.Scenario {
	t.Helper()
	s, err := scenarios.Load(scenarios.Library(), id+".yaml")
	if err != nil {
		t.Fatalf("the scenario has mistakes:\n%v", err)
	}
	return s
}

func TestLibrary_IsComplete(t *testing.T) {
	t.Parallel()
	list, err := scenarios.LoadDir(scenarios.Library(), ".")
	if err != nil {
		t.Fatal(err)
	}
	table := library()
	for _, s := range list {
		if s.File != s.ID+".yaml" || s.Title == "" || len(s.Tags) == 0 || !regexp.MustCompile(`inds\s`).MatchString(s.About) {
			t.Errorf("%s: a scenario of the library is named as its file and has a title, tags and what it finds", s.File)
		}
		if _, known := table[s.ID]; !known {
			t.Errorf("%s: missing in the table of expectations", s.ID)
		}
		delete(table, s.ID)
	}
	for id := range table {
		t.Errorf("%s is not in the library", id)
	}
	if len(list) < 22 {
		t.Errorf("only %d scenarios", len(list))
	}
}

// All scenarios run at the same time: each has its own account, which is deleted in the end.
func TestLibrary_PassesOnAMock(t *testing.T) {
	t.Parallel()
	s, target := mockTarget(t)
	before, err := s.Mock.Accounts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	list, err := scenarios.LoadDir(scenarios.Library(), ".")
	if err != nil {
		t.Fatal(err)
	}
	o := generousOptions()
	o.Parallel, o.Seed = 8, 7
	run, err := scenarios.Run(t.Context(), target, list, o)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range run.Results {
		t.Run(r.ID, func(t *testing.T) { checkResult(t, r, report.Pass) })
	}
	if problems := run.Problems(); len(problems) > 0 {
		t.Error(problems)
	}
	after, err := s.Mock.Accounts(t.Context())
	if err != nil || len(after) != len(before) {
		t.Errorf("%d accounts before, %d after (%v)", len(before), len(after), err)
	}
	if faults, err := s.Mock.Faults(t.Context(), ""); err != nil || len(faults) > 0 {
		t.Errorf("%d faults are left (%v)", len(faults), err)
	}
}

// Without a control API no incomplete scenario passes, and no items are left over.
func TestLibrary_IsPartialOrSkippedWithoutControl(t *testing.T) {
	t.Parallel()
	s, target := serverTarget(t)
	before := countItems(t, s, target.Vault)
	list, err := scenarios.LoadDir(scenarios.Library(), ".")
	if err != nil {
		t.Fatal(err)
	}
	run, err := scenarios.Run(t.Context(), target, list, generousOptions())
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range run.Results {
		t.Run(r.ID, func(t *testing.T) {
			id, _, _ := strings.Cut(r.ID, "[")
			expected := library()[id]
			checkResult(t, r, expected.without, expected.why)
			if r.State != report.Pass && r.Reason == "" {
				t.Error("no reason is given")
			}
		})
	}
	if problems := run.Problems(); len(problems) > 0 {
		t.Error(problems)
	}
	if after := countItems(t, s, target.Vault); after != before {
		t.Errorf("%d items before, %d after", before, after)
	}
}

// Where writes are not allowed nothing is written, and scenarios that would write do not pass.
func TestLibrary_WritesNothingIfNotAllowed(t *testing.T) {
	t.Parallel()
	s, target := serverTarget(t)
	target.AllowWrites = false
	list, err := scenarios.LoadDir(scenarios.Library(), ".")
	if err != nil {
		t.Fatal(err)
	}
	run, err := scenarios.Run(t.Context(), target, list, generousOptions())
	if err != nil {
		t.Fatal(err)
	}
	reads := map[string]report.State{
		"names-where-ids-belong": report.Pass, "file-not-synced": report.Partial, "truncated-download": report.Partial,
		"missing-version-header": report.Partial,
	}
	for _, r := range run.Results {
		expected, ok := reads[r.ID]
		if !ok {
			expected = report.Skip
		}
		checkResult(t, r, expected)
	}
	never := 0
	verification := controlapi.Verification{}
	for _, write := range []string{"CreateVaultItem", "UpdateVaultItem", "PatchVaultItem", "DeleteVaultItem"} {
		verification.Expect = append(verification.Expect, controlapi.Expectation{Operation: write, Count: &never})
	}
	if verified, err := s.Mock.VerifyJournal(t.Context(), verification); err != nil || !verified.OK {
		t.Errorf("%v %v", verified.Problems, err)
	}
}

// Every scenario fails on a server with the defect that it tests for.
func TestLibrary_FailsOnDefects(t *testing.T) {
	t.Parallel()
	for id, known := range library() {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			if len(known.defects) == 0 {
				t.Fatal("the table has no defects for it")
			}
			for _, defect := range known.defects {
				t.Run(strings.ReplaceAll(defect, "/", "|"), func(t *testing.T) {
					t.Parallel()
					run, err := scenarios.Run(t.Context(), defectiveMock(t, defect), []*scenarios.Scenario{libraryScenario(t, id)}, generousOptions())
					if err != nil {
						t.Fatal(err)
					}
					// A mock that never had the fault refuses to verify it.
					i := slices.IndexFunc(run.Results, func(r report.Result) bool {
						return r.State == report.Fail || r.State == report.Error && strings.Contains(r.Reason, "mock verify: no fault")
					})
					if i < 0 {
						t.Errorf("it is %s %s %s", run.Results[0].State, run.Results[0].Reason, run.Results[0].Failure)
						return
					}
					t.Log(run.Results[i].Failure)
				})
			}
		})
	}
}
