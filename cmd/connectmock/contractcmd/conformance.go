package contractcmd

import (
	"io"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/cmd/connectmock/buildinfo"
	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/cmd/connectmock/cliflag"
	"github.com/connectmock/connectmock/contract"
	"github.com/connectmock/connectmock/internal/conformance"
	"github.com/connectmock/connectmock/internal/environment"
	"github.com/connectmock/connectmock/internal/report"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// conformanceWriters returns the formats that only a run of the contract has.
func (s *suiteFlags) conformanceWriters(c *cobra.Command) map[string]func(io.Writer, *report.Run) error {
	return map[string]func(io.Writer, *report.Run) error{
		"conformance": func(w io.Writer, run *report.Run) error { return s.conformance(c, run).JSON(w) },
		"in-toto": func(w io.Writer, run *report.Run) error {
			subject, err := s.inTotoSubject()
			if err != nil {
				return err
			}
			return s.conformance(c, run).Statement(w, subject)
		},
	}
}

// inTotoSubject returns the subject of an in-toto statement, the zero value without
// the flag.
func (s *suiteFlags) inTotoSubject() (conformance.Subject, error) {
	if s.subject == "" {
		return conformance.Subject{}, nil
	}
	subject, err := conformance.ParseSubject(s.subject)
	if err != nil {
		return subject, cli.Usage("--in-toto-subject: %w", err)
	}
	return subject, nil
}

// conformance returns the conformance report of a run.
func (s *suiteFlags) conformance(c *cobra.Command, run *report.Run) *conformance.Report {
	command, variables := s.reproduce(c)
	return contract.Conformance(run, contract.ConformanceOptions{
		Tool: buildinfo.Read().Version, AgainstVersion: s.againstVersion, Command: command, Environment: variables,
	})
}

// reproduce returns the command that runs the same rules in the same way again, and
// the names of the variables it needs. Neither has the value of a token, nor that of
// an address, which may have a password.
func (s *suiteFlags) reproduce(c *cobra.Command) (command string, needed []string) {
	words := []string{"connectmock", "contract", "run"}
	add := func(name, value string) { words = append(words, "--"+name, environment.ShellQuote(value)) }
	plain := []string{
		"against-version", "baseline", "coverage-gate", "deviations", "other-vault", "require", "seed", "vault",
	}
	c.Flags().VisitAll(func(f *pflag.Flag) {
		switch {
		case !f.Changed:
		case f.Name == "target":
			needed = append(needed, "OP_CONNECT_HOST")
		case cliflag.IsTokenFlag(f) || f.Name == "control":
			needed = append(needed, cliflag.Variables(f)[0])
		case f.Name == "rule":
			add(f.Name, strings.Join(s.rules.List, ","))
		case f.Name == "level":
			add(f.Name, strings.Join(s.levels.List, ","))
		case f.Name == "allow-writes" && s.Writes.Allowed:
			words = append(words, "--allow-writes"+strings.TrimSuffix("="+s.Writes.String(), "=true"))
		case slices.Contains(plain, f.Name):
			add(f.Name, f.Value.String())
		}
	})
	return strings.Join(words, " "), needed
}
