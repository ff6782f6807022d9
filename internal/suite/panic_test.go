package suite_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/internal/report"
	"github.com/connectmock/connectmock/internal/suite"
)

func TestGuard_ReturnsPanicsWithTheirPlace(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]func() error{
		"index":   func() error { var list []int; _ = list[9]; return nil },
		"pointer": func() error { var c *suite.Case; _ = c.Skip; return nil },
		"panic":   func() error { panic("unexpected") },
	} {
		err := suite.Guard(f)
		if err == nil || !strings.Contains(err.Error(), "panic_test.go:") {
			t.Errorf("%s: %v", name, err)
		}
	}
	want := errors.New("an error")
	if err := suite.Guard(func() error { return want }); err != want {
		t.Errorf("got %v, want %v", err, want)
	}
}

func TestRunner_ContinuesAfterACaseThatPanics(t *testing.T) {
	t.Parallel()
	cases := numbered(6, func(id string) {
		if id == "1" || id == "4" {
			panic("unexpected " + id)
		}
	})
	for _, parallel := range []int{1, 3} {
		results := suite.Runner{Parallel: parallel}.Run(t.Context(), cases)
		for _, x := range results {
			panics := x.ID == "1" || x.ID == "4"
			switch {
			case !panics && x.State == report.Pass:
			case panics && x.State == report.Error && strings.Contains(x.Reason, "unexpected "+x.ID+", at panic_test.go:"):
			default:
				t.Errorf("parallel %d, case %s: %s %s", parallel, x.ID, x.State, x.Reason)
			}
		}
	}
}

func TestCase_SetsTheStateOfAPanicAlsoAfterCheckSetOne(t *testing.T) {
	t.Parallel()
	c := suite.Case{Check: func(_ context.Context, result *report.Result) {
		result.State = report.Pass
		panic("unexpected")
	}}
	if got := c.Run(t.Context()); got.State != report.Error {
		t.Errorf("%s %s", got.State, got.Reason)
	}
}
