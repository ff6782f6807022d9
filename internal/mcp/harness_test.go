package mcp

import (
	"context"
	"log/slog"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/connectmock/connectmock/mockserver/control"
	"github.com/connectmock/connectmock/openapi/controlapi"
	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
)

// assistant is a client of a server of the protocol.
type assistant struct {
	*sdk.ClientSession
	mock *connecttest.Server
	ran  [][]string // command lines
}

// start starts a mock, a server for it and a client of that. Output is what commands print.
func start(t *testing.T, reveal bool, output Output) *assistant {
	t.Helper()
	a := &assistant{mock: connecttest.NewServer(t)}
	handler, err := control.New(a.mock.Mock, "token-of-control", slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	listener := httptest.NewServer(handler)
	t.Cleanup(listener.Close)
	server, err := New(Options{
		Version: "v0", Host: a.mock.URL, RevealSecrets: reveal,
		Control: &controlapi.Client{URL: listener.URL, Token: "token-of-control"},
		Command: func(_ context.Context, token string, args []string) Output {
			if token != "" {
				args = append(slices.Clone(args), "with a token of its own")
			}
			a.ran = append(a.ran, args)
			return output
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	here, there := sdk.NewInMemoryTransports()
	session, err := server.Connect(t.Context(), here)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = session.Wait() })
	client := sdk.NewClient(&sdk.Implementation{Name: "test", Version: "v0"}, nil)
	if a.ClientSession, err = client.Connect(t.Context(), there, nil); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.ClientSession.Close() })
	return a
}

// call calls a tool and returns the text of its result.
func (a *assistant) call(t *testing.T, tool string, arguments map[string]any) (text string, isError bool) {
	t.Helper()
	result, err := a.CallTool(t.Context(), &sdk.CallToolParams{Name: tool, Arguments: arguments})
	if err != nil {
		t.Fatalf("%s: %v", tool, err)
	}
	for _, content := range result.Content {
		text += content.(*sdk.TextContent).Text
	}
	return text, result.IsError
}

// expect calls a tool that must succeed and return a text with these parts; one after "!" must not be there.
func (a *assistant) expect(t *testing.T, tool string, arguments map[string]any, parts ...string) string {
	t.Helper()
	text, isError := a.call(t, tool, arguments)
	checkText(t, tool, text, isError, false, parts)
	return text
}

// refuse calls a tool that must return an error with these parts.
func (a *assistant) refuse(t *testing.T, tool string, arguments map[string]any, parts ...string) {
	t.Helper()
	text, isError := a.call(t, tool, arguments)
	checkText(t, tool, text, isError, true, parts)
}

func checkText(t *testing.T, tool, text string, isError, wantError bool, parts []string) {
	t.Helper()
	if isError != wantError {
		t.Errorf("%s: the result is an error: %v\n%s", tool, isError, text)
	}
	for _, part := range parts {
		absent, without := strings.CutPrefix(part, "!")
		if !without && !strings.Contains(text, part) || without && strings.Contains(text, absent) {
			t.Errorf("%s returned, but %q was expected:\n%s", tool, part, text)
		}
	}
}
