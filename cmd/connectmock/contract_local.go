package main

import (
	"context"
	"log/slog"

	"github.com/connectmock/connectmock/contract"
	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/mockserver"
	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/spf13/cobra"
)

// startInMemory is a mock in memory with the demo world. Variables of serve don't
// count for it. It must be closed.
func startInMemory(ctx context.Context, std *streams, control string) (*mock, error) {
	var s settings
	s.bind(&cobra.Command{}, "127.0.0.1:0", mockserver.MemoryStore, control) // for the defaults
	s.log.level = level{slog.LevelWarn}
	return s.start(ctx, std, false)
}

// startLocalTarget is a mock of this process's own, with all a target can have: its
// control makes the tokens. It must be ended.
func startLocalTarget(ctx context.Context, std *streams) (_ contract.Target, end func() error, _ error) {
	m, err := startInMemory(ctx, std, "127.0.0.1:0")
	if err != nil {
		return contract.Target{}, nil, err
	}
	return contract.Target{
		Name: "a mock in this process", URL: m.url, Token: m.token, AllowWrites: true,
		Vault:   fixtures.Demo().Accounts[0].Vaults[0].ID,
		Control: &controlapi.Client{URL: m.control.url(), Token: m.control.token},
	}, m.close, nil
}
