package contract

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/connectmock/connectmock/internal/mutants"
	"github.com/connectmock/connectmock/internal/report"
	"github.com/google/go-cmp/cmp"
	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/extensions/globals"
	"github.com/onsi/ginkgo/v2/formatter"
	"github.com/onsi/ginkgo/v2/types"
)

// incorrectTarget is a mock on which some rules fail and, because it has no token of
// another scope, some are skipped.
func incorrectTarget(t *testing.T) Target {
	t.Helper()
	target := wrappedTarget(t, func(next http.Handler) http.Handler {
		i := slices.IndexFunc(mutants.All(), func(m mutants.Mutant) bool { return m.Name == "unknown-item-answers-500" })
		return mutants.Wrap(next, mutants.All()[i])
	})
	target.OtherToken = ""
	return target
}

// states returns the state of each rule, by id.
func states(run *report.Run) map[string]report.State {
	all := map[string]report.State{}
	for _, x := range run.Results {
		all[x.ID] = x.State
	}
	return all
}

func TestRun_CanRunTwiceAtOnceInOneProcess(t *testing.T) {
	t.Parallel()
	options := Options{Rules: []string{"items/*", "auth/*", "scopes/*", "errors/*"}, Timing: noWaiting()}
	correct, incorrect := mockTarget(t), incorrectTarget(t)
	alone := [2]*report.Run{mustRun(t, correct, options), mustRun(t, incorrect, options)}

	// Each run waits in its first request until the other run has begun.
	var both sync.WaitGroup
	both.Add(2)
	var together [2]*report.Run
	var runs sync.WaitGroup
	for i, target := range []Target{correct, incorrect} {
		var first sync.Once
		target = behindMiddleware(target, func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				first.Do(func() {
					both.Done()
					both.Wait()
				})
				next.ServeHTTP(w, r)
			})
		})
		runs.Go(func() {
			var err error
			if together[i], err = Run(t.Context(), target, options); err != nil {
				t.Error(err)
			}
		})
	}
	runs.Wait()
	for i := range together {
		if together[i] == nil {
			continue
		}
		if diff := cmp.Diff(states(alone[i]), states(together[i])); diff != "" {
			t.Errorf("target %d: at the same time as another run the states differ (-alone +together):\n%s", i, diff)
		}
	}
	counts := alone[1].Count()
	if alone[0].Count()[report.Fail] > 0 || counts[report.Fail] == 0 || counts[report.Skip] == 0 {
		t.Errorf("the targets do not differ enough: %v, %v", alone[0].Count(), counts)
	}
}

// TestRegister_GivesTheSameStatesAsRun is not parallel, because a process can have only one Ginkgo suite.
func TestRegister_GivesTheSameStatesAsRun(t *testing.T) {
	options := Options{Rules: []string{"items/*", "auth/*", "errors/*"}, Timing: noWaiting()}
	want := map[string]string{}
	for id, state := range states(mustRun(t, incorrectTarget(t), options)) {
		switch state {
		case report.Pass:
			want[id] = types.SpecStatePassed.String()
		case report.Disabled, report.Skip, report.NotRun, report.KnownDeviation:
			want[id] = types.SpecStateSkipped.String()
		default:
			want[id] = types.SpecStateFailed.String()
		}
	}
	r, err := newRun(incorrectTarget(t), options)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	runGinkgo(func() {
		r.register(context.Background())
		ginkgo.ReportAfterSuite("record the states", func(all ginkgo.Report) {
			for _, spec := range all.SpecReports.WithLeafNodeType(types.NodeTypeIt) {
				id := spec.LeafNodeText[strings.LastIndexByte(spec.LeafNodeText, '[')+1:]
				got[strings.TrimSuffix(id, "]")] = spec.State.String()
			}
		})
	})
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Ginkgo has other states than Run (-Run +Ginkgo):\n%s", diff)
	}
	if counts := fmt.Sprint(want); !strings.Contains(counts, "failed") || !strings.Contains(counts, "passed") {
		t.Errorf("the states do not differ enough: %s", counts)
	}
}

// runGinkgo builds a Ginkgo suite and runs it, without output.
func runGinkgo(build func()) {
	console := formatter.ColorableStdOut
	formatter.ColorableStdOut = io.Discard
	defer func() { formatter.ColorableStdOut = console }()
	globals.Reset()
	defer globals.Reset()
	build()
	suite, reporter := ginkgo.GinkgoConfiguration()
	ginkgo.RunSpecs(ignoreFailures{}, "contract", suite, reporter)
}

// ignoreFailures stands in for testing.T.
type ignoreFailures struct{}

func (ignoreFailures) Fail() {}
