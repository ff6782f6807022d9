package contract

import (
	"crypto/sha256"
	"fmt"

	"github.com/connectmock/connectmock/contract/rule"
	"github.com/connectmock/connectmock/internal/conformance"
	"github.com/connectmock/connectmock/internal/report"
)

// ConformanceOptions are what a conformance report says about its run.
type ConformanceOptions struct {
	Tool           string   // version of connectmock
	AgainstVersion string   // of Options
	Command        string   // runs the same again; without secrets
	Environment    []string // names of the variables that the command needs
}

// Conformance returns the conformance report of a run of the rules. The run must be
// one of Run, which has no secrets. No rule is tested in a run that could not start.
func Conformance(run *report.Run, o ConformanceOptions) *conformance.Report {
	rules := map[string]rule.Rule{}
	started := *run
	for _, r := range Rules() {
		rules[r.ID] = r
		if len(run.Results) == 0 {
			result := newResult(r)
			result.State, result.Reason = report.NotRun, "the run could not start"
			started.Results = append(started.Results, result)
		}
	}
	return conformance.New(&started, conformance.Facts{
		Tool:           conformance.Tool{Name: "connectmock", Version: o.Tool},
		Rules:          conformance.RuleSet{Count: len(rules), Digest: rulesDigest()},
		AgainstVersion: o.AgainstVersion,
		Reproduce:      conformance.Reproduce{Command: o.Command, Environment: o.Environment},
		Profile:        func(id string) string { return rules[id].Profile() },
		IsPromised:     func(id string) bool { return rules[id].NotPromised(o.AgainstVersion) == "" },
		NeedsMock:      func(id string) bool { return rules[id].NeedsMock() },
	})
}

// rulesDigest returns the digest of the catalogue: of ids, levels, evidence, texts,
// needs and exceptions, not of the code of the checks.
func rulesDigest() string {
	hash := sha256.New()
	for _, r := range Rules() {
		fmt.Fprintf(hash, "%q %q %q %q %q %q %v\n", r.ID, r.Tag, r.Level, r.Evidence, r.Text, r.Needs, r.Exceptions())
	}
	return fmt.Sprintf("sha256:%x", hash.Sum(nil))
}
