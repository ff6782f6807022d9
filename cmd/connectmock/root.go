package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/internal/nearest"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// run runs the program and returns its exit code.
func run(ctx context.Context, args []string, std *streams) int {
	root := newRoot(std)
	root.SetArgs(containerArgs(args))
	root.SetIn(std.in)
	root.SetOut(std.out)
	root.SetErr(std.err)
	defer std.flush()
	return std.reportError(root.ExecuteContext(ctx))
}

func newRoot(std *streams) *cobra.Command {
	root := &cobra.Command{
		Use:   "connectmock",
		Short: "A stand-in for the 1Password Connect server",
		Long: `connectmock behaves like a 1Password Connect server. It has a database of its own
that starts with a small set of demo data. It is not made by 1Password.`,
		Example: `  connectmock serve                           a server on http://127.0.0.1:8080
  connectmock exec -- go test ./...           your tests against a fresh server of their own
  connectmock token create ci --permission read
  connectmock fixtures demo > fixture.yaml    a fixture to start yours from
  connectmock contract run                    check that a server keeps the contract
  connectmock serve --fixture fixture.yaml --reset`,
		SilenceErrors: true,
		SilenceUsage:  true,
		RunE:          func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	root.Version = readBuild().version
	root.Flags().Bool("version", false, "print the version") // without cobra's -v
	root.SetFlagErrorFunc(flagError)
	root.AddCommand(
		newServe(std), newExec(std), newCtl(std), newToken(std), newFixtures(std), newSpec(std), newQuirks(std),
		newContract(std), newScenario(std), newGrade(std), newPing(std), newEnv(std), newInit(std), newMCP(std), newMan(std), newVersion(std),
	)
	root.PersistentPreRunE = func(c *cobra.Command, _ []string) error {
		if !strings.HasPrefix(c.Name(), cobra.ShellCompRequestCmd) {
			warnUnknownVariables(root, std)
		}
		return applyEnvironment(c.Flags(), std)
	}
	root.Args = checkRoot
	prepareCommand(root, std)
	return root
}

// otherNames are words that people type for a command.
var otherNames = map[string][]string{
	"serve": {"start", "run", "server", "up", "launch"}, "exec": {"test"}, "contract": {"check", "verify"},
}

// checkRoot returns an error for the name of a command that does not exist, with those that are probably meant.
func checkRoot(root *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var names, meant []string
	for _, c := range root.Commands() {
		if c.Hidden {
			continue
		}
		names = append(names, c.Name())
		if slices.Contains(otherNames[c.Name()], args[0]) {
			meant = append(meant, c.CommandPath())
		}
		for _, sub := range c.Commands() {
			if sub.Name() == args[0] || sub.Name()+"s" == args[0] {
				meant = append(meant, sub.CommandPath())
			}
		}
	}
	if len(meant) > 0 {
		return fmt.Errorf("unknown command %q; %s", args[0], nearest.DidYouMean(meant...))
	}
	return fmt.Errorf("unknown command %q%s", args[0], nearest.HintWithList(args[0], names))
}

// prepareCommand gives every flag of c and the commands below it its variable,
// makes flags and arguments refuse invalid and empty values, and notes when a
// command starts to work.
func prepareCommand(c *cobra.Command, std *streams) {
	bindEnvironment(c.LocalFlags())
	refuseEmptyValues(c.LocalFlags())
	checkArguments(c)
	if work := c.RunE; work != nil {
		c.RunE = func(c *cobra.Command, args []string) error {
			std.running = true
			return work(c, args)
		}
	}
	for _, sub := range c.Commands() {
		prepareCommand(sub, std)
	}
}

// group makes c a command that only has other commands. To run it without one of
// them, or with an unknown one, is an error; cobra would print the help.
func group(c *cobra.Command, subs ...*cobra.Command) *cobra.Command {
	c.AddCommand(subs...)
	var names []string
	for _, sub := range subs {
		names = append(names, sub.Name())
	}
	c.Args = func(c *cobra.Command, args []string) error {
		if len(args) == 0 {
			return fmt.Errorf("%s needs one of: %s", c.CommandPath(), strings.Join(names, ", "))
		}
		return fmt.Errorf("%s has no %q%s", c.CommandPath(), args[0], nearest.HintWithList(args[0], names))
	}
	c.RunE = func(*cobra.Command, []string) error { return nil } // not reached: Args refuses all
	return c
}

// printCommand returns a command that prints a text.
func printCommand(std *streams, use, short string, text func() []byte) *cobra.Command {
	return &cobra.Command{
		Use: use, Short: short,
		RunE: func(*cobra.Command, []string) error { return std.print(string(text())) },
	}
}

// flagError rewords pflag's errors: they contain the value, which may be a
// secret.
func flagError(c *cobra.Command, err error) error {
	if invalid := new(pflag.InvalidValueError); errors.As(err, &invalid) {
		return fmt.Errorf("--%s: %w", invalid.GetFlag().Name, flagErrorReason(err))
	}
	return fmt.Errorf("%w%s; see %s --help", err, flagHint(c, err), c.CommandPath())
}

// flagHint returns a hint for the error about an unknown flag, or an empty text.
func flagHint(c *cobra.Command, err error) string {
	unknown := new(pflag.NotExistError)
	if !errors.As(err, &unknown) {
		return ""
	}
	if letters := unknown.GetSpecifiedShortnames(); letters != "" {
		if letters[0] < '0' || '9' < letters[0] {
			return ""
		}
		return fmt.Sprintf("; an argument below 0 comes after --, as in: %s -- -%s", c.CommandPath(), letters)
	}
	var flags []string
	c.Flags().VisitAll(func(f *pflag.Flag) { flags = append(flags, f.Name) })
	near := nearest.Word(unknown.GetSpecifiedName(), flags)
	for _, usual := range usualNames[unknown.GetSpecifiedName()] {
		if slices.Contains(flags, usual) {
			near = usual
		}
	}
	if near == "" {
		return ""
	}
	return "; " + nearest.DidYouMean("--"+near)
}

// usualNames maps names that other servers give their flags to ours.
var usualNames = map[string][]string{
	"port": {"addr"}, "host": {"addr", "target"}, "listen": {"addr"}, "bind": {"addr"},
	"url": {"target"}, "server": {"target"}, "db": {"store"}, "database": {"store"}, "file": {"store"},
}
