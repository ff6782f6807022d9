package ctlcmd

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/cmd/connectmock/cliflag"
	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/spf13/cobra"
)

func newSnapshot(k *ctl) *cobra.Command {
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
	return cliflag.Group(c,
		k.snapshot("save NAME", "Save the state of an account", func(r *ctlCall) error {
			saved, err := r.client.SaveSnapshot(r.ctx, controlapi.NewSnapshot{Account: r.account, Name: r.args[0]})
			return show(k, saved, err, snapshotRow)
		}),
		k.snapshot("list", "List the snapshots of an account", func(r *ctlCall) error {
			all, err := r.client.Snapshots(r.ctx, r.account)
			return show(k, all, err, snapshotTable)
		}),
		k.snapshot("restore NAME", "Restore a snapshot; tokens keep their values", func(r *ctlCall) error {
			return r.client.RestoreSnapshot(r.ctx, r.account, r.args[0])
		}),
		newSnapshotDiff(k), newSnapshotExport(k), newSnapshotImport(k),
		k.snapshot("delete NAME", "Delete a snapshot", func(r *ctlCall) error {
			return r.client.DeleteSnapshot(r.ctx, r.account, r.args[0])
		}))
}

// snapshot returns a command whose first argument is completed with the names of
// snapshots.
func (k *ctl) snapshot(use, short string, run func(*ctlCall) error) *cobra.Command {
	c := &cobra.Command{Use: use, Short: short}
	c.ValidArgsFunction = complete(k, (*controlapi.Client).Snapshots, func(s controlapi.Snapshot) string { return s.Name })
	return k.command(c, firstAccount, run)
}

func newSnapshotDiff(k *ctl) *cobra.Command {
	c := k.snapshot("diff FROM [TO]", "List what changed since a snapshot, or between two", func(r *ctlCall) error {
		diff, err := r.client.DiffSnapshots(r.ctx, r.account, r.args[0], cliflag.FirstArg(r.args[1:]))
		if err := show(k, diff, err, diffText); err != nil {
			return err
		}
		if len(diff.Changes) > 0 {
			return cli.ExitCode(cli.ExitFailed)
		}
		return nil
	})
	c.Long = `List what changed since a snapshot, or between two: ids and members, never a
value. Exit code 1 if anything changed.`
	return c
}

func newSnapshotExport(k *ctl) *cobra.Command {
	c := k.snapshot("export NAME FILE", "Write a snapshot to one file", func(r *ctlCall) error {
		export := func(w io.Writer) error { return r.client.ExportSnapshot(r.ctx, r.account, r.args[0], w) }
		if cli.IsStdout(r.args[1]) {
			return export(k.std.Out)
		}
		if err := cli.PrepareOutput("FILE", r.args[1]); err != nil {
			return err
		}
		return cli.WriteFileAtomic(r.args[1], export)
	})
	c.Long = `Write a snapshot to one file, for another mock to import. "-" is standard output.
The file contains all data of the account, signed tokens included.`
	return c
}

func newSnapshotImport(k *ctl) *cobra.Command {
	const short = `Keep an exported snapshot under a name; "-" is standard input`
	return k.snapshot("import NAME FILE", short, func(r *ctlCall) error {
		in := k.std.In
		if r.args[1] != "-" {
			f, err := os.Open(r.args[1])
			if err != nil {
				return err
			}
			defer f.Close()
			in = f
		}
		imported, err := r.client.ImportSnapshot(r.ctx, r.account, r.args[0], in)
		return show(k, imported, err, snapshotRow)
	})
}

func snapshotRow(s controlapi.Snapshot) string { return snapshotTable([]controlapi.Snapshot{s}) }

func snapshotTable(all []controlapi.Snapshot) string {
	return cli.TableOf("SNAPSHOT\tVAULTS\tITEMS\tSAVED", all, func(s controlapi.Snapshot) []any {
		return []any{s.Name, s.Vaults, s.Items, s.CreatedAt.Format(time.RFC3339)}
	})
}

func diffText(d controlapi.Diff) string {
	more := fmt.Sprintf("; %s more in the activity log\n", cli.Count(d.Activity, "record"))
	if len(d.Changes) == 0 {
		return "nothing changed" + more
	}
	return cli.TableOf("", d.Changes, func(c controlapi.Change) []any {
		return []any{c.Change, c.Kind, c.Name, c.ID, strings.Join(c.Members, " ")}
	}) + cli.Count(len(d.Changes), "change") + more
}
