package main

import (
	"fmt"
	"runtime"

	"github.com/connectmock/connectmock/cmd/connectmock/buildinfo"
	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/mockserver"
	"github.com/spf13/cobra"
)

func newVersion(std *cli.Streams) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print version, commit and date of this program",
		RunE: func(*cobra.Command, []string) error {
			return std.Print(fmt.Sprintf("%s\nserves 1Password Connect %s\n%s %s/%s\n",
				buildinfo.Read(), mockserver.DefaultConnectVersion, runtime.Version(), runtime.GOOS, runtime.GOARCH))
		},
	}
}
