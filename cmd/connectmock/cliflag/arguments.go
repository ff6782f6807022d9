package cliflag

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/spf13/cobra"
)

// RunsCommand is the annotation of a command that runs another program: what
// follows its first argument belongs to that program.
const RunsCommand = "runs-a-command"

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
		if c.Annotations[RunsCommand] != "" {
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
		case named == "" && n == 1 && IsPort(args[0]) && c.Flags().Lookup("addr") != nil:
			return fmt.Errorf("%s takes no argument; listen on that port with --addr 127.0.0.1:%s", c.CommandPath(), args[0])
		case named == "":
			return fmt.Errorf("%s takes no argument; it got %d", c.CommandPath(), n)
		default:
			return fmt.Errorf("%s takes %s; it got %s", c.CommandPath(), named, cli.Count(n, "argument"))
		}
	}
}

// FirstArg returns the first argument, an empty text without one.
func FirstArg(args []string) string {
	if len(args) == 0 {
		return ""
	}
	return args[0]
}

// IsPort reports whether a text is the number of a port, 0 included.
func IsPort(text string) bool {
	_, err := strconv.ParseUint(text, 10, 16)
	return err == nil
}
