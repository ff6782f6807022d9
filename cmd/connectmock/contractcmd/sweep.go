package contractcmd

import (
	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/contract"
	"github.com/spf13/cobra"
)

func newSweep(std *cli.Streams) *cobra.Command {
	var (
		f   targetFlags
		dry bool
	)
	c := &cobra.Command{
		Use:   "sweep",
		Short: "Delete what interrupted runs left in a vault",
		Long: `Delete what interrupted runs left in a vault: the items of the ledger, and those
with both the suite's title and its tag. Nothing else is deleted. --dry-run only
lists them, and needs no --allow-writes.`,
		Example: `  connectmock contract sweep --vault h3kvwphsg7jkstbxmdycavun3c --dry-run
  connectmock contract sweep --vault h3kvwphsg7jkstbxmdycavun3c --allow-writes`,
		RunE: func(c *cobra.Command, _ []string) error {
			t, err := f.target(c, std)
			switch {
			case err != nil:
				return err
			case t.URL == "":
				return cli.Usage("name the server to sweep with --target or OP_CONNECT_HOST")
			case t.Vault == "":
				return cli.Usage("name the vault to sweep with --vault")
			case !dry && !f.Writes.IsForAnyServer():
				return cli.Usage("sweep deletes items: --dry-run lists them, --allow-writes deletes them")
			}
			t.AllowWrites, t.OnlyMock = true, false // with --dry-run it only reads
			ctx, stop := cli.WithInterrupt(c.Context(), std)
			defer stop()
			list, err := contract.Sweep(ctx, t, contract.Options{Ledger: f.Ledger, Timing: f.timing}, dry)
			if failed := std.Print(leftoverTable(list, dry)); failed != nil {
				return failed
			}
			if list == nil { // the server was not searched: the set-up is wrong
				return cli.AsUsageError(err)
			}
			return err
		},
	}
	f.bind(c)
	c.Flags().BoolVar(&dry, "dry-run", false, "list what would be deleted and delete nothing")
	return c
}

func leftoverTable(list []contract.Leftover, dry bool) string {
	if len(list) == 0 {
		return "nothing is left over\n"
	}
	return cli.TableOf("ITEM\tTITLE\tSTATE\tWHY", list, func(l contract.Leftover) []any {
		state := "not deleted"
		switch {
		case l.Deleted:
			state = "deleted"
		case dry:
			state = "would be deleted"
		}
		return []any{l.Item, l.Title, state, l.Why}
	})
}
