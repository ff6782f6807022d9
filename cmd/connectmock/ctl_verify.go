package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/spf13/cobra"
)

func newCtlJournalVerify(k *ctl) *cobra.Command {
	var (
		v    controlapi.Verification
		from string
	)
	c := &cobra.Command{
		Use:   "verify [EXPECTATION...]",
		Short: "Check that the expected requests were made",
		Long: `Check that the expected requests were made. An expectation is an operation, with a
status and a count where those matter:

  GetVaults                  at least once, whatever the answer
  GetVaults=0                never
  GetVaultItemById:200=3     three times with 200
  GetVaultItemById:4xx=1..   once or more with a status of 400 to 499
  CreateVaultItem=..2        at most twice
  '*'=5                      five exchanges in all

-f takes a verification from a file, as YAML or JSON, with callers and faults.
Exit code 1 if something else happened.`,
		Example: `  connectmock ctl journal verify GetVaults=1 GetVaultItems:200=1.. --in-order
  connectmock ctl journal verify GetVaults=1 --only --account mine`,
		RunE: k.work(func(ctx context.Context, client *controlapi.Client, args []string) error {
			if err := readExpectations(&v, k, from, args); err != nil {
				return err
			}
			got, err := client.VerifyJournal(ctx, v)
			if err != nil {
				return err
			}
			if err := k.show(got, verifiedText(got)); err != nil {
				return err
			}
			if !got.OK {
				return exitCode(exitFailed)
			}
			return nil
		}),
		ValidArgsFunction: completeOperations,
	}
	accountFlag(c, &v.Account, "all")
	f := c.Flags()
	f.StringVarP(&from, "file", "f", "", "`file` with a verification; - is standard input")
	f.Uint64Var(&v.After, "after", 0, "only exchanges after this `number` of the list")
	f.BoolVar(&v.InOrder, "in-order", false, "the first exchange of each stands before that of the next")
	f.BoolVar(&v.Only, "only", false, "nothing else happened")
	_ = c.MarkFlagFilename("file", "yaml", "yml", "json") // fails only for a flag that is not there
	return c
}

// readExpectations puts the file and the arguments into a verification; flags count
// before the file.
func readExpectations(v *controlapi.Verification, k *ctl, from string, args []string) error {
	if from == "" && len(args) == 0 {
		return usage("what should have happened? as in: connectmock ctl journal verify GetVaults=1")
	}
	if from != "" {
		flags := *v
		*v = controlapi.Verification{}
		if err := k.document(from, v); err != nil {
			return err
		}
		if flags.Account != "" {
			v.Account = flags.Account
		}
		v.After = max(v.After, flags.After)
		v.InOrder, v.Only = v.InOrder || flags.InOrder, v.Only || flags.Only
	}
	for _, text := range args {
		e, err := parseExpectation(text)
		if err != nil {
			return err
		}
		v.Expect = append(v.Expect, e)
	}
	return nil
}

// parseExpectation reads "GetVaults:200=1..3".
func parseExpectation(text string) (e controlapi.Expectation, _ error) {
	what, counts, counted := strings.Cut(text, "=")
	e.Operation, e.Status, _ = strings.Cut(what, ":")
	if e.Operation == "" {
		return e, usage("expectation %q names no operation, * is any", text)
	}
	if e.Operation == "*" {
		e.Operation = ""
	}
	if !counted {
		return e, nil
	}
	least, most, ranged := strings.Cut(counts, "..")
	var err error
	number := func(text string) *int {
		if text == "" && ranged {
			return nil
		}
		n, bad := strconv.Atoi(text)
		if bad != nil || n < 0 {
			err = usage("expectation %q: the count is a number, or a range as 1.., ..2 or 1..2", text)
		}
		return &n
	}
	if !ranged {
		e.Count = number(least)
		return e, err
	}
	e.Min, e.Max = number(least), number(most)
	return e, err
}

func verifiedText(v controlapi.VerifyResult) string {
	if v.OK {
		return "as expected\n"
	}
	var b strings.Builder
	for _, problem := range v.Problems {
		fmt.Fprintln(&b, printable(problem))
	}
	return b.String()
}
