package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

// containerWord is the first argument, which the ENTRYPOINT of the image gives.
const containerWord = "container"

// containerArgs returns the arguments of a container: only flags, or nothing, are
// for serve. Without containerWord it returns args.
func containerArgs(args []string) []string {
	if len(args) == 0 || args[0] != containerWord {
		return args
	}
	args = args[1:]
	if len(args) > 0 && args[0] == "connectmock" { // as on a command line elsewhere
		args = args[1:]
	}
	switch {
	case len(args) == 0:
		return []string{"serve"}
	case args[0] == "-h" || args[0] == "--help" || args[0] == "--version":
		return args
	case strings.HasPrefix(args[0], "-"):
		return append([]string{"serve"}, args...)
	}
	return args
}

// runsCommandKey is the annotation of a command that runs another program: what
// follows its first argument belongs to that program.
const runsCommandKey = "runs-a-command"

// checkArguments makes a command refuse empty arguments, and more or fewer than
// its use names unless it has a check of its own. The root has no arguments:
// cobra takes them for the names of commands.
func checkArguments(c *cobra.Command) {
	if !c.HasParent() {
		return
	}
	check := c.Args
	if check == nil {
		check = argumentsOf(c.Use)
	}
	c.Args = func(c *cobra.Command, args []string) error {
		own := args
		if c.Annotations[runsCommandKey] != "" {
			own = args[:min(len(args), 1)]
		}
		for i, text := range own {
			if strings.TrimSpace(text) == "" {
				return fmt.Errorf("argument %d of %s is empty; is a variable not set?", i+1, c.CommandPath())
			}
		}
		return check(c, args)
	}
}

// argumentsOf accepts the arguments that the use of a command names: one or two
// for "diff FROM [TO]", one or more for "delete NAME...".
func argumentsOf(use string) cobra.PositionalArgs {
	_, named, _ := strings.Cut(use, " ")
	most := len(strings.Fields(named))
	least := most - strings.Count(named, "[")
	unlimited := strings.HasSuffix(strings.TrimSuffix(named, "]"), "...")
	return func(c *cobra.Command, args []string) error {
		switch n := len(args); {
		case n >= least && (n <= most || unlimited):
			return nil
		case named == "" && n == 1 && isPort(args[0]) && c.Flags().Lookup("addr") != nil:
			return fmt.Errorf("%s takes no argument; listen on that port with --addr 127.0.0.1:%s", c.CommandPath(), args[0])
		case named == "":
			return fmt.Errorf("%s takes no argument; it got %d", c.CommandPath(), n)
		default:
			return fmt.Errorf("%s takes %s; it got %s", c.CommandPath(), named, count(n, "argument"))
		}
	}
}

// firstArg returns the first argument, an empty text without one.
func firstArg(args []string) string {
	if len(args) == 0 {
		return ""
	}
	return args[0]
}
