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
		Short: "Make requests fail on purpose",
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
		Long: `Add a fault. The first flags select requests, the next say how often the fault
applies to them, the last what it does; or choose a preset. -f reads one fault
or a list of them from a file, as YAML or JSON.`,
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
		Short: "List the faults, and how often they were applied",
		Args:  noArgs,
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
		Short: "Remove faults",
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
		Short: "Remove all faults",
		Args:  noArgs,
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
		Short: "List the presets, faults modelled on real servers",
		Long: `List the presets, faults modelled on real servers: what each does, the mistake in
a client that it reveals, and the evidence.`,
		Args: noArgs,
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
	return table("FAULT\tAPPLIES TO\tHOW OFTEN\tEFFECTS\tMATCHED\tAPPLIED", func(addRow func(...any)) {
		for _, f := range faults {
			addRow(f.Name, appliesTo(f), frequencyText(f), effectsText(f), f.Matched, f.Struck)
		}
	})
}
