package ctlcmd

import (
	"fmt"
	"strings"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/cmd/connectmock/cliflag"
	"github.com/connectmock/connectmock/mockserver/faults"
	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/spf13/cobra"
)

func newFault(k *ctl) *cobra.Command {
	c := &cobra.Command{
		Use:   "fault",
		Short: "Make requests fail on purpose",
		Example: `  connectmock ctl fault add --operation GetVaultItems --times 2 --abort 429 --header 'Retry-After: 1'
  connectmock ctl fault add slow --delay 100ms..2s --percentage 10
  connectmock ctl fault add --preset sync-down
  connectmock ctl fault list
  connectmock ctl fault reset`,
	}
	list := &cobra.Command{Use: "list", Short: "List the faults, and how often they were applied"}
	k.command(list, allAccounts, func(r *ctlCall) error {
		faults, err := r.client.Faults(r.ctx, r.account)
		return show(k, faults, err, faultTable)
	})
	remove := &cobra.Command{Use: "remove NAME...", Short: "Remove faults"}
	k.command(remove, "", func(r *ctlCall) error { return forEachName(r, r.client.RemoveFault) })
	remove.ValidArgsFunction = complete(k, (*controlapi.Client).Faults, func(f controlapi.Fault) string { return f.Name })
	reset := &cobra.Command{Use: "reset", Short: "Remove all faults"}
	k.command(reset, allAccounts, func(r *ctlCall) error { return r.client.ResetFaults(r.ctx, r.account) })
	return cliflag.Group(c, newFaultAdd(k), list, remove, reset, newFaultPresets(k))
}

func newFaultAdd(k *ctl) *cobra.Command {
	var f faultFlags
	c := &cobra.Command{
		Use:   "add [NAME]",
		Short: "Add a fault, made of flags or from a file",
		Long: `Add a fault. The first flags select requests, the next say how often the fault
applies to them, the last say what it does. --preset gives a whole fault. -f
reads one fault or a list of them from a file, as YAML or JSON.`,
		Example: `  connectmock ctl fault add --preset write-visibility-lag --vault Deployments
  connectmock ctl fault add --operation GetVaultItemById --nth 3 --abort 503
  connectmock ctl fault add --token ci --connection reset --percentage 5 --seed 1
  connectmock ctl fault add cut --operation DownloadFileByID --truncate=-10
  connectmock ctl fault add -f faults.yaml`,
	}
	f.bind(c)
	return k.command(c, "", func(r *ctlCall) error {
		faults, err := f.faults(r.flags, k, r.args)
		if err != nil {
			return err
		}
		var added []controlapi.Fault
		for _, one := range faults {
			fault, err := r.client.AddFault(r.ctx, one)
			if err != nil {
				return err
			}
			added = append(added, fault)
		}
		return show(k, added, nil, faultTable)
	})
}

func newFaultPresets(k *ctl) *cobra.Command {
	c := &cobra.Command{
		Use:   "presets",
		Short: "List the presets, faults modelled on real servers",
		Long: `List the presets, faults modelled on real servers: what each does, the mistake in
a client that it reveals, and the evidence.`,
	}
	return k.command(c, "", func(r *ctlCall) error {
		presets, err := r.client.Presets(r.ctx)
		return show(k, presets, err, func(presets []controlapi.Preset) string {
			texts := make([]string, len(presets))
			for i, p := range presets {
				texts[i] = fmt.Sprintf("%s\n    %s\n    finds: %s\n    %s\n",
					cli.Printable(p.Name), cli.Printable(p.About), cli.Printable(p.Finds), cli.Printable(p.Evidence))
			}
			return strings.Join(texts, "\n")
		})
	})
}

func faultTable(list []controlapi.Fault) string {
	if len(list) == 0 {
		return "no faults\n"
	}
	return cli.TableOf("FAULT\tAPPLIES TO\tHOW OFTEN\tEFFECTS\tMATCHED\tAPPLIED", list, func(f controlapi.Fault) []any {
		return []any{f.Name, faults.RequestsText(f), faults.FrequencyText(f), faults.EffectsText(f), f.Matched, f.Struck}
	})
}
