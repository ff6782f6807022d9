// Package mcp offers a mock to coding assistants: a server of the Model Context Protocol with tools that control the
// mock, explain refused requests, and run scenarios and the contract, and with the documents that describe it.
//
// Most tools are generated from the document of the control API. The others run a command of the program. Neither shows
// a token or a concealed value, unless Options.RevealSecrets is set.
package mcp

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/connectmock/connectmock/openapi/controlapi"
	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
)

// Options describe a server. Version, Host, Control and Command are required.
type Options struct {
	Version       string             // of connectmock
	Host          string             // URL of the mock for clients
	Control       *controlapi.Client // of the mock
	RevealSecrets bool               // show tokens and concealed values
	Command       Command
}

// Command runs a command of the program against the mock, as its command line does. An empty token stands for the one
// that clients have.
type Command func(ctx context.Context, token string, args []string) Output

// Output is what a command printed, and its exit code.
type Output struct {
	Text, Messages string // of standard output and standard error
	Code           int
}

// Server is a server of the protocol.
type Server struct {
	options Options
	server  *sdk.Server
	suites  sync.Mutex // one run of a suite at a time
}

// New returns a server.
func New(o Options) (*Server, error) {
	s := &Server{options: o}
	s.server = sdk.NewServer(&sdk.Implementation{
		Name: "connectmock", Title: "connectmock, a stand-in for 1Password Connect", Version: o.Version,
	}, &sdk.ServerOptions{
		Instructions: s.instructions(),
		Capabilities: &sdk.ServerCapabilities{}, // without logging; tools and resources are added
	})
	if err := s.addControlTools(); err != nil {
		return nil, err
	}
	s.addCommandTools()
	return s, s.addResources()
}

// instructions returns what an assistant should know before it uses the tools.
func (s *Server) instructions() string {
	text := fmt.Sprintf(
		"connectmock stands in for a 1Password Connect server. This mock is at %s. Test programs against "+
			"it, and do not mock their SDK: run their tests with `connectmock exec -- COMMAND`, or with the variables that "+
			"`connectmock env` prints. When a request is refused, mock_journal lists it and mock_explain says why. "+
			"mock_presets lists failures of real servers, mock_add_fault causes them. "+
			"An account is an isolated set of data that a token selects.", s.options.Host)
	if !s.options.RevealSecrets {
		text += " Tokens and concealed values are masked in all results; the user can start `connectmock mcp` with " +
			"--reveal-secrets."
	}
	return text
}

// Run serves a client that writes to in and reads from out, until in or ctx ends.
func (s *Server) Run(ctx context.Context, in io.Reader, out io.Writer) error {
	err := s.server.Run(ctx, &sdk.IOTransport{Reader: io.NopCloser(in), Writer: nopCloser{out}})
	if errors.Is(err, io.EOF) || ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		return nil
	}
	return err
}

// Connect serves a client of a transport.
func (s *Server) Connect(ctx context.Context, t sdk.Transport) (*sdk.ServerSession, error) {
	return s.server.Connect(ctx, t, nil)
}

// nopCloser is a writer that others close.
type nopCloser struct{ io.Writer }

func (nopCloser) Close() error { return nil }

// textResult returns the result of a tool.
func textResult(text string, isError bool) *sdk.CallToolResult {
	return &sdk.CallToolResult{Content: []sdk.Content{&sdk.TextContent{Text: text}}, IsError: isError}
}
