// Package cliflag has the values, environment variables and arguments that flags of several commands share, makes
// all of them refuse what is empty or invalid, and makes groups of commands. It does not know what a flag is for.
package cliflag

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/internal/nearest"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// Prepare gives every flag of c and the commands below it its variable,
// makes flags and arguments refuse invalid and empty values, and notes when a
// command starts to work.
func Prepare(c *cobra.Command, std *cli.Streams) {
	bindEnvironment(c.LocalFlags())
	refuseEmptyValues(c.LocalFlags())
	checkArguments(c)
	if work := c.RunE; work != nil {
		c.RunE = func(c *cobra.Command, args []string) error {
			std.Running = true
			return work(c, args)
		}
	}
	for _, sub := range c.Commands() {
		Prepare(sub, std)
	}
}

// Group makes c a command that only has other commands. To run it without one of
// them, or with an unknown one, is an error; cobra would print the help.
func Group(c *cobra.Command, subs ...*cobra.Command) *cobra.Command {
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

// NewPrint returns a command that prints a text.
func NewPrint(std *cli.Streams, use, short string, text func() []byte) *cobra.Command {
	return &cobra.Command{
		Use: use, Short: short,
		RunE: func(*cobra.Command, []string) error { return std.Print(string(text())) },
	}
}

// RewordError rewords pflag's errors: they contain the value, which may be a
// secret.
func RewordError(c *cobra.Command, err error) error {
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
