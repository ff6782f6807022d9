package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/connectmock/connectmock/internal/nearest"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// run is the whole program: it ends with the code it answers.
func run(ctx context.Context, args []string, sh *shell) int {
	root := newRoot(sh)
	root.SetArgs(containerArgs(args))
	root.SetIn(sh.in)
	root.SetOut(sh.out)
	root.SetErr(sh.err)
	defer sh.flush()
	return sh.end(root.ExecuteContext(ctx))
}

func newRoot(sh *shell) *cobra.Command {
	root := &cobra.Command{
		Use:   "connectmock",
		Short: "A stand-in for the 1Password Connect server",
		Long: `connectmock answers as a 1Password Connect server does, from a database of its
own that starts with a small demo world. It is not made by 1Password.`,
		Example: `  connectmock serve                           a server on http://127.0.0.1:8080
  connectmock exec -- go test ./...           your tests against a fresh server of their own
  connectmock token create ci --permission read
  connectmock fixtures demo > world.yaml      a world to start yours from
  connectmock contract run                    does the server keep the contract?
  connectmock serve --fixture world.yaml --reset`,
		SilenceErrors: true,
		SilenceUsage:  true,
		RunE:          func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	root.Version = readBuild().version
	root.Flags().Bool("version", false, "print the version") // without cobra's -v
	root.SetFlagErrorFunc(flagError)
	root.AddCommand(
		newServe(sh), newExec(sh), newCtl(sh), newToken(sh), newFixtures(sh), newSpec(sh), newQuirks(sh),
		newContract(sh), newScenario(sh), newPing(sh), newVersion(sh),
	)
	root.PersistentPreRunE = func(c *cobra.Command, _ []string) error {
		if !strings.HasPrefix(c.Name(), cobra.ShellCompRequestCmd) {
			warnUnknownVariables(root, sh)
		}
		return applyEnvironment(c.Flags(), sh)
	}
	prepare(root, sh)
	return root
}

// prepare gives every flag its variable, makes flags and arguments refuse empty
// values, and marks the moment a command starts to work.
func prepare(c *cobra.Command, sh *shell) {
	bindEnvironment(c.LocalFlags())
	refuseEmptyValues(c.LocalFlags())
	refuseEmptyArguments(c)
	if work := c.RunE; work != nil {
		c.RunE = func(c *cobra.Command, args []string) error {
			sh.running = true
			return work(c, args)
		}
	}
	for _, sub := range c.Commands() {
		prepare(sub, sh)
	}
}

// group is a command that only holds others. Without one of them, or with one
// it does not have, it is a mistake, where cobra would print help and be content.
func group(c *cobra.Command, subs ...*cobra.Command) *cobra.Command {
	c.AddCommand(subs...)
	c.Args = func(c *cobra.Command, args []string) error {
		if len(args) == 0 {
			return fmt.Errorf("%s needs one of: %s", c.CommandPath(), strings.Join(names(subs), ", "))
		}
		return fmt.Errorf("%s has no %q%s", c.CommandPath(), args[0], nearest.HintWithList(args[0], names(subs)))
	}
	c.RunE = func(*cobra.Command, []string) error { return nil } // not reached: Args refuses all
	return c
}

// one is a command that takes one argument.
func one(what string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) != 1 {
			return fmt.Errorf("%s takes %s; it got %s", c.CommandPath(), what, count(len(args), "argument"))
		}
		return nil
	}
}

func names(commands []*cobra.Command) (list []string) {
	for _, c := range commands {
		list = append(list, c.Name())
	}
	return list
}

// flagError rewords pflag's errors: they hold the value, which may be a secret.
func flagError(c *cobra.Command, err error) error {
	if invalid := new(pflag.InvalidValueError); errors.As(err, &invalid) {
		return fmt.Errorf("--%s: %w", invalid.GetFlag().Name, reason(err))
	}
	return fmt.Errorf("%w%s; see %s --help", err, meantFlag(c, err), c.CommandPath())
}

// meantFlag returns what to add to the error about a flag there is not.
func meantFlag(c *cobra.Command, err error) string {
	unknown := new(pflag.NotExistError)
	if !errors.As(err, &unknown) || unknown.GetSpecifiedShortnames() != "" {
		return ""
	}
	var flags []string
	c.Flags().VisitAll(func(f *pflag.Flag) { flags = append(flags, f.Name) })
	if near := nearest.Word(unknown.GetSpecifiedName(), flags); near != "" {
		return "; did you mean --" + near + "?"
	}
	return ""
}
