package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

// argumentsOf are those that the use of a command names: "diff FROM [TO]" takes
// one or two.
func argumentsOf(use string) cobra.PositionalArgs {
	_, named, _ := strings.Cut(use, " ")
	most := len(strings.Fields(named))
	least := most - strings.Count(named, "[")
	return func(c *cobra.Command, args []string) error {
		if n := len(args); n < least || n > most {
			if named == "" {
				return noArgs(c, args)
			}
			return fmt.Errorf("%s takes %s; it got %s", c.CommandPath(), named, count(n, "argument"))
		}
		return nil
	}
}

// noArgs returns an error if there is an argument. That of cobra calls it an
// unknown command.
func noArgs(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return fmt.Errorf("%s takes no argument; it got %d", c.CommandPath(), len(args))
}

// firstArg is the first argument, "" without one.
func firstArg(args []string) string {
	if len(args) == 0 {
		return ""
	}
	return args[0]
}
