// Package servecmd is the command serve: it serves as a Connect server until it is stopped.
package servecmd

import (
	"context"
	"errors"
	"io/fs"
	"os/signal"
	"runtime/debug"
	"time"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/cmd/connectmock/mock"
	"github.com/spf13/cobra"
)

// New returns the command serve.
func New(std *cli.Streams) *cobra.Command {
	var (
		s       mock.Settings
		asJSON  bool
		timeout time.Duration
	)
	c := &cobra.Command{
		Use:   "serve",
		Short: "Serve as a Connect server until stopped",
		Long: `Serve as a Connect server until stopped.

An empty store is filled with the demo data, or with the fixture you name. A store
with data is kept as it is, unless --reset is given. Each flag can be set by the
variable beside it; flags override variables. SIGTERM, SIGHUP and Ctrl-C let
requests under way finish, a second one stops at once.

connectmock ctl and tests script the mock through its control, which has its own
address and token. The console, for browsers, is at the same address: the link
that is printed opens it once.`,
		Example: `  connectmock serve
  connectmock serve --fixture fixture.yaml --reset
  connectmock serve --store memory: --token ci=any-word-you-like
  connectmock serve --addr 127.0.0.1:0 --ready-file ready.json &
  connectmock serve --addr 0.0.0.0 --tls-self-signed --tls-cert-out mock.pem`,
		RunE: func(c *cobra.Command, _ []string) error {
			if timeout < 0 {
				return cli.Usage("--drain can't be below 0; 0s cuts requests off at once")
			}
			std.IgnoreSlowReaders()
			ctx, stop := signal.NotifyContext(c.Context(), cli.StopSignals()...)
			defer stop()
			context.AfterFunc(ctx, func() {
				cli.DiscardHangups() // a terminal that closes sends more than one
				stop()               // after that any other signal ends the process
			})
			logRequests := s.Log.Requests
			if !c.Flags().Changed("log-requests") {
				logRequests = cli.IsTerminal(std.Err)
			}
			m, err := s.Start(ctx, std, logRequests)
			if err != nil {
				return err
			}
			// Without the cancellation: a program that waits for the ready file may stop the
			// server before this line is written.
			if err := m.PrintReady(context.WithoutCancel(ctx), asJSON); errors.As(err, new(*fs.PathError)) {
				std.Say("nobody reads standard output; the server goes on: %v", err)
			} else if err != nil {
				return errors.Join(err, m.Close())
			}
			m.OpenConsole()
			time.AfterFunc(time.Second, debug.FreeOSMemory) // a start takes far more than serving does
			return m.Serve(ctx, timeout)
		},
	}
	s.Bind(c, "127.0.0.1", "connectmock.db", "127.0.0.1:"+mock.ControlPort)
	s.Console.Bind(c)
	c.Flags().Lookup("log-requests").Usage += " (default on a terminal)"
	c.Flags().BoolVar(&asJSON, "json", false, "write one ready line of JSON to standard output, and nothing else")
	c.Flags().DurationVar(&timeout, "drain", 10*time.Second, "how long requests under way may take after a stop signal")
	return c
}
