package contractcmd

import (
	"time"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/cmd/connectmock/cliflag"
	"github.com/connectmock/connectmock/cmd/connectmock/locate"
	"github.com/connectmock/connectmock/cmd/connectmock/suites"
	"github.com/connectmock/connectmock/contract"
	"github.com/spf13/cobra"
)

// targetFlags name the server under test and what the suite may do to it.
type targetFlags struct {
	suites.ServerFlags
	timing contract.Timing
}

func (t *targetFlags) bind(c *cobra.Command) {
	t.ServerFlags.Bind(c, suites.ServerUsage{
		Vault:  "`id` of the vault to use (default the first that is seen, for reading)",
		Writes: "create, change and delete items of the suite's own in --vault",
		Ledger: "`file` for the list of created items, while some are not deleted",
	})
	f := c.Flags()
	f.DurationVar(&t.timing.Request, "timeout", 30*time.Second, "how long one response may take")
	f.DurationVar(&t.timing.Within, "within", 10*time.Second, "how long until a change must be visible")
}

// target returns the server of the flags, the zero value without a URL.
func (t *targetFlags) target(c *cobra.Command, std *cli.Streams) (contract.Target, error) {
	if err := t.Check(c.Flags(), std); err != nil || t.URL == "" {
		return contract.Target{}, err
	}
	if t.timing.Request <= 0 || t.timing.Within <= 0 {
		return contract.Target{}, cli.Usage("--timeout and --within must be above 0")
	}
	return contract.Target{
		URL: t.URL, Token: t.Token, Vault: t.Vault, AllowWrites: t.Writes.Allowed, OnlyMock: t.Writes.OnlyMock,
	}, nil
}

// suiteFlags are the flags of a run of the contract.
type suiteFlags struct {
	targetFlags
	control                           locate.TargetControl
	store                             string
	reader, writer, other, otherVault string
	refused, rules, levels            cliflag.Words
	seed                              int64
	parallel                          int
	deviations, newDeviations         string
	baseline, subject                 string
	gate                              float64
	require, againstVersion           string
	reports                           suites.Reports
	progress                          bool
}

func (s *suiteFlags) bind(c *cobra.Command) {
	s.targetFlags.bind(c)
	f := c.Flags()
	s.control.Bind(c)
	f.StringVar(&s.store, "store", "connectmock.db", "database `file` of a mock on this machine, to find its control")
	const created = " (default: one created by the control)"
	f.StringVar(&s.reader, "reader-token", "", "`token` that may read the vault and write nothing"+created)
	f.StringVar(&s.writer, "writer-token", "", "`token` that may write to the vault and read nothing"+created)
	f.StringVar(&s.other, "other-token", "", "`token` that does not see the vault"+created)
	s.refused.Form = "token"
	f.Var(&s.refused, "refused-token",
		"token that must be refused, as one that is revoked"+created+"; "+cliflag.Repeatable)
	f.StringVar(&s.otherVault, "other-vault", "", "`id` of a second vault that the token sees (default any other)")
	s.rules.Form = "pattern"
	f.Var(&s.rules, "rule", "rules to run, as items/* or health/heartbeat (default all); "+cliflag.Repeatable)
	s.levels.Form = "level"
	f.Var(&s.levels, "level", "levels to run: MUST, SHOULD, OBSERVED (default all); "+cliflag.Repeatable)
	f.Int64Var(&s.seed, "seed", 0, "`number` that shuffles the rules (default: the order of the list)")
	f.IntVar(&s.parallel, "parallel", 8, "`number` of rules to check at the same time, if they do not disturb each other")
	f.StringVar(&s.deviations, "deviations", "", "`file` of the known deviations")
	f.StringVar(&s.newDeviations, "write-deviations", "",
		"write the rules that fail to a new `file` of deviations, with reason and owner to fill in")
	f.StringVar(&s.againstVersion, "against-version", "",
		"hold the server to what Connect of this `version` promised, as 1.5.4 (default: the newest)")
	f.StringVar(&s.baseline, "baseline", "", "JSON report of an earlier run, a `file`: only what passed in it can fail")
	f.DurationVar(&s.timing.Total, "run-timeout", 10*time.Minute,
		"how long the run may take; then no more rules start, and cleaning up has another minute")
	s.reports.More = s.conformanceWriters(c)
	s.reports.Bind(c)
	f.StringVar(&s.subject, "in-toto-subject", "",
		"what --report in-toto=FILE is about, as `NAME@sha256:DIGEST` of an image (default: the conformance report)")
	f.Float64Var(&s.gate, "coverage-gate", 0, "`share` of the documented responses that must be seen, from 0 to 1")
	f.StringVar(&s.require, "require", "", "fail if too much was not tested: `all|must|N`, no selected rule skipped, "+
		"none of level MUST but those only a mock can meet, or at least N rules tested (default: nothing; all for a mock in "+
		"this process)")
	f.BoolVarP(&s.progress, "progress", "v", false, "write a line for each rule to standard error (default: how far the run is)")
	_ = c.MarkFlagFilename("deviations", "yaml", "yml") // these fail only for an unknown flag
	_ = c.MarkFlagFilename("baseline", "json")
	_ = c.RegisterFlagCompletionFunc("rule", completeRules)
}

func (s *suiteFlags) target(c *cobra.Command, std *cli.Streams) (contract.Target, error) {
	t, err := s.targetFlags.target(c, std)
	if err != nil || t.URL == "" {
		return t, err
	}
	if t.Control, err = s.control.Client(); err != nil {
		return t, cli.AsUsageError(err)
	}
	if s.control.URL == "" {
		t.Control = locate.FindControl(c.Context(), s.store, t.URL)
	}
	t.ReaderToken, t.WriterToken, t.OtherToken, t.RefusedTokens = s.reader, s.writer, s.other, s.refused.List
	t.OtherVault = s.otherVault
	return t, err
}
