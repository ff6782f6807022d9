package ctlcmd

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/cmd/connectmock/cliflag"
	"github.com/connectmock/connectmock/mockserver"
	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/spf13/cobra"
)

func newFile(k *ctl) *cobra.Command {
	c := &cobra.Command{
		Use:   "file",
		Short: "Add, read and delete files of items, which clients can only read",
		Long: `Add, read and delete files of items, which clients can only read. VAULT is a name
or an id, ITEM a title or an id, NAME the name or the id of a file of the item.
FILE is on this machine, and "-" is standard input or standard output.`,
		Example: `  connectmock ctl file add Deployments "Deploy Certificates" server.pem
  connectmock ctl file get Deployments "Deploy Certificates" server.pem -
  connectmock ctl file delete Deployments "Deploy Certificates" server.pem`,
	}
	return cliflag.Group(c, newFileAdd(k),
		k.inVault("get VAULT ITEM NAME FILE", "Write the content of a file to FILE", func(r *ctlCall) error {
			write := func(w io.Writer) error {
				return r.client.FileContent(r.ctx, r.account, r.args[0], r.args[1], r.args[2], w)
			}
			if cli.IsStdout(r.args[3]) {
				return write(k.std.Out)
			}
			if err := cli.PrepareOutput("FILE", r.args[3]); err != nil {
				return err
			}
			return cli.WriteFileAtomic(r.args[3], write)
		}),
		k.inVault("delete VAULT ITEM NAME", "Delete a file of an item", func(r *ctlCall) error {
			return r.client.DeleteFile(r.ctx, r.account, r.args[0], r.args[1], r.args[2])
		}))
}

func newFileAdd(k *ctl) *cobra.Command {
	var name, section string
	c := k.inVault("add VAULT ITEM FILE", "Add a file to an item", func(r *ctlCall) error {
		if name == "" && r.args[2] == "-" {
			return cli.Usage("standard input has no name: give the file one with --name")
		}
		if name == "" {
			name = filepath.Base(r.args[2])
		}
		content, err := k.fileContent(r.args[2])
		if err != nil {
			return err
		}
		added, err := r.client.AddFile(r.ctx, r.account, r.args[0], r.args[1], name, section, bytes.NewReader(content))
		return show(k, added, err, func(f controlapi.ItemFile) string {
			return fmt.Sprintf("%s  %s, %s\n", f.ID, cli.Printable(f.Name), cli.Count(int(f.Size), "byte"))
		})
	})
	c.Flags().StringVar(&name, "name", "", "`name` of the file in the item (default that of FILE)")
	c.Flags().StringVar(&section, "section", "", "`label` or id of the section of the item (default none)")
	return c
}

// fileContent returns the bytes of a file, "-" is standard input. It reads no more than the mock accepts.
func (k *ctl) fileContent(name string) ([]byte, error) {
	from := k.std.In
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		from = f
	}
	content, err := io.ReadAll(io.LimitReader(from, mockserver.MaxFileBytes+1))
	if err != nil {
		return nil, err
	}
	if len(content) > mockserver.MaxFileBytes {
		return nil, fmt.Errorf("%s is too large: a file can have %d MiB", name, mockserver.MaxFileBytes>>20)
	}
	return content, nil
}
