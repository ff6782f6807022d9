package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/spf13/cobra"
)

func newCtlShow(k *ctl) *cobra.Command {
	return &cobra.Command{
		Use:   "show",
		Short: "Show the accounts, clock, faults and journal of the mock",
		Args:  noArgs,
		RunE: k.work(func(ctx context.Context, client *controlapi.Client, _ []string) error {
			held, err := client.Overview(ctx)
			if err != nil {
				return err
			}
			return k.show(held, table("", func(addRow func(...any)) {
				addRow("version", "1Password Connect "+held.Version+", "+count(len(held.Operations), "operation"))
				addRow("clock", clockLine(held.Clock))
				addRow("faults", held.Faults)
				addRow("journal", count(held.Journal, "exchange"))
			})+"\n"+accountTable(held.Accounts))
		}),
	}
}

func newCtlReset(k *ctl) *cobra.Command {
	var r controlapi.Reset
	c := &cobra.Command{
		Use:   "reset",
		Short: "Start again from the seed, within milliseconds",
		Long: `Start again from the seed, within milliseconds: data and tokens as they were at
the start, no faults, the machine's clock, an empty journal. Accounts that were
created are deleted, snapshots stay. With --account only that account.`,
		Args: noArgs,
		RunE: k.work(func(ctx context.Context, client *controlapi.Client, _ []string) error {
			return client.Reset(ctx, r)
		}),
	}
	accountFlag(c, &r.Account, "all accounts")
	return c
}

func newCtlFixture(k *ctl) *cobra.Command {
	var (
		account string
		add     bool
	)
	load := &cobra.Command{
		Use:   "load FILE",
		Short: "Replace the data of an account by a fixture, or add to it",
		Long: `Replace the data of an account, and its seed, by a fixture. With --add the fixture
is added to the data; names and ids must not clash. "-" is standard input.`,
		Example: `  connectmock ctl fixture load world.yaml
  connectmock ctl fixture load more-vaults.yaml --add`,
		Args: exactlyOneArg("a fixture"),
		RunE: k.work(func(ctx context.Context, client *controlapi.Client, args []string) error {
			w, err := k.std.readFixture(args[0]) // mistakes are told by the lines of this file
			if err != nil {
				return err
			}
			text, err := fixtureWithFiles(w)
			if err != nil {
				return err
			}
			loaded, err := client.LoadFixture(ctx, account, bytes.NewReader(text), add)
			if err != nil {
				return err
			}
			return k.show(loaded, fmt.Sprintf("%s, %s in %s\n", count(loaded.Vaults, "vault"), count(loaded.Items, "item"), loaded.Account))
		}),
	}
	accountFlag(load, &account, firstAccount)
	load.Flags().BoolVar(&add, "add", false, "keep the existing data")
	c := &cobra.Command{Use: "fixture", Short: "Load a fixture into a running mock"}
	return group(c, load)
}

// fixtureWithFiles is a world as one text, with the content of its files in it.
func fixtureWithFiles(w *fixtures.Fixture) ([]byte, error) {
	for a := range w.Accounts {
		for v := range w.Accounts[a].Vaults {
			for i := range w.Accounts[a].Vaults[v].Items {
				files := w.Accounts[a].Vaults[v].Items[i].Files
				for f := range files {
					if err := inlineFile(&files[f]); err != nil {
						return nil, err
					}
				}
			}
		}
	}
	return w.YAML()
}

func inlineFile(f *fixtures.File) error {
	if f.Path == "" {
		return nil
	}
	content, err := f.Open()
	if err != nil {
		return err
	}
	defer content.Close()
	data, err := io.ReadAll(content)
	f.Path, f.Base64 = "", base64.StdEncoding.EncodeToString(data)
	return err
}

func newCtlAccount(k *ctl) *cobra.Command {
	c := &cobra.Command{
		Use:   "account",
		Short: "Give each test an account of its own",
		Long: `Give each test an account of its own. The token that a client sends selects the
account. An account copies only what it changes: hundreds of them share one mock
and one port, and none sees what another does.`,
	}
	return group(c, newCtlAccountCreate(k), newCtlAccountList(k), newCtlAccountDelete(k))
}

func newCtlAccountCreate(k *ctl) *cobra.Command {
	var n controlapi.NewAccount
	c := &cobra.Command{
		Use:   "create [NAME]",
		Short: "Create an account from the seed of another, and print its token",
		Long: `Create an account from the seed of another, and print its token, and nothing else,
to standard output. Without NAME, its name is printed to standard error.`,
		Example: `  export OP_CONNECT_TOKEN=$(connectmock ctl account create mine)
  npm test
  connectmock ctl account delete mine`,
		Args: cobra.MaximumNArgs(1),
		RunE: k.work(func(ctx context.Context, client *controlapi.Client, args []string) error {
			n.Name = strings.Join(args, "")
			made, err := client.CreateAccount(ctx, n)
			if err != nil {
				return err
			}
			if n.Name == "" && !k.asJSON {
				k.std.say("the account is named %s", shellQuote(printable(made.Name)))
			}
			return k.show(made, made.Token+"\n")
		}),
	}
	c.Flags().StringVar(&n.From, "from", "", "`name` or id of the account whose seed it starts from (default the first)")
	c.Flags().StringVar(&n.Snapshot, "snapshot", "", "`name` of a snapshot of that account to start from instead")
	return c
}

func newCtlAccountList(k *ctl) *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "List the accounts",
		Args:  noArgs,
		RunE: k.work(func(ctx context.Context, client *controlapi.Client, _ []string) error {
			accounts, err := client.Accounts(ctx)
			if err != nil {
				return err
			}
			return k.show(accounts, accountTable(accounts))
		}),
	}
}

func newCtlAccountDelete(k *ctl) *cobra.Command {
	return &cobra.Command{
		Use:   "delete NAME...",
		Short: "Delete accounts that were created, with all their data",
		Args:  cobra.MinimumNArgs(1),
		RunE: k.work(func(ctx context.Context, client *controlapi.Client, args []string) error {
			for _, name := range args {
				if err := client.DeleteAccount(ctx, name); err != nil {
					return err
				}
			}
			return nil
		}),
		ValidArgsFunction: k.complete(func(ctx context.Context, client *controlapi.Client, _ string) ([]string, error) {
			all, err := client.Accounts(ctx)
			all = slices.DeleteFunc(all, func(a controlapi.Account) bool { return a.Seeded })
			return namesOf(all, err, func(a controlapi.Account) string { return a.Name })
		}),
	}
}

func accountTable(accounts []controlapi.Account) string {
	return table("ACCOUNT\tID\tSINCE\tKIND", func(addRow func(...any)) {
		for _, a := range accounts {
			kind := "created"
			if a.Seeded {
				kind = "seeded"
			}
			addRow(a.Name, a.ID, a.CreatedAt.Format(time.RFC3339), kind)
		}
	})
}
