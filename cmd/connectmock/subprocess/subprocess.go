// Package subprocess runs the command of a user with a mock in its environment: the variables by which clients find the
// mock, trust its certificate and go past a proxy.
package subprocess

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/cmd/connectmock/cliflag"
	"github.com/connectmock/connectmock/cmd/connectmock/locate"
	"github.com/connectmock/connectmock/cmd/connectmock/mock"
	"github.com/connectmock/connectmock/internal/environment"
)

// Exit codes for a command that can't be started, as in shells.
const (
	exitNotExecutable = 126
	exitNotFound      = 127
)

// New returns a command with the address and tokens of a mock in its
// environment. The end of ctx kills it. The caller must call remove when it has ended.
func New(
	ctx context.Context, std *cli.Streams, m *mock.Mock, args, tokens []string,
) (_ *exec.Cmd, remove func(), err error) {
	server := m.Address()
	if server.TrustFile, remove, err = writeTrustFile(std, m.Authority); err != nil {
		return nil, nil, err
	}
	command := exec.CommandContext(ctx, args[0], args[1:]...)
	replaced := []string{"OP_CONNECT_HOST", "OP_CONNECT_TOKEN", "CONNECTMOCK_CONTROL", "CONNECTMOCK_CONTROL_TOKEN"}
	if server.Control != "" {
		replaced = append(replaced, "CONNECTMOCK_ALLOW_WRITES")
	}
	command.Env = slices.Concat(
		withoutVariables(std.Environ, replaced...), environ(server, tokens), withoutProxy(std, server.Host, server.Control))
	return command, remove, nil
}

// environ returns the variables by which a command finds a mock. Tokens are those
// of the parallel accounts; without them it is the token of the mock.
func environ(server environment.Server, tokens []string) []string {
	var vars []string
	for i, accountToken := range tokens {
		vars = append(vars, fmt.Sprintf("OP_CONNECT_TOKEN_%d=%s", i+1, accountToken))
		server.Token = tokens[0]
	}
	if server.Control == "" {
		server.Control = locate.ControlOff // otherwise ctl would find the mock of its folder
	} else {
		// A suite that the command starts may write, but to no other server than this one.
		vars = append(vars, "CONNECTMOCK_ALLOW_WRITES="+cliflag.MockOnly)
	}
	for _, v := range server.Variables() {
		vars = append(vars, v.String())
	}
	return vars
}

// StartError says why a command can't be started, and returns the exit code of shells for that.
func StartError(std *cli.Streams, name string, err error) error {
	if errors.Is(err, exec.ErrNotFound) || errors.Is(err, fs.ErrNotExist) {
		std.Say("%s: command not found", name)
		return cli.ExitCode(exitNotFound)
	}
	std.Say("%s can't be run: %v", name, err)
	return cli.ExitCode(exitNotExecutable)
}

// ExitCode returns the exit code of a command that ended, or 128 plus the
// signal that killed it, as shells do.
func ExitCode(err error) error {
	var ended *exec.ExitError
	if !errors.As(err, &ended) {
		return err
	}
	if status, ok := ended.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return cli.ExitCode(128 + int(status.Signal()))
	}
	return cli.ExitCode(ended.ExitCode())
}

// withoutVariables returns environ without the named variables, and without the
// tokens of an enclosing exec --parallel-accounts.
func withoutVariables(environ []string, names ...string) (rest []string) {
	for _, entry := range environ {
		name, _, _ := strings.Cut(entry, "=")
		if !slices.Contains(names, name) && !strings.HasPrefix(name, "OP_CONNECT_TOKEN_") {
			rest = append(rest, entry)
		}
	}
	return rest
}

// ForwardSignals passes signals to a process until ctx ends. It skips those of a
// terminal's keys, which the process receives from the terminal.
func ForwardSignals(ctx context.Context, signals <-chan os.Signal, to *os.Process, atTerminal bool) {
	for {
		select {
		case <-ctx.Done():
			return
		case s := <-signals:
			if atTerminal && (s == os.Interrupt || s == syscall.SIGQUIT) {
				continue
			}
			_ = to.Signal(s) // it may have ended
		}
	}
}
