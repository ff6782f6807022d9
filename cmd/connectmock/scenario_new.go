package main

import (
	_ "embed"
	"errors"
	"fmt"
	"os"

	"github.com/connectmock/connectmock/internal/environment"
	"github.com/spf13/cobra"
)

//go:embed scenario.yaml
var newScenarioText string

func newScenarioNew(std *streams) *cobra.Command {
	return &cobra.Command{
		Use:   "new FILE",
		Short: "Write an example scenario to start from",
		Long: `Write an example scenario to start from. It runs unchanged, and its comments
explain the format. An existing file is not overwritten. "-" is standard output.`,
		RunE: func(_ *cobra.Command, args []string) error {
			if args[0] == "-" {
				return std.print(newScenarioText)
			}
			if err := createFile(args[0], newScenarioText); err != nil {
				return err
			}
			return std.print(fmt.Sprintf("wrote %s; run it with connectmock scenario run %s\n",
				args[0], environment.ShellQuote(args[0])))
		},
	}
}

// createFile writes a new file. A file that exists is an error.
func createFile(name, text string) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	switch {
	case errors.Is(err, os.ErrExist):
		return usage("%s exists already and was not overwritten", name)
	case err != nil:
		return usageError{err}
	}
	if _, err = f.WriteString(text); err != nil {
		return errors.Join(err, f.Close())
	}
	return f.Close()
}
