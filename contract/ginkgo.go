package contract

import (
	"context"
	"fmt"
	"slices"

	"github.com/connectmock/connectmock/internal/report"
	"github.com/onsi/ginkgo/v2"
)

// Register puts the rules into the Ginkgo suite that is being built, one spec
// each, labelled with its tag and level. It must be called while the tree is
// built: at the top of a test file's var block or before RunSpecs. A target
// that can't be used makes the first spec fail, not the construction.
func Register(t *Target) {
	r, err := newRun(*t, Options{})
	if err != nil {
		ginkgo.It("the target can be used", func() { ginkgo.Fail(err.Error()) })
		return
	}
	r.register(context.Background())
	if t.Control != nil {
		ginkgo.ReportAfterSuite("the contract revokes its tokens", func(ginkgo.Report) {
			if err := r.revokeTokens(); err != nil {
				ginkgo.Fail(err.Error())
			}
		})
	}
}

// register builds the tree: a container for each tag, a spec for each rule.
func (r *run) register(ctx context.Context) {
	all := rules()
	for len(all) > 0 {
		tag := all[0].Tag
		end := slices.IndexFunc(all, func(x rule) bool { return x.Tag != tag })
		if end < 0 {
			end = len(all)
		}
		chapter := all[:end]
		ginkgo.Describe(tag, ginkgo.Label(tag), func() {
			for _, rule := range chapter {
				ginkgo.It(fmt.Sprintf("%s [%s]", rule.Text, rule.ID), ginkgo.Label(string(rule.Level)), func(spec ginkgo.SpecContext) {
					if ctx.Err() != nil { // both would end a moment later
						reportToGinkgo(r.check(ctx, rule))
						return
					}
					both, cancel := context.WithCancelCause(spec)
					defer cancel(nil)
					defer context.AfterFunc(ctx, func() { cancel(context.Cause(ctx)) })()
					if r.ready(both); r.found.setUp != nil && both.Err() == nil {
						ginkgo.Fail(r.found.setUp.Error())
					}
					reportToGinkgo(r.check(both, rule))
				})
			}
		})
		all = all[end:]
	}
}

// reportToGinkgo ends the running spec as a result says. Nothing is skipped
// without a reason.
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
