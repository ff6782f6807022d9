package contract

import (
	"fmt"
	"strconv"

	"github.com/connectmock/connectmock/contract/rule"
	"github.com/connectmock/connectmock/internal/ascii"
	"github.com/connectmock/connectmock/internal/report"
)

// Requirement says how much of the contract a run must test. A run that tests less fails, with its reasons in
// report.Run.Shortfalls. The zero value requires nothing.
type Requirement struct {
	All  bool // no selected rule may be skipped
	Must bool // no selected rule of level Must may be skipped but those that only a mock can meet
	Min  int  // at least so many rules must be tested, whether they pass or fail
}

// ParseRequirement returns the requirement that a text names: "all", "must" or a number of rules above 0.
func ParseRequirement(text string) (Requirement, error) {
	switch {
	case ascii.EqualFold(text, "all"):
		return Requirement{All: true}, nil
	case ascii.EqualFold(text, "must"):
		return Requirement{Must: true}, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		return Requirement{}, fmt.Errorf("%q is not all, must or a number of rules above 0", text)
	}
	return Requirement{Min: n}, nil
}

// shortfalls returns how a run tested less than it must.
func (q Requirement) shortfalls(run *report.Run) (list []string) {
	needMock := map[string]bool{}
	for _, r := range Rules() {
		needMock[r.ID] = r.NeedsMock()
	}
	for _, group := range []struct {
		required bool
		noun     string
		includes func(report.Result) bool
	}{
		{q.All, "selected rules", func(report.Result) bool { return true }},
		{q.Must && !q.All, "selected rules of level MUST", func(x report.Result) bool {
			return x.Level == string(rule.Must) && !(x.State == report.Skip && needMock[x.ID])
		}},
	} {
		skipped, selected := &report.Run{}, 0
		for _, x := range run.Results {
			if x.State == report.Disabled || !group.includes(x) {
				continue
			}
			selected++
			if x.State == report.Skip {
				skipped.Results = append(skipped.Results, x)
			}
		}
		if n := len(skipped.Results); group.required && n > 0 {
			list = append(list, fmt.Sprintf("%d of %d %s were not tested, but all of them must be: %s",
				n, selected, group.noun, skipped.SkipReasons()))
		}
	}
	if n := run.Tested(); n < q.Min {
		list = append(list, fmt.Sprintf("%d rules were tested, but at least %d must be", n, q.Min))
	}
	return list
}
