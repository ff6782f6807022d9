package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/connectmock/connectmock/mockserver"
	"github.com/spf13/cobra"
)

// build is where this program comes from.
type build struct {
	Version  string // of the module, or "devel"
	Revision string // of the source, "" where the build did not know
	Modified bool   // the source had changes not committed
}

// version reads what the Go toolchain wrote into the program.
func version() build {
	b := build{Version: "devel"}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		b.Version = v
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			b.Revision = s.Value
		case "vcs.modified":
			b.Modified = s.Value == "true"
		}
	}
	return b
}

func newVersion(sh *shell) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print what this program is",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			b := version()
			text := "connectmock " + b.Version
			if b.Revision != "" {
				text += ", revision " + b.Revision
				if b.Modified {
					text += " with changes"
				}
			}
			return sh.print(fmt.Sprintf("%s\nanswers as 1Password Connect %s\n%s %s/%s\n",
				text, mockserver.DefaultConnectVersion, runtime.Version(), runtime.GOOS, runtime.GOARCH))
		},
	}
}
