package main

import (
	"strings"

	"github.com/spf13/pflag"
)

// visibleToken ends the help of flags for tokens.
const visibleToken = "; better set by the variable, because other users of the machine can see flags"

func isTokenFlag(f *pflag.Flag) bool { return f.Name == "token" || strings.HasSuffix(f.Name, "-token") }

// warnAboutVisibleTokens warns about tokens on the command line.
func warnAboutVisibleTokens(flags *pflag.FlagSet, std *streams) {
	flags.VisitAll(func(f *pflag.Flag) {
		if isTokenFlag(f) {
			warnIfVisible(f, std)
		}
	})
}

func warnIfVisible(f *pflag.Flag, std *streams) {
	if onCommandLine(f) {
		std.say("--%s can be read by everybody on this machine while it runs; give it by $%s", f.Name, variables(f)[0])
	}
}
