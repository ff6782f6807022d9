package contract

import (
	"net/http"
	"slices"
	"testing"

	"github.com/connectmock/connectmock/contract/internal/check"
	"github.com/connectmock/connectmock/contract/internal/rules"
	"github.com/connectmock/connectmock/contract/internal/rules/model"
	"github.com/connectmock/connectmock/internal/mutants"
	"github.com/connectmock/connectmock/internal/report"
	"pgregory.net/rapid"
)

// anyChanges returns a generator of sequences like those of changes. The library finds
// the shortest one that fails.
func anyChanges() *rapid.Generator[[]model.Change] {
	text := rapid.Map(rapid.StringOfN(rapid.RuneFrom([]rune(model.TitleLetters)), 1, 20, -1),
		func(s string) string { return "t" + s + "t" })
	labels := rapid.SliceOfNDistinct(rapid.SampledFrom(model.FieldLabels()), 0, 3, rapid.ID)
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) model.Change {
		return model.Change{
			Kind: rapid.SampledFrom(model.ChangeKinds()).Draw(t, "kind"),
			Item: rapid.IntRange(0, 99).Draw(t, "item"), Field: rapid.IntRange(0, 99).Draw(t, "field"),
			Title: text.Draw(t, "title"), Value: text.Draw(t, "value"),
			Favorite: rapid.Bool().Draw(t, "favorite"), Labels: labels.Draw(t, "labels"),
		}
	}), 1, 15)
}

// runSequence runs a sequence like the rule model/items, which deletes the items.
func runSequence(t *testing.T, r *run, list []model.Change) report.Result {
	t.Helper()
	modelRule := rules.All()[slices.IndexFunc(rules.All(), func(x check.Rule) bool { return x.ID == "model/items" })]
	modelRule.Check = func(s *check.Session) { model.Run(s, "sequence", list) }
	return r.runRule(t.Context(), modelRule)
}

// Any sequence passes on the mock.
func TestModel_PassesOnTheMockForAnySequence(t *testing.T) {
	t.Parallel()
	r := newTestRun(t, mockTarget(t), longTiming())
	rapid.Check(t, func(rt *rapid.T) {
		if result := runSequence(t, r, anyChanges().Draw(rt, "changes")); result.State != report.Pass {
			rt.Fatalf("%s: %s%s", result.State, result.Failure, result.Reason)
		}
	})
}

// A sequence must fail on a mutant, otherwise the model proves nothing.
func TestModel_FailsOnMutants(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"version-stuck", "patch-not-counted", "put-not-counted"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			all := mutants.All()
			mutant := all[slices.IndexFunc(all, func(mutant mutants.Mutant) bool { return mutant.Name == name })]
			target := wrappedTarget(t, func(next http.Handler) http.Handler { return mutants.Wrap(next, mutant) })
			r := newTestRun(t, target, noWaiting())
			for seed := range 20 {
				if runSequence(t, r, anyChanges().Example(seed)).State == report.Fail {
					return
				}
			}
			t.Errorf("20 sequences pass on a server where %s", mutant.About)
		})
	}
}
