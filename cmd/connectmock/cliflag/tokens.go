package cliflag

import (
	"strings"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/spf13/pflag"
)

// VisibleToken ends the help of flags for tokens.
const VisibleToken = "; better set by the variable, because other users of the machine can see flags"

func IsTokenFlag(f *pflag.Flag) bool { return f.Name == "token" || strings.HasSuffix(f.Name, "-token") }

// WarnAboutVisibleTokens warns about tokens on the command line.
func WarnAboutVisibleTokens(flags *pflag.FlagSet, std *cli.Streams) {
	flags.VisitAll(func(f *pflag.Flag) {
		if IsTokenFlag(f) {
			WarnIfVisible(f, std)
		}
	})
}

func WarnIfVisible(f *pflag.Flag, std *cli.Streams) {
	if OnCommandLine(f) {
		std.Say("--%s can be read by everybody on this machine while it runs; give it by $%s", f.Name, Variables(f)[0])
	}
}
