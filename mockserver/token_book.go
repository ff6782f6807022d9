package mockserver

import (
	"context"
	"time"

	"github.com/connectmock/connectmock/mockserver/internal/backend"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// TokenBook is the tokens of a store file that a server may be serving at the same time. Call Close when it is no longer
// needed.
type TokenBook struct {
	tokens *backend.Tokens
	close  func() error
}

// OpenTokenBook opens the tokens of a store file. now is the clock for the times of tokens.
func OpenTokenBook(ctx context.Context, path string, now func() time.Time) (*TokenBook, error) {
	tokens, close, err := backend.OpenTokens(ctx, path, now)
	if err != nil {
		return nil, err
	}
	return &TokenBook{tokens, close}, nil
}

// Close closes the store.
func (b *TokenBook) Close() error { return b.close() }

// IssueToken issues a token as Server.IssueToken does.
func (b *TokenBook) IssueToken(ctx context.Context, t controlapi.Token) (controlapi.Token, error) {
	return b.tokens.IssueToken(ctx, t)
}

// AllTokens lists the tokens of every account as Server.AllTokens does.
func (b *TokenBook) AllTokens(ctx context.Context) ([]controlapi.Token, error) {
	return b.tokens.AllTokens(ctx)
}

// RevokeToken revokes a token as Server.RevokeToken does.
func (b *TokenBook) RevokeToken(ctx context.Context, account, nameOrID string) error {
	return b.tokens.RevokeToken(ctx, account, nameOrID)
}
