// Package envcmd has the commands env and ping, which find a server that runs: env prints its variables, ping checks
// that it responds.
package envcmd

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/cmd/connectmock/locate"
	"github.com/connectmock/connectmock/cmd/connectmock/subprocess"
	"github.com/connectmock/connectmock/internal/environment"
	"github.com/connectmock/connectmock/internal/nearest"
	"github.com/spf13/cobra"
)

// NewEnv returns the command env.
func NewEnv(std *cli.Streams) *cobra.Command {
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

For a server with a certificate of its own, --trust-file writes a file with that and
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
	e.ServerFlags.Bind(f)
	f.StringVar(&e.trustFile, "trust-file", "", "`file` to write for TLS clients, PEM")
	_ = c.RegisterFlagCompletionFunc("format", // fails only for an unknown flag
		cobra.FixedCompletions(environment.Formats(), cobra.ShellCompDirectiveNoFileComp))
	return c
}

// envFlags are the flags of env: where the server is, and the file to write.
type envFlags struct {
	locate.ServerFlags
	trustFile string
}

// print prints the variables of the server that it found.
func (e *envFlags) print(c *cobra.Command, std *cli.Streams, format string) error {
	flags := c.Flags()
	if err := e.Check(std, flags); err != nil {
		return err
	}
	if e.trustFile != "" && environment.IsForContainers(format) {
		return cli.Usage("--trust-file is a file of this machine, which a container does not have: write it with another "+
			"--format, mount it, and set %s there", strings.Join(environment.TrustVariables(), ", "))
	}
	if err := cli.CheckPlace("--trust-file", e.trustFile); err != nil {
		return err
	}
	server, authority, err := e.Find(c.Context(), flags)
	if err != nil {
		return cli.AsUsageError(err)
	}
	e.Override(flags, &server)
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
	if err := os.WriteFile(name, append(subprocess.TrustedAuthorities(std, name), authority...), 0o644); err != nil {
		return "", cli.Usage("--trust-file: %w", err)
	}
	return name, nil
}
