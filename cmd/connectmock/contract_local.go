package main

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/connectmock/connectmock/contract"
	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/mockserver"
	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/spf13/cobra"
)

// standard is a mock in memory with the demo world. Variables of serve don't
// count for it. It must be closed.
func standard(ctx context.Context, sh *shell, control string) (*mock, error) {
	var s settings
	s.bind(&cobra.Command{}, "127.0.0.1:0", mockserver.MemoryStore, control) // for the defaults
	s.log.level = level{slog.LevelWarn}
	return s.start(ctx, sh, false)
}

// inProcess is a mock of this process's own, with all a target can have. It
// must be ended.
func inProcess(ctx context.Context, sh *shell) (_ contract.Target, end func() error, _ error) {
	m, err := standard(ctx, sh, controlOff)
	if err != nil {
		return contract.Target{}, nil, err
	}
	vaults := fixtures.Demo().Accounts[0].Vaults
	t := contract.Target{
		Name: "a mock in this process", URL: m.url, Token: m.token, Vault: vaults[0].ID, AllowWrites: true,
	}
	var refused [2]string
	for _, issue := range []struct {
		to   *string
		spec controlapi.Token
	}{
		{&t.ReaderToken, controlapi.Token{Name: "contract-reader", Permission: "read"}},
		{&t.WriterToken, controlapi.Token{Name: "contract-writer", Permission: "write"}},
		{&t.OtherToken, controlapi.Token{Name: "contract-other", Vaults: map[string]string{vaults[1].Name: "read-write"}}},
		{&refused[0], controlapi.Token{Name: "contract-expired", ExpiresAt: time.Now().Add(-time.Hour)}},
		{&refused[1], controlapi.Token{Name: "contract-revoked"}},
	} {
		made, err := m.server.IssueToken(ctx, issue.spec)
		if err != nil {
			return contract.Target{}, nil, errors.Join(err, m.close())
		}
		*issue.to = made.Value
	}
	t.RefusedTokens = refused[:]
	if err := m.server.WithdrawToken(ctx, "", "contract-revoked"); err != nil {
		return contract.Target{}, nil, errors.Join(err, m.close())
	}
	return t, m.close, nil
}
