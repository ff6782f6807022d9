package ctlcmd

import (
	"fmt"
	"strings"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/spf13/cobra"
)

func newJournalVerify(k *ctl) *cobra.Command {
	var (
		v    controlapi.Verification
		file string
	)
	c := &cobra.Command{
		Use:   "verify [EXPECTATION...]",
		Short: "Check that the expected requests were made",
		Long: `Check that the expected requests were made. An expectation is an operation, with a
status and a count where those matter:

  GetVaults                  at least once, with any response
  GetVaults=0                never
  GetVaultItemById:200=3     three times with 200
  GetVaultItemById:4xx=1..   once or more with a status of 400 to 499
  CreateVaultItem=..2        at most twice
  '*'=5                      five exchanges in all

-f reads a verification from a file, as YAML or JSON, with callers and faults.
Exit code 1 if something else happened.`,
		Example: `  connectmock ctl journal verify GetVaults=1 GetVaultItems:200=1.. --in-order
  connectmock ctl journal verify GetVaults=1 --only --account mine`,
		ValidArgsFunction: completeOperations,
	}
	f := c.Flags()
	f.StringVarP(&file, "file", "f", "", "`file` with a verification; - is standard input")
	f.Uint64Var(&v.After, "after", 0, "only exchanges after this `number` of the list")
	f.BoolVar(&v.InOrder, "in-order", false, "the first exchange of each expectation comes before that of the next")
	f.BoolVar(&v.Only, "only", false, "there were no other exchanges")
	_ = c.MarkFlagFilename("file", "yaml", "yml", "json") // fails only for an unknown flag
	return k.command(c, allAccounts, func(r *ctlCall) error {
		v.Account = r.account
		if err := k.readExpectations(&v, file, r.args); err != nil {
			return err
		}
		result, err := r.client.VerifyJournal(r.ctx, v)
		if err := show(k, result, err, verifyText); err != nil {
			return err
		}
		if !result.OK {
			return cli.ExitCode(cli.ExitFailed)
		}
		return nil
	})
}

// readExpectations adds the file and the arguments to a verification. What flags
// set before counts before the file.
func (k *ctl) readExpectations(v *controlapi.Verification, file string, args []string) error {
	if file == "" && len(args) == 0 {
		return cli.Usage("an expectation is needed, as in: connectmock ctl journal verify GetVaults=1")
	}
	if file != "" {
		flags := *v
		*v = controlapi.Verification{}
		if err := k.document(file, v); err != nil {
			return err
		}
		if flags.Account != "" {
			v.Account = flags.Account
		}
		v.After = max(v.After, flags.After)
		v.InOrder, v.Only = v.InOrder || flags.InOrder, v.Only || flags.Only
	}
	for _, text := range args {
		e, err := controlapi.ParseExpectation(text)
		if err != nil {
			return cli.AsUsageError(err)
		}
		v.Expect = append(v.Expect, e)
	}
	return nil
}

func verifyText(v controlapi.VerifyResult) string {
	if v.OK {
		return "as expected\n"
	}
	var b strings.Builder
	for _, problem := range v.Problems {
		fmt.Fprintln(&b, cli.Printable(problem))
	}
	return b.String()
}
