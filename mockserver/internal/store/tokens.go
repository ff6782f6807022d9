package store

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/connectmock/connectmock/mockserver/internal/auth"
	"github.com/connectmock/connectmock/openapi/connect"
)

// tokenRow is the stored form of auth.Token. The conversion between the two does
// not compile if a member is missing here.
type tokenRow struct {
	ID           string                        `json:"id"`
	Account      string                        `json:"account"`
	Name         string                        `json:"name,omitempty"`
	Server       string                        `json:"server,omitempty"`
	Vaults       map[string]connect.Permission `json:"vaults,omitempty"`
	All          connect.Permission            `json:"all,omitempty"`
	IssuedAt     time.Time                     `json:"issuedAt,omitzero"`
	NotBefore    time.Time                     `json:"notBefore,omitzero"`
	ExpiresAt    time.Time                     `json:"expiresAt,omitzero"`
	RevokedAt    time.Time                     `json:"revokedAt,omitzero"`
	Hash         string                        `json:"hash,omitempty"`
	FrozenClaims *auth.FrozenClaims            `json:"wording,omitempty"`
}

// PutToken adds a token or replaces the one with that id. Two tokens cannot have
// the same hash.
func (tx *Tx) PutToken(t auth.Token) error {
	l, err := tx.writableLayer(t.Account)
	if err == nil && l.isSnapshot {
		err = fmt.Errorf("account %s: %w", t.Account, errSnapshot)
	}
	if err != nil {
		return err
	}
	document, err := json.Marshal(tokenRow(t))
	if err != nil {
		return err
	}
	_, err = tx.exec(`INSERT INTO tokens (id, account, hash, document) VALUES ($1, $2, $3, $4)
		ON CONFLICT (id) DO UPDATE SET account = excluded.account, hash = excluded.hash, document = excluded.document`,
		t.ID, t.Account, t.Hash, document)
	return err
}

// PutSeedToken is like PutToken, and adds the token to those that the account has
// again when its baseline is restored.
func (tx *Tx) PutSeedToken(t auth.Token) error {
	if err := tx.PutToken(t); err != nil {
		return err
	}
	return tx.putKeptToken(t.Account, t)
}

// PutSnapshotToken adds a token to a snapshot that this transaction adds. The
// token is not valid until the snapshot is restored to t.Account.
func (tx *Tx) PutSnapshotToken(snapshot string, t auth.Token) error {
	l, err := tx.writableLayer(snapshot)
	if err == nil && !l.isSnapshot {
		err = fmt.Errorf("snapshot %s: %w", snapshot, ErrNotFound)
	}
	if err != nil {
		return err
	}
	return tx.putKeptToken(snapshot, t)
}

// putKeptToken stores a token under an account or snapshot, to be restored later.
func (tx *Tx) putKeptToken(account string, t auth.Token) error {
	document, err := json.Marshal(tokenRow(t))
	if err != nil {
		return err
	}
	_, err = tx.exec(`INSERT INTO kept_tokens (account, seq, id, hash, document)
		VALUES ($1, (SELECT coalesce(max(seq), 0) + 1 FROM kept_tokens WHERE account = $1), $2, $3, $4)
		ON CONFLICT (account, id) DO UPDATE SET hash = excluded.hash, document = excluded.document`,
		account, t.ID, t.Hash, document)
	return err
}

// copyTokens copies all tokens of an account to a snapshot.
func (tx *Tx) copyTokens(account, snapshot string) error {
	_, err := tx.exec(`INSERT INTO kept_tokens (account, seq, id, hash, document)
		SELECT $2, seq, id, hash, document FROM tokens WHERE account = $1`, account, snapshot)
	return err
}

// restoreTokens replaces the tokens of an account with those kept under an id.
func (tx *Tx) restoreTokens(kept, account string) error {
	if _, err := tx.exec(`DELETE FROM tokens WHERE account = $1`, account); err != nil {
		return err
	}
	_, err := tx.exec(`INSERT INTO tokens (id, account, hash, document)
		SELECT id, $2, hash, document FROM kept_tokens WHERE account = $1 ORDER BY seq`, kept, account)
	return err
}

// Token returns the token with that id, of any account.
func (tx *Tx) Token(id string) (auth.Token, error) {
	var document []byte
	if err := tx.session.queryRow(`SELECT document FROM tokens WHERE id = $1`, []any{id}, &document); err != nil {
		return auth.Token{}, fmt.Errorf("token: %w", err)
	}
	return decodeToken(document)
}

// TokenByHash returns the plain token whose value has that hash (auth.HashPlain).
func (tx *Tx) TokenByHash(hash string) (auth.Token, error) {
	if hash == "" {
		return auth.Token{}, fmt.Errorf("token: %w", ErrNotFound) // signed tokens have none
	}
	var document []byte
	if err := tx.session.queryRow(`SELECT document FROM tokens WHERE hash = $1 AND hash <> ''`,
		[]any{hash}, &document); err != nil {
		return auth.Token{}, fmt.Errorf("token: %w", err)
	}
	return decodeToken(document)
}

// Tokens returns the tokens of an account or snapshot in the order they were
// added. Those of a snapshot are not valid; their Account is the one that the
// snapshot was taken of.
func (tx *Tx) Tokens(account string) ([]auth.Token, error) {
	var all []auth.Token
	err := tx.session.each(`SELECT document, seq FROM tokens WHERE account = $1
		UNION ALL SELECT k.document, k.seq FROM accounts a CROSS JOIN kept_tokens k
			WHERE a.id = $1 AND a.kind <> 'served' AND k.account = a.id
		ORDER BY seq`, []any{account},
		func(scan func(...any) error) error {
			var document []byte
			var seq int64
			if err := scan(&document, &seq); err != nil {
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
