package main

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/cmd/connectmock/cliflag"
	"github.com/connectmock/connectmock/internal/environment"
	"github.com/connectmock/connectmock/internal/nearest"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

func newEnv(std *cli.Streams) *cobra.Command {
	var (
		e      envFlags
		format string
	)
	c := &cobra.Command{
		Use:   "env",
		Short: "Print the variables by which clients find a running mock",
		Long: `Print the variables by which clients and connectmock ctl find a running mock:
OP_CONNECT_HOST, OP_CONNECT_TOKEN, CONNECTMOCK_CONTROL and
CONNECTMOCK_CONTROL_TOKEN. The last one allows everything.

In the directory of a mock's database, env finds the mock by itself, as ctl does.
That of a mock in memory is known by its --ready-file.
The variables themselves count before that if their mock responds, as below
connectmock exec. Flags for an address or a token override what was found.

The formats are sh, fish, powershell, dotenv (a .env file), json, docker (arguments
of docker run) and k8s (a Secret for envFrom). In the last two, this machine has the
name that Docker gives it in containers.

For a server with a certificate of its own, --trust-file writes a file of that and
the authorities that are trusted already, and the variables SSL_CERT_FILE,
NODE_EXTRA_CA_CERTS, REQUESTS_CA_BUNDLE, CURL_CA_BUNDLE and DENO_CERT name it.`,
		Example: `  eval "$(connectmock env)"
  connectmock env --format fish | source
  connectmock env --format powershell | Out-String | Invoke-Expression
  connectmock env --format dotenv > .env
  docker run $(connectmock env --format docker) IMAGE
  connectmock env --format k8s --host http://connectmock:8080 | kubectl apply -f -`,
		RunE: func(c *cobra.Command, _ []string) error {
			if known := environment.Formats(); !slices.Contains(known, format) {
				return cli.Usage("--format: there is no format %q%s", format, nearest.HintWithList(format, known))
			}
			return e.print(c, std, format)
		},
	}
	f := c.Flags()
	f.StringVar(&format, "format", "sh", "one of "+strings.Join(environment.Formats(), ", "))
	e.bindServer(f)
	f.StringVar(&e.trustFile, "trust-file", "", "`file` to write for TLS clients, PEM")
	_ = c.RegisterFlagCompletionFunc("format", // fails only for an unknown flag
		cobra.FixedCompletions(environment.Formats(), cobra.ShellCompDirectiveNoFileComp))
	return c
}

// envFlags are the flags of env: where the server is, and the file to write.
type envFlags struct {
	host, token, readyFile, trustFile string
	control                           controlFlags
}

// bindServer adds the flags for the server.
func (e *envFlags) bindServer(f *pflag.FlagSet) {
	f.StringVar(&e.host, "host", "", "`URL` of the server (default the one that was found)")
	cliflag.BindOnlyVariable(f, "host", "OP_CONNECT_HOST")
	f.StringVar(&e.token, "token", "", "bearer `token` (default the one that was found)"+cliflag.VisibleToken)
	cliflag.BindOnlyVariable(f, "token", "OP_CONNECT_TOKEN")
	e.control.bind(f)
	f.StringVar(&e.readyFile, "ready-file", "", "`file` that serve --ready-file wrote, to find a mock that has no --store")
}

// check checks the flags for the server.
func (e *envFlags) check(std *cli.Streams, flags *pflag.FlagSet) error {
	cliflag.WarnIfVisible(flags.Lookup("token"), std)
	cliflag.WarnIfVisible(flags.Lookup("control-token"), std)
	for _, name := range []string{"host", "control"} {
		if f := flags.Lookup(name); cliflag.OnCommandLine(f) && !isBaseURL(f.Value.String()) {
			return cli.Usage("--%s: a URL as http://127.0.0.1:8080 is needed", name) // not shown: it may hold a password
		}
	}
	return nil
}

// isNamed reports whether the command line names a server.
func (e *envFlags) isNamed(flags *pflag.FlagSet) bool {
	return slices.ContainsFunc([]string{"host", "control", "store", "ready-file"}, func(name string) bool {
		return cliflag.OnCommandLine(flags.Lookup(name))
	})
}

// print prints the variables of the server that it found.
func (e *envFlags) print(c *cobra.Command, std *cli.Streams, format string) error {
	flags := c.Flags()
	if err := e.check(std, flags); err != nil {
		return err
	}
	if e.trustFile != "" && environment.IsForContainers(format) {
		return cli.Usage("--trust-file is a file of this machine, which a container does not have: write it with another "+
			"--format, mount it, and set %s there", strings.Join(environment.TrustVariables(), ", "))
	}
	if err := cli.CheckPlace("--trust-file", e.trustFile); err != nil {
		return err
	}
	server, authority, err := e.find(c.Context(), flags)
	if err != nil {
		return cli.AsUsageError(err)
	}
	e.override(flags, &server)
	if environment.IsForContainers(format) {
		server = sayInContainer(std, server)
	}
	if server.TrustFile, err = e.writeTrustFile(std, authority); err != nil {
		return err
	}
	text, err := environment.Text(format, server.Variables())
	if err != nil {
		return err
	}
	return std.Print(text)
}

