package ctlcmd

import (
	"github.com/connectmock/connectmock/cmd/connectmock/auditreport"
	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/cmd/connectmock/cliflag"
	"github.com/connectmock/connectmock/internal/audit"
	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/spf13/cobra"
)

func newAudit(k *ctl) *cobra.Command {
	var (
		q      = controlapi.JournalQuery{Limit: auditreport.AllEntries}
		format = cliflag.Choice{Value: "text", Words: auditreport.Formats(), Form: "format"}
		fail   = auditreport.SeverityChoice()
	)
	c := &cobra.Command{
		Use:   "audit",
		Short: "Report mistakes of clients, and the permissions they needed",
		Long: `Report mistakes of clients, and the permissions they needed, from the journal: a
create that was sent twice, retries that are missing or come too soon, lists
fetched again and again, tokens in the wrong place. Run it when the client has
ended: a retry that is still to come counts as missing.

The journal keeps no bodies, no tokens and no names of vaults; each finding says
what is inferred. It keeps the newest exchanges only, see serve --journal-size.
docs/audit.md describes all kinds of findings.

Findings do not change the exit code unless --fail is given: many are about
style, and some are inferred.`,
		Example: `  connectmock ctl audit
  connectmock ctl audit --format markdown >> "$GITHUB_STEP_SUMMARY"
  connectmock ctl audit --account mine --fail warning`,
	}
	f := c.Flags()
	f.Var(&format, "format", "text, json or markdown")
	f.Uint64Var(&q.After, "after", 0, "only exchanges after this `number` of connectmock ctl journal list")
	f.Var(&fail, "fail", "exit code 1 for a finding of this severity or a higher one: info, warning or error")
	_ = c.RegisterFlagCompletionFunc("format", format.Complete) // these fail only for an unknown flag
	_ = c.RegisterFlagCompletionFunc("fail", fail.Complete)
	return k.command(c, allAccounts, func(r *ctlCall) error {
		q.Account = r.account
		page, err := r.client.Journal(r.ctx, q)
		if err != nil {
			return err
		}
		report := audit.Analyze(page, nil)
		if k.asJSON {
			format.Value = "json"
		}
		text, err := auditreport.Text(report, format.Value)
		if err == nil {
			err = k.std.Print(text)
		}
		if err == nil && auditreport.Fails(report, fail.Value) {
			return cli.ExitCode(cli.ExitFailed)
		}
		return err
	})
}
