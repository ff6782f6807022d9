package backend

import (
	"errors"
	"io"

	"github.com/connectmock/connectmock/mockserver/internal/auth"
	"github.com/connectmock/connectmock/mockserver/internal/journal"
	"github.com/connectmock/connectmock/mockserver/internal/store"
	"github.com/connectmock/connectmock/openapi/connect"
)

// importer is a target that stores what it receives in a snapshot which its transaction has added.
type importer struct {
	tx       *store.Tx
	snapshot string // id
	account  string // that the snapshot is of
	newID    func() string

	tokens   []auth.Token    // the present tokens of the account
	vaults   []connect.Vault // the present vaults of the account
	imported map[string]bool // names of the imported tokens
}

func newImporter(tx *store.Tx, s store.Snapshot, newID func() string) (i *importer, err error) {
	i = &importer{tx: tx, snapshot: s.ID, account: s.Account, newID: newID}
	if i.tokens, err = tx.Tokens(s.Account); err != nil {
		return nil, err
	}
	i.vaults, err = tx.Vaults(s.Account)
	return i, err
}

func (i *importer) vault(v connect.Vault) error { return i.tx.PutVault(i.snapshot, v) }

func (i *importer) item(it connect.Item) error { return i.tx.PutItem(i.snapshot, it) }

func (i *importer) file(item string, f exportFile, content io.Reader) error {
	_, err := i.tx.PutFile(i.snapshot, item, f.ID, content)
	return err
}

// token makes a token one of this account. A token with the name of a present one gets the value of that one, which
// clients have. A plain token whose value belongs to another account is left out, and an id that belongs to another
// account is replaced.
func (i *importer) token(t auth.Token) error {
	t.Account = i.account
	if t.RevokedAt.IsZero() {
		i.imported = addKey(i.imported, t.Name)
		if present := findByName(i.tokens, t.Name); present != nil && present.Hash == "" && t.Hash == "" {
			t.ID, t.Server, t.IssuedAt = present.ID, present.Server, present.IssuedAt
			t.FrozenClaims = frozenClaims(*present, i.vaults)
		}
	}
	switch other, err := i.tx.TokenByHash(t.Hash); {
	case err == nil && other.Account != i.account:
		return nil
	case err != nil && !errors.Is(err, store.ErrNotFound):
		return err
	}
	switch other, err := i.tx.Token(t.ID); {
	case err == nil && other.Account != i.account:
		t.ID = i.newID()
	case err != nil && !errors.Is(err, store.ErrNotFound):
		return err
	}
	return i.tx.PutSnapshotToken(i.snapshot, t)
}

// keepTokens adds the account's other present tokens to the snapshot: they must remain valid when it is restored.
func (i *importer) keepTokens() error {
	for _, t := range i.tokens {
		if !t.RevokedAt.IsZero() || i.imported[t.Name] {
			continue
		}
		t.FrozenClaims = frozenClaims(t, i.vaults)
		if err := i.tx.PutSnapshotToken(i.snapshot, t); err != nil {
			return err
		}
	}
	return nil
}

func (i *importer) activity(a connect.Activity) error {
	a.Actor.Account = i.account
	a.Actor.UserAgent = journal.Truncate(a.Actor.UserAgent, journal.MaxUserAgent) // older versions exported all of it
	return i.tx.Record(i.snapshot, a)
}

func (i *importer) head(exportHead) error { return nil }

func (i *importer) end() error { return nil }
