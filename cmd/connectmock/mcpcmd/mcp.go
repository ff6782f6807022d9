// Package mcpcmd is the command mcp: it offers a mock to coding assistants as tools.
package mcpcmd

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os/signal"
	"strings"

	"github.com/connectmock/connectmock/cmd/connectmock/buildinfo"
	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/cmd/connectmock/cliflag"
	"github.com/connectmock/connectmock/cmd/connectmock/locate"
	"github.com/connectmock/connectmock/cmd/connectmock/mock"
	"github.com/connectmock/connectmock/internal/environment"
	"github.com/connectmock/connectmock/internal/mcp"
	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// Run runs the program and returns its exit code.
type Run func(ctx context.Context, args []string, std *cli.Streams) int

// New returns the command mcp, whose tools start other commands by run.
func New(std *cli.Streams, run Run) *cobra.Command {
	var (
		e      locate.ServerFlags
		reveal bool
	)
	c := &cobra.Command{
		Use:   "mcp",
		Short: "Offer a mock to coding assistants as tools (Model Context Protocol)",
		Long: `Offer a mock to coding assistants as tools, by the Model Context Protocol over
standard input and output. The assistant's program starts this command; it ends with
its input. The tools control accounts, faults, the clock, tokens and snapshots, read
the journal and explain refused requests, and run scenarios and the contract.

The mock is the one that connectmock env finds: that of the variables, or of the
folder. Without one, mcp starts a mock of its own in memory, with the demo data.
"connectmock exec" gives it one with other data.

Tokens and concealed values are masked, unless --reveal-secrets is given. Of the
disk, tools read scenarios below the working directory, and write nothing.`,
		Example: `  connectmock mcp
  connectmock exec --fixture fixture.yaml -- connectmock mcp`,
		RunE: func(c *cobra.Command, _ []string) error {
			ctx, stop := signal.NotifyContext(c.Context(), cli.StopSignals()...)
			defer stop()
			server, end, err := mockForTools(ctx, std, &e, c.Flags())
			if err != nil {
				return err
			}
			return errors.Join(serveTools(ctx, std, run, server, reveal), end())
		},
	}
	e.Bind(c.Flags())
	c.Flags().BoolVar(&reveal, "reveal-secrets", false, "show the assistant tokens and concealed values")
	return c
}

// mockForTools returns where the mock is that tools use, and a function that ends it if
// it was started for them.
func mockForTools(
	ctx context.Context, std *cli.Streams, e *locate.ServerFlags, flags *pflag.FlagSet,
) (server environment.Server, end func() error, err error) {
	if err := e.Check(std, flags); err != nil {
		return server, nil, err
	}
	server, _, err = e.Find(ctx, flags)
	e.Override(flags, &server)
	end = func() error { return nil }
	switch {
	case err == nil && (server.Control == "" || server.Control == locate.ControlOff):
		return server, nil, cli.Usage("the mock at %s was found without its control: start it with one, or name that by "+
			"CONNECTMOCK_CONTROL and CONNECTMOCK_CONTROL_TOKEN", server.Host)
	case err == nil:
		_, err = locate.NewControlClient(server.Control, server.ControlToken)
		return server, end, cli.AsUsageError(err)
	case !errors.Is(err, fs.ErrNotExist) || e.IsNamed(flags):
		return server, nil, cli.AsUsageError(err)
	}
	m, err := mock.StartInMemory(ctx, std)
	if err != nil {
		return server, nil, err
	}
	return m.Address(), m.Close, nil
}

// serveTools serves an assistant until its input ends.
func serveTools(
	ctx context.Context, std *cli.Streams, run Run, server environment.Server, reveal bool,
) error {
	s, err := mcp.New(mcp.Options{
		Version: buildinfo.Read().Version, Host: server.Host, RevealSecrets: reveal,
		Control: &controlapi.Client{URL: strings.TrimSuffix(server.Control, "/"), Token: server.ControlToken},
		Command: commandOn(server, run),
	})
	if err != nil {
		return err
	}
	err = s.Run(ctx, std.In, std.Out)
	if syntax := new(json.SyntaxError); errors.As(err, &syntax) {
		return fmt.Errorf("standard input is not of the Model Context Protocol: a coding assistant starts this command: %w", err)
	}
	return err
}

// commandOn returns a function that runs commands in this process, with a mock in their
// environment and nothing else.
func commandOn(server environment.Server, run Run) mcp.Command {
	return func(ctx context.Context, token string, args []string) mcp.Output {
		here := server
		if token != "" {
			here.Token = token
		}
		environ := []string{"CONNECTMOCK_ALLOW_WRITES=" + cliflag.MockOnly}
		for _, v := range here.Variables() {
			environ = append(environ, v.String())
		}
		var out, messages bytes.Buffer
		code := run(ctx, args, &cli.Streams{
			In: strings.NewReader(""), Out: &out, Err: &messages, Environ: environ, NoSignals: true,
		})
		return mcp.Output{Text: out.String(), Messages: messages.String(), Code: code}
	}
}
