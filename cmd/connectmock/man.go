package main

import (
	"os"

	"github.com/connectmock/connectmock/cmd/connectmock/buildinfo"
	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
)

func newMan(std *cli.Streams) *cobra.Command {
	return &cobra.Command{
		Use:   "man DIR",
		Short: "Write the manual pages of all commands into a folder",
		Long: `Write the manual pages of all commands into a folder, which is made if it does
not exist: connectmock.1, connectmock-serve.1 and so on. The date on the pages is
SOURCE_DATE_EPOCH, or today's.`,
		Example: `  connectmock man ~/.local/share/man/man1
  man connectmock-serve`,
		RunE: func(c *cobra.Command, args []string) error {
			if err := os.MkdirAll(args[0], 0o755); err != nil {
				return cli.Usage("%w: name a folder that you may write to", err)
			}
			root := c.Root()
			root.InitDefaultCompletionCmd()
			root.DisableAutoGenTag = true
			header := &doc.GenManHeader{Section: "1", Source: "connectmock " + buildinfo.Read().Version, Manual: "connectmock"}
			return doc.GenManTree(root, header, args[0])
		},
	}
}
