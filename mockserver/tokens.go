package mockserver

import (
	"context"
	"time"

	"github.com/connectmock/connectmock/mockserver/internal/backend"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// IssueToken issues a signed token and returns it with its Value. The error is a
// 400 for an empty name, a 404 for an unknown account or vault, and a 409 if the
// name is in use.
func (s *Server) IssueToken(ctx context.Context, t controlapi.Token) (controlapi.Token, error) {
	return s.backend.IssueToken(ctx, t)
}

// ListTokens returns the tokens of an account, signed ones with their Value.
func (s *Server) ListTokens(ctx context.Context, account string) ([]controlapi.Token, error) {
	return s.backend.Tokens.ListTokens(ctx, account)
}

// AllTokens returns the tokens of the accounts that the server started with,
// account by account.
func (s *Server) AllTokens(ctx context.Context) ([]controlapi.Token, error) {
	return s.backend.Tokens.AllTokens(ctx)
}

// ChangeToken changes the permissions and the expiry of a token. Its value stays
// valid. The token is given by its name or id, in an account or, for "", in the
// first account that has it.
func (s *Server) ChangeToken(
	ctx context.Context, account, nameOrID string, change controlapi.TokenChange,
) (controlapi.Token, error) {
	return s.backend.Tokens.ChangeToken(ctx, account, nameOrID, change)
}

// RevokeToken revokes a token, which is given as for ChangeToken.
func (s *Server) RevokeToken(ctx context.Context, account, nameOrID string) error {
	return s.backend.Tokens.RevokeToken(ctx, account, nameOrID)
}

// FirstToken returns the value of the first account's first signed token that is
// valid now and may read and write every vault. If there is none it issues one,
// which resets keep: "main", or "main 2" and so on if that name is taken.
func (s *Server) FirstToken(ctx context.Context) (value string, err error) {
	return s.backend.Tokens.FirstToken(ctx)
}

// HideTokens returns a text without the values of tokens: what looks like a JWT,
// and plain tokens of this server.
func (s *Server) HideTokens(text string) string { return s.backend.Mask.Text(text) }

// TokenBook is the tokens of a store file, which a server may be serving at the
// same time. Call Close when it is no longer needed.
type TokenBook struct {
	tokens *backend.Tokens
	close  func() error
}

// OpenTokenBook opens the tokens of a store file. now is the clock for the times
// of tokens.
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

// AllTokens returns the tokens that Server.AllTokens does.
func (b *TokenBook) AllTokens(ctx context.Context) ([]controlapi.Token, error) {
	return b.tokens.AllTokens(ctx)
}

// RevokeToken revokes a token as Server.RevokeToken does.
func (b *TokenBook) RevokeToken(ctx context.Context, account, nameOrID string) error {
	return b.tokens.RevokeToken(ctx, account, nameOrID)
}
