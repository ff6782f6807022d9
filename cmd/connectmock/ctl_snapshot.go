package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/spf13/cobra"
)

func newCtlSnapshot(k *ctl) *cobra.Command {
	c := &cobra.Command{
		Use:   "snapshot",
		Short: "Save, restore and compare the state of an account",
		Long: `Save the state of an account with vaults, items, files, tokens and activity;
restore it, list what changed, export it as one file.`,
		Example: `  connectmock ctl snapshot save before
  npm test
  connectmock ctl snapshot diff before
  connectmock ctl snapshot restore before`,
	}
	return group(c, newCtlSnapshotSave(k), newCtlSnapshotList(k), newCtlSnapshotRestore(k), newCtlSnapshotDiff(k),
		newCtlSnapshotExport(k), newCtlSnapshotImport(k), newCtlSnapshotDelete(k))
}

// snapshot is a command about one snapshot, or more where use says so.
func (k *ctl) snapshot(use, short string, do func(ctx context.Context, client *controlapi.Client, account string, args []string) error) *cobra.Command {
	var account string
	c := &cobra.Command{
		Use: use, Short: short, Args: argumentsOf(use),
		RunE: k.work(func(ctx context.Context, client *controlapi.Client, args []string) error {
			return do(ctx, client, account, args)
		}),
		ValidArgsFunction: k.complete(func(ctx context.Context, client *controlapi.Client, account string) ([]string, error) {
			all, err := client.Snapshots(ctx, account)
			return namesOf(all, err, func(s controlapi.Snapshot) string { return s.Name })
		}),
	}
	accountFlag(c, &account, firstAccount)
	return c
}

func newCtlSnapshotSave(k *ctl) *cobra.Command {
	return k.snapshot("save NAME", "Save the state of an account", func(ctx context.Context, client *controlapi.Client, account string, args []string) error {
		saved, err := client.SaveSnapshot(ctx, controlapi.NewSnapshot{Account: account, Name: args[0]})
		if err != nil {
			return err
		}
		return k.show(saved, snapshotTable([]controlapi.Snapshot{saved}))
	})
}

func newCtlSnapshotList(k *ctl) *cobra.Command {
	return k.snapshot("list", "List the snapshots of an account", func(ctx context.Context, client *controlapi.Client, account string, _ []string) error {
		all, err := client.Snapshots(ctx, account)
		if err != nil {
			return err
		}
		return k.show(all, snapshotTable(all))
	})
}

func newCtlSnapshotRestore(k *ctl) *cobra.Command {
	return k.snapshot("restore NAME", "Restore a snapshot; tokens keep their values", func(ctx context.Context, client *controlapi.Client, account string, args []string) error {
		return client.RestoreSnapshot(ctx, account, args[0])
	})
}

func newCtlSnapshotDelete(k *ctl) *cobra.Command {
	return k.snapshot("delete NAME", "Delete a snapshot", func(ctx context.Context, client *controlapi.Client, account string, args []string) error {
		return client.DeleteSnapshot(ctx, account, args[0])
	})
}

func newCtlSnapshotDiff(k *ctl) *cobra.Command {
	c := k.snapshot("diff FROM [TO]", "List what changed since a snapshot, or between two", func(ctx context.Context, client *controlapi.Client, account string, args []string) error {
		d, err := client.DiffSnapshots(ctx, account, args[0], firstArg(args[1:]))
		if err != nil {
			return err
		}
		if err := k.show(d, diffText(d)); err != nil {
			return err
		}
		if len(d.Changes) > 0 {
			return exitCode(exitFailed)
		}
		return nil
	})
	c.Long = `List what changed since a snapshot, or between two: ids and members, never a
value. Exit code 1 if anything changed.`
	return c
}

func newCtlSnapshotExport(k *ctl) *cobra.Command {
	c := k.snapshot("export NAME FILE", "Write a snapshot to one file", func(ctx context.Context, client *controlapi.Client, account string, args []string) error {
		if isStdout(args[1]) {
			return client.ExportSnapshot(ctx, account, args[0], k.std.out)
		}
		if err := prepareOutput("FILE", args[1]); err != nil {
			return err
		}
		return writeFileAtomic(args[1], func(w io.Writer) error { return client.ExportSnapshot(ctx, account, args[0], w) })
	})
	c.Long = `Write a snapshot to one file, for another mock to import. "-" is standard output.
It holds all data of the account, signed tokens included.`
	return c
}

func newCtlSnapshotImport(k *ctl) *cobra.Command {
	return k.snapshot("import NAME FILE", `Keep an exported snapshot under a name; "-" is standard input`, func(ctx context.Context, client *controlapi.Client, account string, args []string) error {
		in := k.std.in
		if args[1] != "-" {
			f, err := os.Open(args[1])
			if err != nil {
				return err
			}
			defer f.Close()
			in = f
		}
		kept, err := client.ImportSnapshot(ctx, account, args[0], in)
		if err != nil {
			return err
		}
		return k.show(kept, snapshotTable([]controlapi.Snapshot{kept}))
	})
}

func snapshotTable(all []controlapi.Snapshot) string {
	return table("SNAPSHOT\tVAULTS\tITEMS\tSAVED", func(addRow func(...any)) {
		for _, s := range all {
			addRow(s.Name, s.Vaults, s.Items, s.CreatedAt.Format(time.RFC3339))
		}
	})
}

func diffText(d controlapi.Diff) string {
	if len(d.Changes) == 0 {
		return fmt.Sprintf("nothing changed; %s more in the activity log\n", count(d.Activity, "record"))
	}
	return table("", func(addRow func(...any)) {
		for _, c := range d.Changes {
			addRow(c.Change, c.Kind, c.Name, c.ID, strings.Join(c.Members, " "))
		}
	}) + fmt.Sprintf("%s; %s more in the activity log\n", count(len(d.Changes), "change"), count(d.Activity, "record"))
}
