package contract

import (
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/connectmock/connectmock/contract/internal/rules"
	"github.com/connectmock/connectmock/contract/rule"
	"github.com/connectmock/connectmock/internal/report"
	"github.com/connectmock/connectmock/openapi"
)

// Options configure a run. The zero value runs every rule.
type Options struct {
	Rules      []string     // ids, or patterns as "items/*"; empty: all
	Levels     []rule.Level // empty: all
	Seed       int64        // shuffles the rules; 0: the order of Rules
	Timing     Timing
	Deviations []Deviation

	// AgainstVersion is the version of Connect whose promises count: rules that it did
	// not promise are disabled. Empty: those of the newest version.
	AgainstVersion string

	Ledger   string            // file that lists the items not deleted yet; empty: none
	Document *openapi.Document // nil: the embedded one
	Require  Requirement       // how much must be tested; zero: nothing
	Coverage float64           // share of the documented responses that must be seen, 0 to 1
	Parallel int               // rules that are checked at the same time, if they may be; 0: 8
	Progress io.Writer         // gets a line for each rule; nil: none

	// OnResult is called with each result of a selected rule, one call at a time: it is
	// the done-th of total; nil: it is not called.
	OnResult func(done, total int, x report.Result)

	Now func() time.Time // nil: time.Now
}

// Validate returns an error for options that select no rule or are out of range.
// The error names the valid values. Run calls it first.
func (o Options) Validate() error {
	for _, pattern := range o.Rules {
		if err := checkPattern(pattern); err != nil {
			return err
		}
	}
	if o.AgainstVersion != "" {
		if err := rule.CheckVersion(o.AgainstVersion); err != nil {
			return err
		}
	}
	if o.Coverage < 0 || o.Coverage > 1 {
		return fmt.Errorf("coverage %g is out of range: it is a share from 0 to 1", o.Coverage)
	}
	if o.Parallel < 0 {
		return fmt.Errorf("%d rules can't be checked at the same time: the number must be above 0", o.Parallel)
	}
	for _, level := range o.Levels {
		if !slices.Contains([]rule.Level{rule.Must, rule.Should, rule.Observed}, level) {
			return fmt.Errorf("unknown level %q, not one of MUST, SHOULD, OBSERVED%s", level, suggestLevel(level))
		}
	}
	return nil
}

// usedOperations returns the operations that the selected rules use.
func (o Options) usedOperations() map[string]bool {
	used := map[string]bool{}
	for _, r := range rules.All() {
		if o.disabledReason(r.Rule) != "" {
			continue
		}
		for _, id := range r.Operations {
			used[id] = true
		}
	}
	return used
}

// disabledReason returns why a rule is not selected, "" if it is.
func (o Options) disabledReason(r rule.Rule) string {
	if len(o.Levels) > 0 && !slices.Contains(o.Levels, r.Level) {
		return fmt.Sprintf("level %s is not selected", r.Level)
	}
	if len(o.Rules) > 0 && !slices.ContainsFunc(o.Rules, func(p string) bool { return rule.Matches(p, r.ID) }) {
		return "not among the selected rules"
	}
	return r.NotPromised(o.AgainstVersion)
}
