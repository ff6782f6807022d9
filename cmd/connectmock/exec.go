package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"github.com/connectmock/connectmock/mockserver"
	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/spf13/cobra"
)

// What shells answer for a command that can't be started.
const (
	exitNotExecutable = 126
	exitNotFound      = 127
)

func newExec(sh *shell) *cobra.Command {
	var (
		s      settings
		worlds int
	)
	c := &cobra.Command{
		Use:         "exec [flags] -- COMMAND [ARG...]",
		Short:       "Run a command with a server of its own",
		Annotations: map[string]string{runsKey: "true"},
		Long: `Run a command with a server of its own: a fresh one in memory on a free port,
unless you say otherwise. The command finds it through OP_CONNECT_HOST and
OP_CONNECT_TOKEN, and connectmock ctl its control. exec ends with the exit code
of the command, and passes signals on to it; on Linux the command gets SIGTERM
when exec itself is killed. What exec has to say goes to standard error.

With --tls-self-signed the command is told to trust the certificate, beside what
the system trusts: SSL_CERT_FILE, NODE_EXTRA_CA_CERTS, REQUESTS_CA_BUNDLE,
CURL_CA_BUNDLE and DENO_CERT name a file that is removed afterwards. Where the
environment has a proxy, NO_PROXY and no_proxy keep the mock's address from it.

With --parallel-worlds N there are N worlds, each with all that is in the store,
and none sees what is done in another. OP_CONNECT_TOKEN_1 to OP_CONNECT_TOKEN_N
choose them; OP_CONNECT_TOKEN is the first.`,
		Example: `  connectmock exec -- go test ./...
  connectmock exec --fixture world.yaml -- sh -c 'curl -H "Authorization: Bearer $OP_CONNECT_TOKEN" "$OP_CONNECT_HOST/v1/vaults"'
  connectmock exec -v -- npm test
  connectmock exec --parallel-worlds 4 -- npx jest --maxWorkers 4`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return errors.New("exec needs a command, as in: connectmock exec -- npm test")
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			if worlds < 0 || worlds > maxWorlds {
				return usage("--parallel-worlds is a number from 0 to %d", maxWorlds)
			}
			if _, err := exec.LookPath(args[0]); err != nil {
				return notStarted(sh, args[0], err)
			}
			sh.keepGoing()
			m, err := s.start(c.Context(), sh, s.log.requests)
			if err != nil {
				return err
			}
			tokens, err := m.worlds(c.Context(), worlds)
			if err != nil {
				return errors.Join(err, m.close())
			}
			err = m.runWith(args, tokens)
			if closed := m.close(); closed != nil {
				sh.say("%v", closed) // the command's exit code is what counts
			}
			return err
		},
	}
	s.bind(c, "127.0.0.1:0", mockserver.MemoryStore, "127.0.0.1:0")
	c.Flags().IntVar(&worlds, "parallel-worlds", 0, "`number` of worlds for tests that run at once, each with a token")
	c.Flags().SetInterspersed(false) // flags after the command are the command's
	return c
}

// maxWorlds is as many as have their tokens in an environment everywhere.
const maxWorlds = 500

// worlds makes worlds and answers their tokens.
func (m *mock) worlds(ctx context.Context, n int) (tokens []string, err error) {
	for i := range n {
		made, err := m.server.CreateAccount(ctx, controlapi.NewAccount{Name: fmt.Sprintf("parallel-%d", i+1)})
		if err != nil {
			return nil, err
		}
		tokens = append(tokens, made.Token)
	}
	return tokens, nil
}

// runWith runs a command that is told where the mock is, and answers its exit
// code.
func (m *mock) runWith(args, worlds []string) error {
	trust, forget, err := m.trust()
	if err != nil {
		return err
	}
	defer forget()
	command := exec.Command(args[0], args[1:]...)
	command.Stdin, command.Stdout, command.Stderr = m.sh.in, m.sh.out, m.sh.stderr()
	command.Env = append(without(m.sh.environ, "OP_CONNECT_HOST", "OP_CONNECT_TOKEN", "CONNECTMOCK_CONTROL", "CONNECTMOCK_CONTROL_TOKEN"),
		slices.Concat(m.environ(worlds), trust, m.withoutProxy())...)

	// From before the start, so that no signal is lost between.
	signals := make(chan os.Signal, 16)
	signal.Notify(signals, stopSignals(syscall.SIGQUIT)...)
	defer signal.Stop(signals)
	defer endWithParent(command)()
	if err := command.Start(); err != nil {
		return notStarted(m.sh, args[0], err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go forward(ctx, signals, command.Process, terminal(m.sh.in))
	return outcome(command.Wait())
}

// environ is how a command finds the mock.
func (m *mock) environ(worlds []string) []string {
	token := m.token
	var vars []string
	for i, world := range worlds {
		vars = append(vars, fmt.Sprintf("OP_CONNECT_TOKEN_%d=%s", i+1, world))
		token = worlds[0]
	}
	vars = append(vars, "OP_CONNECT_HOST="+m.url, "OP_CONNECT_TOKEN="+token)
	if m.control != nil {
		return append(vars, "CONNECTMOCK_CONTROL="+m.control.url(), "CONNECTMOCK_CONTROL_TOKEN="+m.control.token)
	}
	return append(vars, "CONNECTMOCK_CONTROL="+controlOff) // or ctl would find the mock of the folder it is run in
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

func notStarted(sh *shell, name string, err error) error {
	if errors.Is(err, exec.ErrNotFound) || errors.Is(err, fs.ErrNotExist) {
		sh.say("%s: command not found", name)
		return exitCode(exitNotFound)
	}
	sh.say("%s can't be run: %v", name, err)
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

// without leaves variables out of an environment, and the tokens of worlds of an
// exec around this one.
func without(environ []string, names ...string) (rest []string) {
	for _, entry := range environ {
		name, _, _ := strings.Cut(entry, "=")
		if !slices.Contains(names, name) && !strings.HasPrefix(name, "OP_CONNECT_TOKEN_") {
			rest = append(rest, entry)
		}
	}
	return rest
}
