package main

import (
	"fmt"
	"runtime"

	"github.com/connectmock/connectmock/mockserver"
	"github.com/spf13/cobra"
)

func newVersion(std *streams) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print version, commit and date of this program",
		RunE: func(*cobra.Command, []string) error {
			return std.print(fmt.Sprintf("%s\nserves 1Password Connect %s\n%s %s/%s\n",
				readBuild(), mockserver.DefaultConnectVersion, runtime.Version(), runtime.GOOS, runtime.GOARCH))
		},
	}
}
