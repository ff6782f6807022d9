package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/cmd/connectmock/buildinfo"
	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/cmd/connectmock/cliflag"
	"github.com/connectmock/connectmock/cmd/connectmock/contractcmd"
	"github.com/connectmock/connectmock/cmd/connectmock/ctlcmd"
	"github.com/connectmock/connectmock/cmd/connectmock/envcmd"
	"github.com/connectmock/connectmock/cmd/connectmock/execcmd"
	"github.com/connectmock/connectmock/cmd/connectmock/gradecmd"
	"github.com/connectmock/connectmock/cmd/connectmock/inputcmd"
	"github.com/connectmock/connectmock/cmd/connectmock/mcpcmd"
	"github.com/connectmock/connectmock/cmd/connectmock/scenariocmd"
	"github.com/connectmock/connectmock/cmd/connectmock/servecmd"
	"github.com/connectmock/connectmock/cmd/connectmock/tokencmd"
	"github.com/connectmock/connectmock/internal/nearest"
	"github.com/spf13/cobra"
)

// run runs the program and returns its exit code.
func run(ctx context.Context, args []string, std *cli.Streams) int {
	root := newRoot(std)
	refuseUnknownTopics(root)
	root.SetArgs(containerArgs(args))
	root.SetIn(std.In)
	root.SetOut(std.Out)
	root.SetErr(std.Err)
	defer std.Flush()
	return std.ReportError(root.ExecuteContext(ctx))
}

func newRoot(std *cli.Streams) *cobra.Command {
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
	root.Version = buildinfo.Read().Version
	root.Flags().Bool("version", false, "print the version") // without cobra's -v
	root.SetFlagErrorFunc(cliflag.RewordError)
	root.AddCommand(
		servecmd.New(std), execcmd.New(std), ctlcmd.New(std), tokencmd.New(std),
		inputcmd.NewFixtures(std), inputcmd.NewSpec(std), inputcmd.NewQuirks(std), inputcmd.NewInit(std),
		contractcmd.New(std), scenariocmd.New(std), gradecmd.New(std),
		envcmd.NewPing(std), envcmd.NewEnv(std), mcpcmd.New(std, run),
		newMan(std), newVersion(std),
	)
	root.PersistentPreRunE = func(c *cobra.Command, _ []string) error {
		if !strings.HasPrefix(c.Name(), cobra.ShellCompRequestCmd) {
			cliflag.WarnUnknownVariables(root, std)
		}
		return cliflag.ApplyEnvironment(c.Flags(), std)
	}
	root.Args = checkRoot
	cliflag.Prepare(root, std)
	return root
}

// refuseUnknownTopics makes the command help return the error that its arguments are as a
// command line. Cobra would show the help of the nearest command above and succeed.
func refuseUnknownTopics(root *cobra.Command) {
	root.InitDefaultHelpCmd()
	for _, c := range root.Commands() {
		if c.Name() != "help" {
			continue
		}
		show := c.Run
		c.Run, c.RunE = nil, func(c *cobra.Command, args []string) error {
			found, rest, _ := root.Find(args)
			if len(rest) > 0 {
				if err := found.ValidateArgs(rest); err != nil {
					return err
				}
			}
			show(c, args)
			return nil
		}
	}
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
