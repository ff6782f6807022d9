package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/spf13/cobra"
)

func newCtlFault(k *ctl) *cobra.Command {
	c := &cobra.Command{
		Use:   "fault",
		Short: "Make things go wrong on purpose",
		Example: `  connectmock ctl fault add --operation GetVaultItems --times 2 --abort 429 --header 'Retry-After: 1'
  connectmock ctl fault add slow --delay 100ms..2s --percentage 10
  connectmock ctl fault add --preset sync-down
  connectmock ctl fault list
  connectmock ctl fault reset`,
	}
	return group(c, newCtlFaultAdd(k), newCtlFaultList(k), newCtlFaultRemove(k), newCtlFaultReset(k), newCtlFaultPresets(k))
}

func newCtlFaultAdd(k *ctl) *cobra.Command {
	var f faultFlags
	c := &cobra.Command{
		Use:   "add [NAME]",
		Short: "Add a fault, made of flags or from a file",
		Long: `Add a fault. It strikes the requests that match all of its first flags, as often
as the next say, in the ways of the last; or it is one of the presets. -f takes
faults from a file, one or a list of them, as YAML or JSON.`,
		Example: `  connectmock ctl fault add --preset write-visibility-lag --vault Deployments
  connectmock ctl fault add --operation GetVaultItemById --nth 3 --abort 503
  connectmock ctl fault add --token ci --connection reset --percentage 5 --seed 1
  connectmock ctl fault add cut --operation DownloadFileByID --truncate=-10
  connectmock ctl fault add -f faults.yaml`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return k.work(func(ctx context.Context, client *controlapi.Client, args []string) error {
				faults, err := f.faults(c.Flags(), k, args)
				if err != nil {
					return err
				}
				var added []controlapi.Fault
				for _, one := range faults {
					got, err := client.AddFault(ctx, one)
					if err != nil {
						return err
					}
					added = append(added, got)
				}
				return k.show(added, faultTable(added))
			})(c, args)
		},
	}
	f.bind(c)
	return c
}

func newCtlFaultList(k *ctl) *cobra.Command {
	var account string
	c := &cobra.Command{
		Use:   "list",
		Short: "List the faults in force, and how often they struck",
		Args:  cobra.NoArgs,
		RunE: k.work(func(ctx context.Context, client *controlapi.Client, _ []string) error {
			faults, err := client.Faults(ctx, account)
			if err != nil {
				return err
			}
			return k.show(faults, faultTable(faults))
		}),
	}
	accountFlag(c, &account, "all")
	return c
}

func newCtlFaultRemove(k *ctl) *cobra.Command {
	return &cobra.Command{
		Use:   "remove NAME...",
		Short: "End faults",
		Args:  cobra.MinimumNArgs(1),
		RunE: k.work(func(ctx context.Context, client *controlapi.Client, args []string) error {
			for _, name := range args {
				if err := client.RemoveFault(ctx, name); err != nil {
					return err
				}
			}
			return nil
		}),
		ValidArgsFunction: k.complete(func(ctx context.Context, client *controlapi.Client, _ string) ([]string, error) {
			all, err := client.Faults(ctx, "")
			return namesOf(all, err, func(f controlapi.Fault) string { return f.Name })
		}),
	}
}

func newCtlFaultReset(k *ctl) *cobra.Command {
	var account string
	c := &cobra.Command{
		Use:   "reset",
		Short: "End all faults",
		Args:  cobra.NoArgs,
		RunE: k.work(func(ctx context.Context, client *controlapi.Client, _ []string) error {
			return client.ResetFaults(ctx, account)
		}),
	}
	accountFlag(c, &account, "all")
	return c
}

func newCtlFaultPresets(k *ctl) *cobra.Command {
	return &cobra.Command{
		Use:   "presets",
		Short: "List the moods of real servers that faults can be made of",
		Long: `List the moods of real servers that faults can be made of: what each does, the
mistake of a client that it brings to light, and how it is known.`,
		Args: cobra.NoArgs,
		RunE: k.work(func(ctx context.Context, client *controlapi.Client, _ []string) error {
			presets, err := client.Presets(ctx)
			if err != nil {
				return err
			}
			var b strings.Builder
			for i, p := range presets {
				if i > 0 {
					b.WriteByte('\n')
				}
				fmt.Fprintf(&b, "%s\n    %s\n    finds: %s\n    %s\n", printable(p.Name), printable(p.About), printable(p.Finds), printable(p.Evidence))
			}
			return k.show(presets, b.String())
		}),
	}
}

func faultTable(faults []controlapi.Fault) string {
	if len(faults) == 0 {
		return "no faults\n"
	}
	return table("FAULT\tSTRIKES\tHOW OFTEN\tWITH\tMATCHED\tSTRUCK", func(line func(...any)) {
		for _, f := range faults {
			line(f.Name, struckRequests(f), howOften(f), how(f), f.Matched, f.Struck)
		}
	})
}
