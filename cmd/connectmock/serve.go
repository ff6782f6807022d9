package main

import (
	"context"
	"errors"
	"io/fs"
	"os/signal"
	"runtime/debug"
	"time"

	"github.com/spf13/cobra"
)

func newServe(sh *shell) *cobra.Command {
	var (
		s        settings
		asJSON   bool
		patience time.Duration
	)
	c := &cobra.Command{
		Use:   "serve",
		Short: "Answer as a Connect server until stopped",
		Long: `Answer as a Connect server until stopped.

An empty store is filled with the demo world, or with the one you name; a store
that holds something is kept as it is, unless --reset. Each flag can be set by
the variable beside it; flags count before variables. SIGTERM, SIGHUP and
Ctrl-C let requests under way finish, a second one stops at once.

Its control is how connectmock ctl and tests script it. It has an address and a
token of its own, and refuses browsers.`,
		Example: `  connectmock serve
  connectmock serve --fixture world.yaml --reset
  connectmock serve --store memory: --token ci=any-word-you-like
  connectmock serve --addr 127.0.0.1:0 --ready-file ready.json &
  connectmock serve --addr 0.0.0.0 --tls-self-signed --tls-cert-out mock.pem`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if patience < 0 {
				return usage("--drain can't be below 0; 0s cuts requests off at once")
			}
			sh.keepGoing()
			ctx, stop := signal.NotifyContext(c.Context(), stopSignals()...)
			defer stop()
			context.AfterFunc(ctx, func() {
				swallowHangups() // a terminal that closes sends more than one
				stop()           // any other second signal finds nobody and ends the process
			})
			logRequests := s.log.requests
			if !c.Flags().Changed("log-requests") {
				logRequests = terminal(sh.err)
			}
			m, err := s.start(ctx, sh, logRequests)
			if err != nil {
				return err
			}
			// Whoever waits for the ready file may stop the server before it has spoken.
			if err := m.announce(context.WithoutCancel(ctx), asJSON); errors.As(err, new(*fs.PathError)) {
				sh.say("nobody reads standard output; the server goes on: %v", err)
			} else if err != nil {
				return errors.Join(err, m.close())
			}
			go debug.FreeOSMemory() // a start takes far more than serving does
			return m.serve(ctx, patience)
		},
	}
	s.bind(c, "127.0.0.1", "connectmock.db", "127.0.0.1:"+controlPort)
	c.Flags().Lookup("log-requests").Usage += " (default on a terminal)"
	c.Flags().BoolVar(&asJSON, "json", false, "write one ready line of JSON to standard output, and nothing else")
	c.Flags().DurationVar(&patience, "drain", 10*time.Second, "how long requests under way may take when stopped")
	return c
}

// announce tells on standard output that requests are answered, to a program or
// to people.
func (m *mock) announce(ctx context.Context, asJSON bool) error {
	if asJSON {
		line, err := m.ready(ctx)
		if err != nil {
			return err
		}
		return m.sh.print(string(line))
	}
	text, err := m.banner(ctx)
	if err != nil {
		return err
	}
	return m.sh.print(text)
}

// warnKept says that a world was named and not loaded, because the store held
// something.
func (m *mock) warnKept(ctx context.Context) error {
	if m.settings.worldName() == demoWorld {
		return nil
	}
	held, err := m.server.Overview(ctx)
	if err == nil && !held.Seeded {
		m.sh.say("%s was kept as it was; %s was not loaded, --reset starts again from it", m.settings.store, m.settings.worldName())
	}
	return err
}
