package mcp

import (
	"bytes"
	"context"
	"crypto/rand"
	"strings"
	"time"

	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/mockserver"
	"github.com/connectmock/connectmock/openapi/controlapi"
	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
)

const (
	contractRun    = "contract_run"
	againstVersion = "against-version"
)

// runContract runs the contract in a new account with the demo data, so that it finds the same whatever the data of the
// user is, and leaves it as it is.
func (s *Server) runContract(ctx context.Context, args []string) *sdk.CallToolResult {
	control := s.options.Control
	state, err := control.Overview(ctx)
	if err != nil {
		return textResult(err.Error(), true)
	}
	account, err := control.CreateAccount(ctx, controlapi.NewAccount{
		Name: "contract-" + strings.ToLower(rand.Text()[:8]),
	})
	if err != nil {
		return textResult(err.Error(), true)
	}
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
		defer cancel()
		_ = control.DeleteAccount(ctx, account.ID) // a mock that has ended has no account to delete
	}()
	demo, err := fixtures.DemoWithoutTokens().YAML()
	if err == nil {
		_, err = control.LoadFixture(ctx, account.ID, bytes.NewReader(demo), false)
	}
	if err != nil {
		return textResult(err.Error(), true)
	}
	return outputResult(s.options.Command(ctx, account.Token, withVersion(args, state.Version)))
}

// withVersion adds the version of the mock to a command line that names none, unless it is the newest.
func withVersion(args []string, version string) []string {
	for _, arg := range args {
		if strings.HasPrefix(arg, "--"+againstVersion+"=") {
			return args
		}
	}
	if version == mockserver.DefaultConnectVersion {
		return args
	}
	return append(args[:2:2], append([]string{"--" + againstVersion + "=" + version}, args[2:]...)...)
}
