// Package suites has what runs of the contract and of scenarios share: the flags for the server under test, the
// reports, and the summary for people. It runs neither.
package suites

import (
	"cmp"
	"os"
	"slices"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/cmd/connectmock/cliflag"
	"github.com/connectmock/connectmock/internal/environment"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// defaultLedger is the file in which a run that writes lists what it created, for
// a later sweep.
const defaultLedger = ".connectmock-ledger.jsonl"

// ServerFlags name the server under test, and what a suite may do to it.
type ServerFlags struct {
	URL, Token, Vault, Ledger string
	Writes                    cliflag.Writes
}

// ServerUsage is the help of the flags that mean something else to each suite.
type ServerUsage struct{ Vault, Writes, Ledger string }

// Bind adds the flags.
func (s *ServerFlags) Bind(c *cobra.Command, usage ServerUsage) {
	f := c.Flags()
	f.StringVar(&s.URL, "target", "", "base `URL` of the server (default: a mock in this process)")
	cliflag.BindServerVariable(f, "target", "OP_CONNECT_HOST")
	f.StringVar(&s.Token, "token", "", "bearer `token`"+cliflag.VisibleToken)
	cliflag.BindOnlyVariable(f, "token", "OP_CONNECT_TOKEN") // CONNECTMOCK_TOKEN gives serve its tokens
	f.StringVar(&s.Vault, "vault", "", usage.Vault)
	cliflag.BindOnlyVariable(f, "vault", "OP_VAULT") // as the Go SDK has it [C]
	s.Writes.Bind(f, usage.Writes)
	f.StringVar(&s.Ledger, "ledger", defaultLedger, usage.Ledger)
	_ = c.MarkFlagFilename("ledger", "jsonl") // fails only for an unknown flag
}

// Check warns about tokens that others can see. Without a URL no other flag about a
// server may be given, and the variables must not be empty, as those of a secret that
// does not exist: a run would test a mock instead, and pass.
func (s *ServerFlags) Check(flags *pflag.FlagSet, std *cli.Streams) error {
	cliflag.WarnAboutVisibleTokens(flags, std)
	if s.URL != "" {
		return nil
	}
	if std.IsBlank("OP_CONNECT_HOST") && std.IsBlank("OP_CONNECT_TOKEN") {
		return cli.Usage("OP_CONNECT_HOST and OP_CONNECT_TOKEN are set, but empty: do the secrets that they are set from" +
			" exist? To test a mock, unset both, or run this command below connectmock exec --")
	}
	if name := serverOnlyFlag(flags); name != "" {
		return cli.Usage("%s is given, but no server: name it with --target or OP_CONNECT_HOST."+
			" Without both, a mock in this process is tested", name)
	}
	return nil
}

// ReportLeftLedger tells what a ledger is that a run left behind, and how to
// delete it.
func (s *ServerFlags) ReportLeftLedger(std *cli.Streams) {
	if _, err := os.Stat(s.Ledger); !s.Writes.IsForAnyServer() || err != nil {
		return
	}
	std.Say("%s lists items that are left over on the server: connectmock contract sweep --ledger %s"+
		" deletes them and the file; do not commit it to a repository", s.Ledger, environment.ShellQuote(s.Ledger))
}

// serverOnlyFlag returns the first given flag that only makes sense with a server,
// or the variable that set it. It is empty if there is none.
func serverOnlyFlag(flags *pflag.FlagSet) (name string) {
	flags.VisitAll(func(f *pflag.Flag) {
		aboutServer := cliflag.IsTokenFlag(f) && f.Name != "control-token" || // serve takes its token by the same variable
			slices.Contains([]string{"vault", "other-vault", "allow-writes", "control"}, f.Name)
		if !aboutServer || !f.Changed || name != "" {
			return
		}
		name = cmp.Or(cliflag.SetBy(f), "--"+f.Name)
	})
	return name
}
