package ctlcmd

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/internal/nearest"
	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/spf13/cobra"
)

// mask stands for a secret. It does not show how long the secret is.
const mask = "••••••••"

// addContentCommands adds the commands below ctl show.
func addContentCommands(k *ctl, c *cobra.Command) {
	subs := []*cobra.Command{newShowVaults(k), newShowItems(k), newShowItem(k)}
	c.AddCommand(subs...)
	c.Args = func(c *cobra.Command, args []string) error {
		if len(args) == 0 {
			return nil
		}
		var names []string
		for _, sub := range subs {
			names = append(names, sub.Name())
		}
		return fmt.Errorf("%s has no %q%s", c.CommandPath(), args[0], nearest.HintWithList(args[0], names))
	}
}

func newShowVaults(k *ctl) *cobra.Command {
	c := &cobra.Command{Use: "vaults", Short: "List the vaults of an account"}
	return k.command(c, firstAccount, func(r *ctlCall) error {
		list, err := r.client.Vaults(r.ctx, r.account)
		return show(k, list, err, vaultTable)
	})
}

func vaultTable(vaults []controlapi.Vault) string {
	if len(vaults) == 0 {
		return "no vaults\n"
	}
	return cli.TableOf("VAULT\tID\tITEMS\tTYPE\tCHANGED", vaults, func(v controlapi.Vault) []any {
		return []any{v.Name, v.ID, v.Items, v.Type, v.UpdatedAt.Format(time.RFC3339)}
	})
}

func newShowItems(k *ctl) *cobra.Command {
	var q controlapi.ItemQuery
	c := &cobra.Command{
		Use:   "items VAULT",
		Short: "List the items of a vault, or search them",
		Long:  "List the items of a vault, or search them. VAULT is a name or an id.",
		Example: `  connectmock ctl show items Deployments
  connectmock ctl show items Deployments --search postgres`,
	}
	c.Flags().StringVar(&q.Search, "search", "", "only items with this `text` in the title or a tag, in any case")
	c.Flags().StringVar(&q.Category, "category", "", "only items of this `category`, as LOGIN")
	c.Flags().IntVar(&q.Limit, "limit", 0, "at most this many, up to 1000 (default 100)")
	c.Flags().IntVar(&q.Offset, "offset", 0, "skip this many")
	c.ValidArgsFunction = complete(k, (*controlapi.Client).Vaults, func(v controlapi.Vault) string { return v.Name })
	return k.command(c, firstAccount, func(r *ctlCall) error {
		q.Account, q.Vault = r.account, r.args[0]
		list, err := r.client.Items(r.ctx, q)
		return show(k, list, err, func(list controlapi.ItemList) string { return itemTable(list, q.Offset) })
	})
}

// itemTable returns a page of items that starts after offset others.
func itemTable(list controlapi.ItemList, offset int) string {
	if len(list.Items) == 0 {
		return "no items here; " + cli.Count(list.Matched, "item") + " matched in " + cli.Printable(list.Vault.Name) + "\n"
	}
	text := cli.TableOf("ITEM\tID\tCATEGORY\tTAGS\tVERSION\tCHANGED", list.Items, func(it controlapi.ItemSummary) []any {
		return []any{it.Title, it.ID, it.Category, cmp.Or(strings.Join(it.Tags, ", "), "-"), it.Version,
			it.UpdatedAt.Format(time.RFC3339)}
	})
	if last := offset + len(list.Items); last < list.Matched || offset > 0 {
		text += fmt.Sprintf("%d to %d of %d; --limit, --offset, --search and --category select others\n", offset+1, last, list.Matched)
	}
	return text
}

func newShowItem(k *ctl) *cobra.Command {
	reveal, raw := false, false
	c := &cobra.Command{
		Use:   "item VAULT ITEM",
		Short: "Show an item, its secrets only with --reveal",
		Long: `Show an item. VAULT is a name or an id, ITEM a title or an id. Concealed values,
former passwords and the seeds and codes of one-time passwords are shown with
--reveal only. One-time codes follow the clock of the account.`,
		Example: `  connectmock ctl show item Deployments "Staging database"
  connectmock ctl show item Deployments "Staging database" --reveal
  connectmock ctl show item Deployments "Staging database" --raw`,
	}
	c.Flags().BoolVar(&reveal, "reveal", false, "show secrets")
	c.Flags().BoolVar(&raw, "raw", false, "print the JSON that clients of Connect get")
	c.ValidArgsFunction = complete(k, (*controlapi.Client).Vaults, func(v controlapi.Vault) string { return v.Name })
	return k.command(c, firstAccount, func(r *ctlCall) error {
		if raw {
			got, err := r.client.ItemDocument(r.ctx, r.account, r.args[0], r.args[1], reveal)
			if err != nil {
				return err
			}
			return k.std.PrintJSON(got.Document)
		}
		it, err := r.client.Item(r.ctx, r.account, r.args[0], r.args[1], reveal)
		return show(k, it, err, itemText)
	})
}
