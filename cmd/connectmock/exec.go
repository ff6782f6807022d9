package main

import (
	"context"
	"errors"

	"io/fs"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"github.com/connectmock/connectmock/mockserver"
	"github.com/spf13/cobra"
)

// What shells answer for a command that can't be started.
const (
	exitNotExecutable = 126
	exitNotFound      = 127
)

func newExec(sh *shell) *cobra.Command {
	var s settings
	c := &cobra.Command{
		Use:   "exec [flags] -- COMMAND [ARG...]",
		Short: "Run a command with a server of its own",
		Long: `Run a command with a server of its own: a fresh one in memory on a free port,
unless you say otherwise. The command finds it through OP_CONNECT_HOST and
OP_CONNECT_TOKEN. exec ends with the exit code of the command, and passes
signals on to it; what exec itself has to say goes to standard error.`,
		Example: `  connectmock exec -- go test ./...
  connectmock exec --fixture world.yaml -- sh -c 'curl -H "Authorization: Bearer $OP_CONNECT_TOKEN" "$OP_CONNECT_HOST/v1/vaults"'
  connectmock exec -v -- npm test`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return errors.New("exec needs a command, as in: connectmock exec -- npm test")
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			m, err := s.start(c.Context(), sh, s.log.requests)
			if err != nil {
				return err
			}
			err = m.runWith(args)
			if closed := m.close(); closed != nil {
				sh.say("%v", closed) // the command's exit code is what counts
			}
			return err
		},
	}
	s.bind(c, "127.0.0.1:0", mockserver.MemoryStore)
	c.Flags().SetInterspersed(false) // flags after the command are the command's
	return c
}

// runWith runs a command that is told where the mock is, and answers its exit
// code.
func (m *mock) runWith(args []string) error {
	command := exec.Command(args[0], args[1:]...)
	command.Stdin, command.Stdout, command.Stderr = m.sh.in, m.sh.out, m.sh.err
	command.Env = append(without(m.sh.environ, "OP_CONNECT_HOST", "OP_CONNECT_TOKEN"),
		"OP_CONNECT_HOST="+m.url, "OP_CONNECT_TOKEN="+m.token)

	// From before the start, so that no signal is lost between.
	signals := make(chan os.Signal, 16)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT)
	defer signal.Stop(signals)
	if err := command.Start(); err != nil {
		return m.notStarted(args[0], err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go forward(ctx, signals, command.Process, terminal(m.sh.in))
	return outcome(command.Wait())
}

// forward passes signals on. Those of a terminal's keys already went to
// everybody in front of it.
func forward(ctx context.Context, signals <-chan os.Signal, to *os.Process, atTerminal bool) {
	for {
		select {
		case <-ctx.Done():
			return
		case s := <-signals:
			if atTerminal && (s == os.Interrupt || s == syscall.SIGQUIT) {
				continue
			}
			_ = to.Signal(s) // it may just have ended
		}
	}
}

func (m *mock) notStarted(name string, err error) error {
	if errors.Is(err, exec.ErrNotFound) || errors.Is(err, fs.ErrNotExist) {
		m.sh.say("%s: command not found", name)
		return exitCode(exitNotFound)
	}
	m.sh.say("%s can't be run: %v", name, err)
	return exitCode(exitNotExecutable)
}

// outcome is the exit code of a command that ended, 128 and the signal for one
// that was killed, as shells have it.
func outcome(err error) error {
	var ended *exec.ExitError
	if !errors.As(err, &ended) {
		return err
	}
	if status, ok := ended.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return exitCode(128 + int(status.Signal()))
	}
	return exitCode(ended.ExitCode())
}

// without leaves variables out of an environment.
func without(environ []string, names ...string) (rest []string) {
	for _, entry := range environ {
		name, _, _ := strings.Cut(entry, "=")
		if !slices.Contains(names, name) {
			rest = append(rest, entry)
		}
	}
	return rest
}
