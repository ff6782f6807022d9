package backend

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/connectmock/connectmock/mockserver/internal/auth"
	"github.com/connectmock/connectmock/mockserver/internal/store"
	"github.com/connectmock/connectmock/openapi/connect"
)

// Inspection reads what accounts hold at one moment. Nothing is hidden from it.
type Inspection struct{ tx *store.Tx }

// Inspect calls do with what the accounts hold at the moment.
func (b *Backend) Inspect(ctx context.Context, do func(*Inspection) error) error {
	return b.store.View(ctx, func(tx *store.Tx) error { return do(&Inspection{tx}) })
}

// AccountName returns the name of an account by its id. The error is ErrNotFound if there is none.
func (i *Inspection) AccountName(id string) (string, error) {
	a, err := i.tx.Account(id)
	return a.Name, err
}

// Vaults returns the vaults of an account.
func (i *Inspection) Vaults(account string) ([]connect.Vault, error) { return i.tx.Vaults(account) }

// Token returns the newest token of an account that has a name, nil if there is none.
func (i *Inspection) Token(account, name string) (newest *auth.Token, err error) {
	tokens, err := i.tx.Tokens(account)
	for j := range tokens {
		if tokens[j].Name == name {
			newest = &tokens[j]
		}
	}
	return newest, err
}

// Item returns an item of a vault. The error is ErrNotFound if there is none.
func (i *Inspection) Item(account, vault, id string) (connect.Item, error) {
	return i.tx.Item(account, vault, id)
}

// Labels are what people know an item by.
type Labels struct {
	ID    string
	Title string
	Tags  []string
}

// Labels calls yield for each item of a vault.
func (i *Inspection) Labels(account, vault string, yield func(Labels)) error {
	return i.tx.Summaries(account, vault, nil, func(summary []byte) error {
		var it Labels
		err := json.Unmarshal(summary, &it)
		yield(it)
		return err
	})
}

// OtherVault returns the name of a vault, and of its account, that is not of the given account. The error is
// ErrNotFound if there is none.
func (i *Inspection) OtherVault(account, id string) (vault, owner string, err error) {
	accounts, err := i.tx.Accounts()
	if err != nil {
		return "", "", err
	}
	for _, a := range accounts {
		if a.ID == account {
			continue
		}
		v, err := i.tx.Vault(a.ID, id)
		if !errors.Is(err, store.ErrNotFound) {
			return v.Name, a.Name, err
		}
	}
	return "", "", ErrNotFound
}
