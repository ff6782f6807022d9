package ctlcmd

import (
	"encoding/json"
	"fmt"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/cmd/connectmock/cliflag"
	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/spf13/cobra"
)

func newItem(k *ctl) *cobra.Command {
	c := &cobra.Command{
		Use:   "item",
		Short: "Create, replace, copy and delete items as a person does in an app",
		Long: `Create, replace, copy and delete items as a person does in an app: by the rules
for clients, without permissions and faults, and without a record in the activity
log. VAULT is a name or an id, ITEM a title or an id. FILE has the JSON that
clients of Connect send, and "-" is standard input.`,
		Example: `  connectmock ctl item create Deployments item.json
  connectmock ctl show item Deployments Staging --raw --reveal | jq '.title = "Test"' |
    connectmock ctl item replace Deployments Staging -
  connectmock ctl item copy Deployments Test
  connectmock ctl item delete Deployments Test`,
	}
	return cliflag.Group(c,
		k.inVault("create VAULT FILE", "Create an item", func(r *ctlCall) error {
			document, err := k.itemDocument(r.args[1])
			if err != nil {
				return err
			}
			it, err := r.client.CreateItem(r.ctx, r.account, r.args[0], document)
			return show(k, it, err, itemLine)
		}),
		newItemReplace(k),
		k.inVault("copy VAULT ITEM", "Create a copy of an item with its files", func(r *ctlCall) error {
			it, err := r.client.CopyItem(r.ctx, r.account, r.args[0], r.args[1])
			return show(k, it, err, itemLine)
		}),
		k.inVault("delete VAULT ITEM", "Delete an item and its files", func(r *ctlCall) error {
			return r.client.DeleteItem(r.ctx, r.account, r.args[0], r.args[1])
		}))
}

// inVault returns a command whose first argument is completed with the names of vaults.
func (k *ctl) inVault(use, short string, run func(*ctlCall) error) *cobra.Command {
	c := &cobra.Command{Use: use, Short: short}
	c.ValidArgsFunction = complete(k, (*controlapi.Client).Vaults, func(v controlapi.Vault) string { return v.Name })
	return k.command(c, firstAccount, run)
}

func newItemReplace(k *ctl) *cobra.Command {
	version := 0
	c := k.inVault("replace VAULT ITEM FILE", "Replace an item", func(r *ctlCall) error {
		if version < 0 {
			return cli.Usage("--if-version is the version of an item, from 1 on")
		}
		document, err := k.itemDocument(r.args[2])
		if err != nil {
			return err
		}
		it, err := r.client.ReplaceItem(r.ctx, r.account, r.args[0], r.args[1], version, document)
		return show(k, it, err, itemLine)
	})
	c.Flags().IntVar(&version, "if-version", 0, "replace it only if it has this `version` (default any)")
	return c
}

// itemDocument reads an item from a file, "-" is standard input. What it contains the mock checks.
func (k *ctl) itemDocument(name string) (json.RawMessage, error) {
	data, err := k.std.Read(name)
	if err != nil {
		return nil, err
	}
	if !json.Valid(data) { // the error of the parser may quote a secret
		return nil, fmt.Errorf("%s is not JSON: it must have an item as clients of Connect send it", name)
	}
	return data, nil
}

// itemLine returns the id of an item that was written, and where it is.
func itemLine(it controlapi.Item) string {
	return fmt.Sprintf("%s  %s in %s, version %d\n",
		it.ID, cli.Printable(it.Title), cli.Printable(it.Vault.Name), it.Version)
}
