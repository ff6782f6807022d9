package locate

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"slices"
	"time"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/cmd/connectmock/cliflag"
	"github.com/connectmock/connectmock/internal/environment"
	"github.com/spf13/pflag"
)

// ServerFlags say where a mock is that runs.
type ServerFlags struct {
	host, token, readyFile string
	control                ControlFlags
}

// Bind adds the flags.
func (s *ServerFlags) Bind(f *pflag.FlagSet) {
	f.StringVar(&s.host, "host", "", "`URL` of the server (default the one that was found)")
	cliflag.BindOnlyVariable(f, "host", "OP_CONNECT_HOST")
	f.StringVar(&s.token, "token", "", "bearer `token` (default the one that was found)"+cliflag.VisibleToken)
	cliflag.BindOnlyVariable(f, "token", "OP_CONNECT_TOKEN")
	s.control.Bind(f)
	f.StringVar(&s.readyFile, "ready-file", "", "`file` that serve --ready-file wrote, to find a mock that has no --store")
}

// Check checks the flags for the server.
func (s *ServerFlags) Check(std *cli.Streams, flags *pflag.FlagSet) error {
	cliflag.WarnIfVisible(flags.Lookup("token"), std)
	cliflag.WarnIfVisible(flags.Lookup("control-token"), std)
	for _, name := range []string{"host", "control"} {
		if f := flags.Lookup(name); cliflag.OnCommandLine(f) && !IsBaseURL(f.Value.String()) {
			return cli.Usage("--%s: a URL as http://127.0.0.1:8080 is needed", name) // not shown: it may hold a password
		}
	}
	return nil
}

// IsNamed reports whether the command line names a server.
func (s *ServerFlags) IsNamed(flags *pflag.FlagSet) bool {
	return slices.ContainsFunc([]string{"host", "control", "store", "ready-file"}, func(name string) bool {
		return cliflag.OnCommandLine(flags.Lookup(name))
	})
}

// Find returns where a mock is, and the authority of its certificate, PEM, if that is
// its own and known. It looks in the variables and in the control file.
func (s *ServerFlags) Find(ctx context.Context, flags *pflag.FlagSet) (environment.Server, string, error) {
	given := environment.Server{Host: s.host, Token: s.token, Control: s.control.url, ControlToken: s.control.token}
	onlyStore := cliflag.OnCommandLine(flags.Lookup("store"))
	if s.readyFile != "" && !onlyStore {
		server, err := s.readReadyFile(ctx)
		return server, "", err
	}
	if !onlyStore && given.Host != "" && given.Control != "" && isServing(ctx, given) {
		return given, "", nil
	}
	found, err := findServed(s.control.store)
	switch {
	case err == nil && found.Host == "":
		return given, "", fmt.Errorf("%s is from a mock of an earlier version: start that again, or name it by --host",
			ControlPath(s.control.store))
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
		ControlPath(s.control.store), environment.ShellQuote(s.control.store)))
}

// noMockError is the error if there is no mock. It is fs.ErrNotExist.
type noMockError string

// readReadyFile returns the server of --ready-file.
func (s *ServerFlags) readReadyFile(ctx context.Context) (server environment.Server, err error) {
	r, err := ReadReady(s.readyFile)
	if err != nil || r.URL == "" {
		return server, fmt.Errorf("--ready-file %s is not that of a mock that runs; "+
			"connectmock serve --ready-file %s writes it", s.readyFile, environment.ShellQuote(s.readyFile))
	}
	server = environment.Server{Host: r.URL, Token: r.Token, Control: r.Control, ControlToken: r.ControlToken}
	if !isServing(ctx, server) {
		return server, fmt.Errorf("no mock responds at the address in --ready-file %s: start it again", s.readyFile)
	}
	return server, nil
}

// Override replaces the members of a server that are on the command line.
func (s *ServerFlags) Override(flags *pflag.FlagSet, server *environment.Server) {
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
	if s.Control == "" || s.Control == ControlOff {
		// Without a check of the certificate, of which nothing is known: the request holds no secret.
		transport := &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}
		defer transport.CloseIdleConnections()
		return RequestHeartbeat(ctx, s.Host, limit, transport) == nil
	}
	client, err := NewControlClient(s.Control, s.ControlToken)
	if err != nil {
		return false
	}
	_, err = client.Overview(ctx)
	return err == nil
}

func (e noMockError) Error() string { return string(e) }

func (noMockError) Is(target error) bool { return target == fs.ErrNotExist }
