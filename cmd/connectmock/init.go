package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/cmd/connectmock/cliflag"
	"github.com/connectmock/connectmock/internal/environment"
	"github.com/connectmock/connectmock/internal/starters"
	"github.com/spf13/cobra"
)

func newInit(std *cli.Streams) *cobra.Command {
	force := false
	c := &cobra.Command{
		Use:   "init [KIND] [FILE]",
		Short: "Write a fixture, a compose file or a CI job to start from",
		Long: `Write a file to start from, and say what to do with it. Without KIND, list the
kinds. An existing file is not overwritten without --force. "-" as FILE is standard
output, as in: connectmock init agents - >> AGENTS.md`,
		Example: `  connectmock init fixture tests/fixture.yaml
  connectmock init compose
  connectmock init github
  connectmock init agents`,
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveDefault
			}
			return starterNames(), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return std.Print(starterTable())
			}
			starter, err := starters.Find(args[0])
			if err != nil {
				return cli.AsUsageError(err)
			}
			return writeStarter(std, starter, cliflag.FirstArg(args[1:]), force)
		},
	}
	c.Flags().BoolVar(&force, "force", false, "overwrite an existing file")
	cliflag.UnbindVariable(c.Flags(), "force")
	return c
}

// starterNames returns the kinds with what they are, for completion.
func starterNames() (names []string) {
	for _, s := range starters.All() {
		names = append(names, s.Name+"\t"+s.About)
	}
	return names
}

func starterTable() string {
	return cli.TableOf("KIND\tFILE\tABOUT", starters.All(), func(s starters.Starter) []any {
		return []any{s.Name, s.File, s.About}
	})
}

// writeStarter writes a file to start from. Without a name it gets its usual one.
func writeStarter(std *cli.Streams, s starters.Starter, name string, force bool) error {
	text, err := s.Text()
	if err != nil {
		return err
	}
	switch name {
	case "-":
		return std.Print(text)
	case "":
		name = s.File
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			return cli.AsUsageError(err)
		}
	}
	if err := cli.CheckPlace("FILE", name); err != nil {
		return err
	}
	if err := createFile(name, text, force); errors.Is(err, os.ErrExist) {
		return cli.Usage("%w; name another file, print the text with connectmock init %s -, or replace it with "+
			"connectmock init %s %s --force", err, s.Name, s.Name, environment.ShellQuote(name))
	} else if err != nil {
		return err
	}
	return std.Print(fmt.Sprintf("wrote %s; %s\n", name, s.Next(name)))
}

// createFile writes a new file. A file that exists is os.ErrExist, unless it may be
// replaced.
func createFile(name, text string, replace bool) error {
	mode := os.O_EXCL
	if replace {
		mode = os.O_TRUNC
	}
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|mode, 0o666)
	switch {
	case errors.Is(err, os.ErrExist):
		return cli.AsUsageError(existsError(name))
	case err != nil:
		return cli.AsUsageError(err)
	}
	if _, err = f.WriteString(text); err != nil {
		return errors.Join(err, f.Close())
	}
	return f.Close()
}

// existsError is the error about a file that exists already. It is os.ErrExist.
type existsError string

func (e existsError) Error() string { return string(e) + " exists already and was not overwritten" }

func (existsError) Is(target error) bool { return target == os.ErrExist }
