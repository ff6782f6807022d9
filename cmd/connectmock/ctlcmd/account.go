package ctlcmd

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"time"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/cmd/connectmock/cliflag"
	"github.com/connectmock/connectmock/cmd/connectmock/inputfile"
	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/internal/environment"
	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/spf13/cobra"
)

func newShow(k *ctl) *cobra.Command {
	c := &cobra.Command{
		Use:   "show",
		Short: "Show the state of the mock, its vaults and items",
		Long: `Show the accounts, clock, faults and journal of the mock, or what an account
holds. Nothing of this is in the activity log or in the journal.`,
		Example: `  connectmock ctl show
  connectmock ctl show vaults
  connectmock ctl show items Deployments --search postgres
  connectmock ctl show item Deployments "Staging database"`,
	}
	addContentCommands(k, c)
	return k.command(c, "", func(r *ctlCall) error {
		status, err := r.client.Overview(r.ctx)
		return show(k, status, err, statusText)
	})
}

func statusText(status controlapi.Overview) string {
	return cli.Table("", func(addRow func(...any)) {
		addRow("version", "1Password Connect "+status.Version+", "+cli.Count(len(status.Operations), "operation"))
		addRow("clock", clockText(status.Clock))
		addRow("faults", status.Faults)
		addRow("journal", cli.Count(status.Journal, "exchange"))
	}) + "\n" + accountTable(status.Accounts)
}

func newReset(k *ctl) *cobra.Command {
	c := &cobra.Command{
		Use:   "reset",
		Short: "Start again from the seed, within milliseconds",
		Long: `Start again from the seed, within milliseconds: data and tokens as they were at
the start, no faults, the machine's clock, an empty journal. Created accounts
are deleted, snapshots stay. With --account, reset only that account.`,
	}
	return k.command(c, "all accounts", func(r *ctlCall) error {
		return r.client.Reset(r.ctx, controlapi.Reset{Account: r.account})
	})
}

func newFixture(k *ctl) *cobra.Command {
	add := false
	load := &cobra.Command{
		Use:   "load FILE",
		Short: "Replace the data of an account by a fixture, or add to it",
		Long: `Replace the data of an account, and its seed, by a fixture. With --add the fixture
is added to the data; names and ids must not clash. "-" is standard input.`,
		Example: `  connectmock ctl fixture load fixture.yaml
  connectmock ctl fixture load more-vaults.yaml --add`,
	}
	load.Flags().BoolVar(&add, "add", false, "keep the existing data")
	k.command(load, firstAccount, func(r *ctlCall) error {
		fixture, err := inputfile.ReadFixture(k.std, r.args[0]) // here, so that mistakes have the lines of this file
		if err != nil {
			return err
		}
		text, err := fixtureWithFiles(fixture)
		if err != nil {
			return err
		}
		loaded, err := r.client.LoadFixture(r.ctx, r.account, bytes.NewReader(text), add)
		return show(k, loaded, err, func(l controlapi.LoadResult) string {
			return fmt.Sprintf("%s, %s in %s\n", cli.Count(l.Vaults, "vault"), cli.Count(l.Items, "item"), l.Account)
		})
	})
	return cliflag.Group(&cobra.Command{Use: "fixture", Short: "Load a fixture into a running mock"}, load)
}

// fixtureWithFiles returns a fixture as YAML that contains its files.
func fixtureWithFiles(fixture *fixtures.Fixture) ([]byte, error) {
	for _, account := range fixture.Accounts {
		for _, vault := range account.Vaults {
			for _, item := range vault.Items {
				for i := range item.Files {
					if err := inlineFile(&item.Files[i]); err != nil {
						return nil, err
					}
				}
			}
		}
	}
	return fixture.YAML()
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

func newAccount(k *ctl) *cobra.Command {
	c := &cobra.Command{
		Use:   "account",
		Short: "Give each test an account of its own",
		Long: `Give each test an account of its own. The token that a client sends selects the
account. An account copies only what it changes: hundreds of them share one mock
and one port, and none sees the changes of another.`,
	}
	list := &cobra.Command{Use: "list", Short: "List the accounts"}
	k.command(list, "", func(r *ctlCall) error {
		accounts, err := r.client.Accounts(r.ctx)
		return show(k, accounts, err, accountTable)
	})
	return cliflag.Group(c, newAccountCreate(k), list, newAccountDelete(k))
}

func newAccountCreate(k *ctl) *cobra.Command {
	var n controlapi.NewAccount
	c := &cobra.Command{
		Use:   "create [NAME]",
		Short: "Create an account from the seed of another, and print its token",
		Long: `Create an account from the seed of another, and print its token, and nothing else,
to standard output. Without NAME, its name is printed to standard error.`,
		Example: `  export OP_CONNECT_TOKEN=$(connectmock ctl account create mine)
  npm test
  connectmock ctl account delete mine`,
	}
	c.Flags().StringVar(&n.From, "from", "", "`name` or id of the account whose seed it starts from (default the first)")
	c.Flags().StringVar(&n.Snapshot, "snapshot", "", "`name` of a snapshot of that account to start from instead")
	return k.command(c, "", func(r *ctlCall) error {
		n.Name = cliflag.FirstArg(r.args)
		created, err := r.client.CreateAccount(r.ctx, n)
		if err == nil && n.Name == "" && !k.asJSON {
			k.std.Say("the account is named %s", environment.ShellQuote(cli.Printable(created.Name)))
		}
		return show(k, created, err, func(a controlapi.Account) string { return a.Token + "\n" })
	})
}

func newAccountDelete(k *ctl) *cobra.Command {
	c := &cobra.Command{Use: "delete NAME...", Short: "Delete created accounts, with all their data"}
	accounts := func(client *controlapi.Client, ctx context.Context, _ string) ([]controlapi.Account, error) {
		return client.Accounts(ctx)
	}
	c.ValidArgsFunction = complete(k, accounts, func(a controlapi.Account) string {
		if a.Seeded { // can't be deleted
			return ""
		}
		return a.Name
	})
	return k.command(c, "", func(r *ctlCall) error { return forEachName(r, r.client.DeleteAccount) })
}

// forEachName sends a request for each argument until one fails.
func forEachName(r *ctlCall, request func(ctx context.Context, name string) error) error {
	for _, name := range r.args {
		if err := request(r.ctx, name); err != nil {
			return err
		}
	}
	return nil
}

func accountTable(accounts []controlapi.Account) string {
	return cli.TableOf("ACCOUNT\tID\tSINCE\tKIND", accounts, func(a controlapi.Account) []any {
		kind := "created"
		if a.Seeded {
			kind = "seeded"
		}
		return []any{a.Name, a.ID, a.CreatedAt.Format(time.RFC3339), kind}
	})
}
