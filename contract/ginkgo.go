package contract

import (
	"context"
	"fmt"
	"slices"

	"github.com/connectmock/connectmock/contract/internal/check"
	"github.com/connectmock/connectmock/contract/internal/rules"
	"github.com/connectmock/connectmock/internal/report"
	"github.com/onsi/ginkgo/v2"
)

// Register adds a spec for each rule to the Ginkgo suite that is being built. The
// specs are labelled with the tag and the level of the rule. Call it while the tree
// is built: at the top level of a test file or before RunSpecs. An invalid target
// makes a spec fail, not the construction of the tree.
func Register(t *Target) {
	r, err := newRun(*t, Options{})
	if err != nil {
		ginkgo.It("the target is valid", func() { ginkgo.Fail(err.Error()) })
		return
	}
	r.register(context.Background())
	if t.Control != nil {
		ginkgo.ReportAfterSuite("the contract revokes the tokens that it issued", func(ginkgo.Report) {
			if err := r.revokeTokens(); err != nil {
				ginkgo.Fail(err.Error())
			}
		})
	}
}

// register adds a container for each tag and a spec for each rule.
func (r *run) register(ctx context.Context) {
	all := rules.All()
	for len(all) > 0 {
		tag := all[0].Tag
		end := slices.IndexFunc(all, func(x check.Rule) bool { return x.Tag != tag })
		if end < 0 {
			end = len(all)
		}
		group := all[:end]
		ginkgo.Describe(tag, ginkgo.Label(tag), func() {
			for _, rule := range group {
				ginkgo.It(fmt.Sprintf("%s [%s]", rule.Text, rule.ID), ginkgo.Label(string(rule.Level)),
					func(spec ginkgo.SpecContext) {
						if ctx.Err() != nil { // the derived context would end only later
							reportToGinkgo(r.runRule(ctx, rule))
							return
						}
						both, cancel := context.WithCancelCause(spec)
						defer cancel(nil)
						defer context.AfterFunc(ctx, func() { cancel(context.Cause(ctx)) })()
						if r.inspectOnce(both); r.setUpError != nil && both.Err() == nil {
							ginkgo.Fail(r.setUpError.Error())
						}
						reportToGinkgo(r.runRule(both, rule))
					})
			}
		})
		all = all[end:]
	}
}

// reportToGinkgo ends the running spec with the state of a result. Each skipped spec
// has a reason.
func reportToGinkgo(result report.Result) {
	switch result.State {
	case report.Pass:
	case report.Fail:
		ginkgo.Fail(result.Failure)
	case report.Skip, report.Disabled, report.NotRun:
		ginkgo.Skip(result.Reason)
	case report.KnownDeviation:
		ginkgo.Skip("known deviation: " + result.Reason)
	default:
		ginkgo.Fail(fmt.Sprintf("%s: %s", result.State, result.Reason))
	}
}