// find returns where a mock is, and the authority of its certificate, PEM, if that is
// its own and known. It looks in the variables and in the control file.
func (e *envFlags) find(ctx context.Context, flags *pflag.FlagSet) (environment.Server, string, error) {
	given := environment.Server{Host: e.host, Token: e.token, Control: e.control.url, ControlToken: e.control.token}
	onlyStore := cliflag.OnCommandLine(flags.Lookup("store"))
	if e.readyFile != "" && !onlyStore {
		server, err := e.readReadyFile(ctx)
		return server, "", err
	}
	if !onlyStore && given.Host != "" && given.Control != "" && isServing(ctx, given) {
		return given, "", nil
	}
	found, err := findServed(e.control.store)
	switch {
	case err == nil && found.Host == "":
		return given, "", fmt.Errorf("%s is from a mock of an earlier version: start that again, or name it by --host",
			controlPath(e.control.store))
	case err == nil:
		return environment.Server{
			Host: found.Host, Token: found.ClientToken, Control: found.URL, ControlToken: found.Token,
		}, found.Authority, nil
	case !errors.Is(err, fs.ErrNotExist):
		return given, "", err
	case !onlyStore && given.Host != "" && (cliflag.OnCommandLine(flags.Lookup("host")) || isServing(ctx, given)):
		return given, "", nil
	}
	return given, "", noMockError(fmt.Sprintf("found no mock here: there is no %s, and none responds at the address in "+
		"OP_CONNECT_HOST. Start one with connectmock serve --store %s, name its database by --store, or its address by --host",
		controlPath(e.control.store), environment.ShellQuote(e.control.store)))
}

// noMockError is the error if there is no mock. It is fs.ErrNotExist.
type noMockError string

func (e noMockError) Error() string { return string(e) }

func (noMockError) Is(target error) bool { return target == fs.ErrNotExist }

// readReadyFile returns the server of --ready-file.
func (e *envFlags) readReadyFile(ctx context.Context) (server environment.Server, err error) {
	var r ready
	text, err := os.ReadFile(e.readyFile)
	if err == nil {
		err = json.Unmarshal(text, &r)
	}
	if err != nil || r.URL == "" {
		return server, fmt.Errorf("--ready-file %s is not that of a mock that runs; "+
			"connectmock serve --ready-file %s writes it", e.readyFile, environment.ShellQuote(e.readyFile))
	}
	server = environment.Server{Host: r.URL, Token: r.Token, Control: r.Control, ControlToken: r.ControlToken}
	if !isServing(ctx, server) {
		return server, fmt.Errorf("no mock responds at the address in --ready-file %s: start it again", e.readyFile)
	}
	return server, nil
}

// override replaces the members of a server that are on the command line.
func (e *envFlags) override(flags *pflag.FlagSet, server *environment.Server) {
	for name, member := range map[string]*string{
		"host": &server.Host, "token": &server.Token, "control": &server.Control, "control-token": &server.ControlToken,
	} {
		if f := flags.Lookup(name); cliflag.OnCommandLine(f) {
			*member = f.Value.String()
		}
	}
}

// isServing reports whether a mock responds where variables say: its control, to its
// token, or if it has none, Connect.
func isServing(ctx context.Context, s environment.Server) bool {
	const limit = 5 * time.Second
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	if s.Control == "" || s.Control == controlOff {
		// Without a check of the certificate, of which nothing is known: the request holds no secret.
		transport := &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}
		defer transport.CloseIdleConnections()
		return requestHeartbeat(ctx, s.Host, limit, transport) == nil
	}
	client, err := newControlClient(s.Control, s.ControlToken)
	if err != nil {
		return false
	}
	_, err = client.Overview(ctx)
	return err == nil
}

// sayInContainer returns the server as containers see it, and says what that takes.
func sayInContainer(std *cli.Streams, server environment.Server) environment.Server {
	inside := server.InContainer()
	if inside.Host != server.Host {
		std.Say("a container reaches a mock on this machine if it was started with --addr 0.0.0.0, and its control with " +
			"--control 0.0.0.0:8081, --control-host host.docker.internal and a --control-token")
	}
	return inside
}

// writeTrustFile writes the file that TLS clients trust and returns its absolute
// name, which is empty without the flag.
func (e *envFlags) writeTrustFile(std *cli.Streams, authority string) (string, error) {
	switch {
	case e.trustFile == "" && authority != "":
		std.Say("the server has a certificate of its own: --trust-file FILE writes what clients need to trust it")
		return "", nil
	case e.trustFile == "":
		return "", nil
	case authority == "":
		return "", cli.Usage("--trust-file: no certificate was found that the mock made itself;" +
			" it has one if it was started with --tls-self-signed, and env finds it by the control file of --store")
	}
	name, err := filepath.Abs(e.trustFile)
	if err != nil {
		return "", cli.Usage("--trust-file: %w", err)
	}
	if err := os.WriteFile(name, append(trustedAuthorities(std, name), authority...), 0o644); err != nil {
		return "", cli.Usage("--trust-file: %w", err)
	}
	return name, nil
}
