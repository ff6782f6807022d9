package mockserver

import (
	"errors"
	"io"
	"slices"

	"github.com/connectmock/connectmock/mockserver/internal/auth"
	"github.com/connectmock/connectmock/mockserver/internal/store"
	"github.com/connectmock/connectmock/openapi/connect"
)

// checker refuses what could not be put into a store.
type checker struct {
	vaults map[string]bool
	items  map[string]bool
	tokens map[string]bool
	files  []connect.File // of the last item, that have not come yet
}

func (c *checker) vault(v connect.Vault) error {
	if !isID(v.ID) || c.vaults[v.ID] {
		return damaged("a vault has no id of its own")
	}
	c.vaults = with(c.vaults, v.ID)
	return nil
}

func (c *checker) item(it connect.Item) error {
	if c.items[it.ID] || !c.vaults[it.Vault.ID] {
		return damaged("an item has no id or vault of its own")
	}
	c.items = with(c.items, it.ID)
	c.files = it.Files
	return nil
}

func (c *checker) file(_ string, f exportFile, content io.Reader) error {
	i := slices.IndexFunc(c.files, func(o connect.File) bool { return o.ID == f.ID && o.Size == f.Size })
	if i < 0 {
		return damaged("a file belongs to no item")
	}
	c.files = slices.Delete(slices.Clone(c.files), i, i+1)
	_, err := io.Copy(io.Discard, content)
	return err
}

func (c *checker) token(t auth.Token) error {
	if !isID(t.ID) || c.tokens[t.ID] || t.Name == "" {
		return damaged("a token has no id or name of its own")
	}
	c.tokens = with(c.tokens, t.ID)
	return nil
}

func (c *checker) activity(connect.Activity) error { return nil }

func with(set map[string]bool, id string) map[string]bool {
	if set == nil {
		set = map[string]bool{}
	}
	set[id] = true
	return set
}

// importer puts what it gets into a frozen account that its transaction makes.
type importer struct {
	tx      *store.Tx
	frozen  string
	account string // the snapshot's
	newID   func() string
}

func (i *importer) vault(v connect.Vault) error { return i.tx.PutVault(i.frozen, v) }

func (i *importer) item(it connect.Item) error { return i.tx.PutItem(i.frozen, it) }

func (i *importer) file(item string, f exportFile, content io.Reader) error {
	_, err := i.tx.PutFile(i.frozen, item, f.ID, content)
	return err
}

// token makes a token one of this account. An id that is another account's now
// can't be this one's.
func (i *importer) token(t auth.Token) error {
	switch there, err := i.tx.Token(t.ID); {
	case err == nil && there.Account != i.account:
		t.ID = i.newID()
	case err != nil && !errors.Is(err, store.ErrNotFound):
		return err
	}
	t.Account = i.account
	return i.tx.PutFrozenToken(i.frozen, t)
}

func (i *importer) activity(a connect.Activity) error {
	a.Actor.Account = i.account
	return i.tx.Record(i.frozen, a)
}
