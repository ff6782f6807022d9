package main

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/connectmock/connectmock/contract"
	"github.com/spf13/cobra"
)

func newContractSweep(std *streams) *cobra.Command {
	var (
		f   targetFlags
		dry bool
	)
	c := &cobra.Command{
		Use:   "sweep",
		Short: "Delete what interrupted runs left in a vault",
		Long: `Delete what interrupted runs left in a vault: the items of the ledger, and those
with both the suite's title and its tag. Nothing else is deleted. --dry-run lists
them only, and needs no leave to write.`,
		Example: `  connectmock contract sweep --vault h3kvwphsg7jkstbxmdycavun3c --dry-run
  connectmock contract sweep --vault h3kvwphsg7jkstbxmdycavun3c --allow-writes`,
		Args: noArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			t, err := f.target(c, std)
			switch {
			case err != nil:
				return err
			case t.URL == "":
				return usage("name the server to sweep with --target or OP_CONNECT_HOST")
			case t.Vault == "":
				return usage("name the vault to sweep with --vault")
			case !dry && !t.AllowWrites:
				return usage("sweeping deletes: --dry-run lists what would go, --allow-writes lets it go")
			}
			t.AllowWrites = true // a dry sweep only reads
			ctx, stop := withInterrupt(c.Context(), std)
			defer stop()
			list, err := contract.Sweep(ctx, t, contract.Options{Ledger: f.ledger, Timing: f.timing}, dry)
			if shown := std.print(leftoverTable(list, dry)); shown != nil {
				return shown
			}
			if list == nil { // nothing was looked at: the set-up is wrong
				return asUsageError(err)
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
	var b strings.Builder
	t := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "ITEM\tTITLE\tSTATE\tWHY")
	for _, l := range list {
		state := "still there"
		switch {
		case l.Deleted:
			state = "deleted"
		case dry:
			state = "would be deleted"
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", l.Item, printable(l.Title), state, printable(l.Why))
	}
	_ = t.Flush() // into memory
	return b.String()
}
