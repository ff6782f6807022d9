package contract

import (
	"fmt"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/connectmock/connectmock/contract/internal/check"
	"github.com/connectmock/connectmock/contract/internal/rules"
	"github.com/connectmock/connectmock/internal/mutants"
	"github.com/connectmock/connectmock/internal/report"
	"github.com/google/go-cmp/cmp"
)

// TestFailureTexts_SayWhatIsWrong compares the failures of rules on mutants with
// testdata/failures.md. -update writes the file. The texts are for people who know
// neither Go nor the rule.
func TestFailureTexts_SayWhatIsWrong(t *testing.T) {
	t.Parallel()
	const golden = "testdata/failures.md"
	list := []struct{ mutant, rule string }{
		{"put-answers-new-version", "items/replace-answers-old-version"},
		{"version-stuck", "patch/next-version"},
		{"put-keeps-title", "items/replace-answers-new-content"},
		{"patch-in-reverse", "patch/in-order"},
		{"put-keeps-fields", "items/replace-brings-standard-fields"},
		{"field-labels-dropped", "fields/date-takes-seconds"},
		{"favorite-dropped", "items/create-keeps-what-is-sent"},
		{"urls-lose-primary", "patch/urls"},
		{"sections-missing", "items/create-keeps-what-is-sent"},
		{"item-vault-without-name", "items/create-answers-200"},
		{"summary-without-tags", "items/list-shows-new"},
		{"item-updated-is-early", "items/create-dates"},
		{"additional-information-missing", "items/additional-information"},
		{"field-entropy-missing", "fields/password-has-entropy"},
		{"recipe-length-ignored", "fields/generate-by-recipe"},
		{"filter-or-takes-the-first", "vault-filters/or"},
		{"unauthorized-text", "auth/text"},
		{"file-size-in-kilobytes", "files/content"},
		{"file-disposition-name", "files/content-headers"},
		{"delete-recorded-as-update", "activity/writes"},
		{"version-header-changes", "health/version-header"},
		{"health-without-sync", "health/dependencies"},
		{"items-not-counted", "vaults/items-counts"},
		{"null-members", "items/list-names-vault"},
		{"delete-answers-202", "items/delete-answers-204"},
	}
	texts := make([]string, len(list))
	t.Run("mutants", func(t *testing.T) {
		for i, pair := range list {
			t.Run(pair.mutant, func(t *testing.T) {
				t.Parallel()
				texts[i] = failureText(t, pair.mutant, pair.rule)
			})
		}
	})
	var b strings.Builder
	b.WriteString("# What rules say about incorrect servers\n\n" +
		"`go test ./contract -run TestFailureTexts -update` writes this. ID stands for an id, TIME for a time, VERSION for " +
		"one of Connect.\n")
	for i, pair := range list {
		fmt.Fprintf(&b, "\n## %s, found by %s\n\n```\n%s\n```\n", pair.mutant, pair.rule, texts[i])
	}
	if *update {
		if err := os.WriteFile(golden, []byte(b.String()), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("the texts changed (-golden +now):\n%s", diff)
	}
}

// failureText returns the failure of a rule on a mutant, without what differs from run
// to run.
func failureText(t *testing.T, mutant, id string) string {
	t.Helper()
	list, all := mutants.All(), rules.All()
	d := slices.IndexFunc(list, func(d mutants.Mutant) bool { return d.Name == mutant })
	i := slices.IndexFunc(all, func(r check.Rule) bool { return r.ID == id })
	if d < 0 || i < 0 {
		t.Fatalf("unknown mutant %s or unknown rule %s", mutant, id)
	}
	r := deterministicRun(t, func(next http.Handler) http.Handler { return mutants.Wrap(next, list[d]) })
	r.Patience.Within = 100 * time.Millisecond // it is in the texts
	result := r.runRule(t.Context(), all[i])
	if result.State != report.Fail {
		t.Fatalf("%s: %s of %s is %s: %s", mutant, id, result.State, result.State, result.Reason)
	}
	for _, replace := range []struct{ pattern, with string }{
		{`\b[a-z0-9]{26}\b`, "ID"}, {`\d{4}-\d\d-\d\dT[0-9:.]+Z`, "TIME"}, {`http://[^/ ]+`, ""},
		{`"\d+\.\d+\.\d+"`, `"VERSION"`},
	} {
		result.Failure = regexp.MustCompile(replace.pattern).ReplaceAllString(result.Failure, replace.with)
	}
	return result.Failure
}
