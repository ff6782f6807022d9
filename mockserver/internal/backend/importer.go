package backend

import (
	"errors"
	"io"

	"github.com/connectmock/connectmock/mockserver/internal/auth"
	"github.com/connectmock/connectmock/mockserver/internal/journal"
	"github.com/connectmock/connectmock/mockserver/internal/store"
	"github.com/connectmock/connectmock/openapi/connect"
)

// importer puts what it gets into a frozen account that its transaction makes.
type importer struct {
	tx      *store.Tx
	frozen  string
	account string // the snapshot's
	newID   func() string

	tokens []auth.Token    // that the account has now
	vaults []connect.Vault // that it has now
	taken  map[string]bool // names of tokens that came
}

// newImporter looks at what the account has now.
func newImporter(tx *store.Tx, f store.Snapshot, newID func() string) (i *importer, err error) {
	i = &importer{tx: tx, frozen: f.ID, account: f.Account, newID: newID}
	if i.tokens, err = tx.Tokens(f.Account); err != nil {
		return nil, err
	}
	i.vaults, err = tx.Vaults(f.Account)
	return i, err
}

func (i *importer) vault(v connect.Vault) error { return i.tx.PutVault(i.frozen, v) }

func (i *importer) item(it connect.Item) error { return i.tx.PutItem(i.frozen, it) }

func (i *importer) file(item string, f exportFile, content io.Reader) error {
	_, err := i.tx.PutFile(i.frozen, item, f.ID, content)
	return err
}

// token makes a token one of this account. One that has the name of a token
// there keeps the value that its clients have. A plain one whose value is good
// for another account is left out; an id that is another account's is replaced.
func (i *importer) token(t auth.Token) error {
	t.Account = i.account
	if t.RevokedAt.IsZero() {
		i.taken = with(i.taken, t.Name)
		if there := tokenNamed(i.tokens, t.Name); there != nil && there.Hash == "" && t.Hash == "" {
			t.ID, t.Server, t.IssuedAt, t.FrozenClaims = there.ID, there.Server, there.IssuedAt, frozenClaims(*there, i.vaults)
		}
	}
	switch there, err := i.tx.TokenByHash(t.Hash); {
	case err == nil && there.Account != i.account:
		return nil
	case err != nil && !errors.Is(err, store.ErrNotFound):
		return err
	}
	switch there, err := i.tx.Token(t.ID); {
	case err == nil && there.Account != i.account:
		t.ID = i.newID()
	case err != nil && !errors.Is(err, store.ErrNotFound):
		return err
	}
	return i.tx.PutSnapshotToken(i.frozen, t)
}

// keepTokens makes the tokens that the account has beside those that came a part
// of the snapshot: restoring it must not lock their clients out.
func (i *importer) keepTokens() error {
	for _, t := range i.tokens {
		if !t.RevokedAt.IsZero() || i.taken[t.Name] {
			continue
		}
		t.FrozenClaims = frozenClaims(t, i.vaults)
		if err := i.tx.PutSnapshotToken(i.frozen, t); err != nil {
			return err
		}
	}
	return nil
}

func (i *importer) activity(a connect.Activity) error {
	a.Actor.Account = i.account
	a.Actor.UserAgent = journal.Truncate(a.Actor.UserAgent, journal.MaxUserAgent) // files of older versions have all of it
	return i.tx.Record(i.frozen, a)
}

func (i *importer) head(exportHead) error { return nil }

func (i *importer) end() error { return nil }
