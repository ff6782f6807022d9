package store

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/connectmock/connectmock/mockserver/internal/auth"
)

// tokenRow is auth.Token as it is kept. The conversion between the two stops
// compiling when a member is added there, so that it is named here too.
type tokenRow struct {
	ID        string                     `json:"id"`
	Account   string                     `json:"account"`
	Name      string                     `json:"name,omitempty"`
	Server    string                     `json:"server,omitempty"`
	Vaults    map[string]auth.Permission `json:"vaults,omitempty"`
	All       auth.Permission            `json:"all,omitempty"`
	IssuedAt  time.Time                  `json:"issuedAt,omitzero"`
	NotBefore time.Time                  `json:"notBefore,omitzero"`
	ExpiresAt time.Time                  `json:"expiresAt,omitzero"`
	RevokedAt time.Time                  `json:"revokedAt,omitzero"`
	Hash      string                     `json:"hash,omitempty"`
	Wording   *auth.Wording              `json:"wording,omitempty"`
}

// PutToken adds a token or replaces the one of that id. Two tokens cannot have
// the same hash.
func (tx *Tx) PutToken(t auth.Token) error {
	document, err := json.Marshal(tokenRow(t))
	if err != nil {
		return err
	}
	_, err = tx.exec(`INSERT INTO tokens (id, account, hash, document) VALUES ($1, $2, $3, $4)
		ON CONFLICT (id) DO UPDATE SET account = excluded.account, hash = excluded.hash, document = excluded.document`,
		t.ID, t.Account, t.Hash, document)
	return err
}

// Token is the token of that id, of whichever account.
func (tx *Tx) Token(id string) (auth.Token, error) {
	var document []byte
	if err := tx.session.get(`SELECT document FROM tokens WHERE id = $1`, []any{id}, &document); err != nil {
		return auth.Token{}, fmt.Errorf("token: %w", err)
	}
	return decodeToken(document)
}

// TokenByHash is the plain token whose value has that hash (auth.HashPlain).
func (tx *Tx) TokenByHash(hash string) (auth.Token, error) {
	if hash == "" {
		return auth.Token{}, fmt.Errorf("token: %w", ErrNotFound) // signed tokens have none
	}
	var document []byte
	if err := tx.session.get(`SELECT document FROM tokens WHERE hash = $1 AND hash <> ''`, []any{hash}, &document); err != nil {
		return auth.Token{}, fmt.Errorf("token: %w", err)
	}
	return decodeToken(document)
}

// Tokens are the account's tokens in the order they were added.
func (tx *Tx) Tokens(account string) ([]auth.Token, error) {
	var all []auth.Token
	err := tx.session.each(`SELECT document FROM tokens WHERE account = $1 ORDER BY seq`, []any{account},
		func(scan func(...any) error) error {
			var document []byte
			if err := scan(&document); err != nil {
				return err
			}
			t, err := decodeToken(document)
			all = append(all, t)
			return err
		})
	return all, err
}

func decodeToken(document []byte) (auth.Token, error) {
	var row tokenRow
	if err := json.Unmarshal(document, &row); err != nil {
		return auth.Token{}, fmt.Errorf("token: the document in the store is damaged: %w", err)
	}
	return auth.Token(row), nil
}
