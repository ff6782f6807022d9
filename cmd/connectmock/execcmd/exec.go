// Package execcmd is the command exec: it runs a command with a server of its own, and audits what the command sent.
package execcmd

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/cmd/connectmock/cliflag"
	"github.com/connectmock/connectmock/cmd/connectmock/mock"
	"github.com/connectmock/connectmock/cmd/connectmock/subprocess"
	"github.com/connectmock/connectmock/mockserver"
	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/spf13/cobra"
)

// New returns the command exec.
func New(std *cli.Streams) *cobra.Command {
	var (
		s                  mock.Settings
		auditing           auditFlags
		accounts           int
		deprecatedAccounts int // --parallel-worlds, the former name of --parallel-accounts
	)
	c := &cobra.Command{
		Use:         "exec [flags] -- COMMAND [ARG...]",
		Short:       "Run a command with a server of its own",
		Annotations: map[string]string{cliflag.RunsCommand: "true"},
		Long: `Run a command with a server of its own, by default a new one in memory on a free
port. The command finds it through OP_CONNECT_HOST and OP_CONNECT_TOKEN, and
connectmock ctl finds its control; "connectmock contract run" runs every rule. exec passes signals on to the command and ends
with its exit code; on Linux the command gets SIGTERM when exec itself is killed.
Messages of exec go to standard error.

With --tls-self-signed, the command can trust the certificate besides what the
system trusts: SSL_CERT_FILE, NODE_EXTRA_CA_CERTS, REQUESTS_CA_BUNDLE,
CURL_CA_BUNDLE and DENO_CERT name a file that is removed afterwards. If the
environment has a proxy, NO_PROXY and no_proxy exempt the mock's address.

With --audit, exec reports what the command's requests show: retries that are
unsafe, missing or too soon, requests that were not needed, tokens in the wrong
place, and the narrowest token that would have done. The exit code stays that of
the command, because a finding may be inferred, and a test that passes should not
fail on a matter of style; --audit-fail SEVERITY makes it 1 where the command
succeeded. docs/audit.md describes the findings.

With --parallel-accounts N there are N accounts, each with all the data of the
store, and none sees the changes of another. OP_CONNECT_TOKEN_1 to
OP_CONNECT_TOKEN_N select them; OP_CONNECT_TOKEN is the first.`,
		Example: `  connectmock exec -- go test ./...
  connectmock exec --fixture fixture.yaml -- sh -c 'curl -H "Authorization: Bearer $OP_CONNECT_TOKEN" "$OP_CONNECT_HOST/v1/vaults"'
  connectmock exec -v -- npm test
  connectmock exec --audit-report markdown=audit.md --audit-fail error -- npm test
  connectmock exec --parallel-accounts 4 -- npx jest --maxWorkers 4`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return errors.New("exec needs a command, as in: connectmock exec -- npm test")
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			if c.Flags().Changed(deprecatedFlag) {
				std.Say("--%s is deprecated: use --parallel-accounts", deprecatedFlag)
				if !c.Flags().Changed("parallel-accounts") {
					accounts = deprecatedAccounts
				}
			}
			if accounts < 0 || accounts > maxParallelAccounts {
				return cli.Usage("--parallel-accounts is a number from 0 to %d", maxParallelAccounts)
			}
			if _, err := exec.LookPath(args[0]); err != nil {
				return subprocess.StartError(std, args[0], err)
			}
			if err := auditing.prepare(c, &s); err != nil {
				return err
			}
			std.IgnoreSlowReaders()
			m, err := s.Start(c.Context(), std, s.Log.Requests)
			if err != nil {
				return err
			}
			tokens, err := createAccounts(c.Context(), m.Server, accounts)
			if err != nil {
				return errors.Join(err, m.Close())
			}
			err = auditing.run(c.Context(), std, m, tokens, runCommand(std, m, args, tokens))
			m.CloseAfterRun() // the command's exit code is what counts
			return err
		},
	}
	s.Bind(c, "127.0.0.1:0", mockserver.MemoryStore, "127.0.0.1:0")
	auditing.bind(c)
	c.Flags().IntVar(&accounts, "parallel-accounts", 0, "`number` of accounts for parallel tests, each with a token")
	c.Flags().IntVar(&deprecatedAccounts, deprecatedFlag, 0, "`number`, the former name of --parallel-accounts")
	_ = c.Flags().MarkHidden(deprecatedFlag) // fails only for an unknown flag
	c.Flags().SetInterspersed(false)         // flags after the command belong to it
	return c
}

const (
	// maxParallelAccounts is how many tokens fit into the environment on every system.
	maxParallelAccounts = 500
	deprecatedFlag      = "parallel-worlds"
)

// createAccounts creates n accounts and returns their tokens.
func createAccounts(ctx context.Context, server *mockserver.Server, n int) (tokens []string, err error) {
	for i := range n {
		created, err := server.CreateAccount(ctx, controlapi.NewAccount{Name: fmt.Sprintf("parallel-%d", i+1)})
		if err != nil {
			return nil, err
		}
		tokens = append(tokens, created.Token)
	}
	return tokens, nil
}

// runCommand runs a command with the address and tokens of a mock in its
// environment, and returns its exit code as an error.
func runCommand(std *cli.Streams, m *mock.Mock, args, tokens []string) error {
	command, remove, err := subprocess.New(context.Background(), std, m, args, tokens)
	if err != nil {
		return err
	}
	defer remove()
	command.Stdin, command.Stdout, command.Stderr = std.In, std.Out, std.Stderr()

	// Before the start, so that no signal is lost.
	signals := make(chan os.Signal, 16)
	signal.Notify(signals, cli.StopSignals(syscall.SIGQUIT)...)
	defer signal.Stop(signals)
	defer subprocess.EndWithParent(command)()
	if err := command.Start(); err != nil {
		return subprocess.StartError(std, args[0], err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go subprocess.ForwardSignals(ctx, signals, command.Process, cli.IsTerminal(std.In))
	return subprocess.ExitCode(command.Wait())
}
