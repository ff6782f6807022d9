package vaults

import (
	"context"
	"time"

	"github.com/connectmock/connectmock/mockserver/internal/backend/cache"
	"github.com/connectmock/connectmock/mockserver/internal/filter"
	"github.com/connectmock/connectmock/mockserver/internal/store"
	"github.com/connectmock/connectmock/openapi/connect"
)

// encodedVault is a vault with its encoded form.
type encodedVault struct {
	connect.Vault
	encoded []byte
}

// cachedName is a vault's id and name as the cache keeps it.
type cachedName connect.VaultRef

// Size returns about how many bytes the name takes.
func (n cachedName) Size() int64 { return int64(len(n.ID)+len(n.Name)) + 512 }

// IsValidAt reports that a name does not change with time.
func (cachedName) IsValidAt(time.Time) bool { return true }

// List returns the account's vaults that canSee allows and a filter selects, an array. An empty filter selects every
// vault.
func (vs *Vaults) List(ctx context.Context, view View, text string, canSee func(id string) bool) (Document, error) {
	selected, err := filter.ParseVaults(text)
	if err != nil {
		return Document{}, vs.filterError(text, err)
	}
	if selected != nil {
		selected.CaseSensitive = vs.quirks.VaultCaseSensitive
	}
	all, err := vs.cachedVaults(ctx, view, "", func(tx *store.Tx) ([]connect.Vault, error) {
		return tx.Vaults(view.Account)
	})
	if err != nil {
		return Document{}, err
	}
	list := []byte{'['}
	for _, v := range all {
		if !canSee(v.ID) || selected != nil && !selected.Match(v.Name, nil) {
			continue
		}
		encoded, err := vs.encodeVisible(view, v)
		if err != nil {
			return Document{}, err
		}
		if len(list) > 1 {
			list = append(list, ',')
		}
		list = append(list, encoded...)
	}
	return Document{Body: append(list, ']')}, nil
}

// Vault returns a vault. The error is store.ErrNotFound for one that the account does not have.
func (vs *Vaults) Vault(ctx context.Context, view View, id string) (Document, error) {
	one, err := vs.cachedVaults(ctx, view, id, func(tx *store.Tx) ([]connect.Vault, error) {
		v, err := tx.Vault(view.Account, id)
		return []connect.Vault{v}, err
	})
	if err != nil {
		return Document{}, err
	}
	body, err := vs.encodeVisible(view, one[0])
	return Document{Body: body}, err
}

// Ref returns the id and the name of a vault. The error is store.ErrNotFound for one that the account does not have.
func (vs *Vaults) Ref(ctx context.Context, view View, id string) (connect.VaultRef, error) {
	k := cache.Key{Account: view.Account, Vault: id}
	cached, generation, ok := vs.names.Get(k, view.Now)
	if ok {
		return connect.VaultRef(cached), nil
	}
	var ref connect.VaultRef
	err := vs.store.View(ctx, func(tx *store.Tx) error {
		v, err := tx.Vault(view.Account, id)
		ref = connect.VaultRef{ID: v.ID, Name: v.Name}
		return err
	})
	if err == nil {
		vs.names.Put(cloneKey(k), cachedName(ref), generation)
	}
	return ref, err
}

// cachedVaults returns vaults of an account from the cache or, with read, from the store. id is that of the vault, ""
// for all.
func (vs *Vaults) cachedVaults(
	ctx context.Context, view View, id string, read func(*store.Tx) ([]connect.Vault, error),
) ([]encodedVault, error) {
	k := cache.Key{Account: view.Account, Item: id}
	cached, generation, ok := vs.lists.Get(k, view.Now)
	if ok {
		return cached.vaults, nil
	}
	var all []connect.Vault
	err := vs.store.View(ctx, func(tx *store.Tx) (err error) {
		all, err = read(tx)
		return err
	})
	if err != nil {
		return nil, err
	}
	cached.vaults = make([]encodedVault, len(all))
	for i, v := range all {
		encoded, err := vs.encoder.Vault(v)
		if err != nil {
			return nil, err
		}
		cached.vaults[i] = encodedVault{v, encoded}
	}
	vs.cacheList(k, cached, generation)
	return cached.vaults, nil
}

// encodeVisible returns a vault, encoded as the caller sees it.
func (vs *Vaults) encodeVisible(view View, v encodedVault) ([]byte, error) {
	if vs.Pending.IsEmpty() {
		return v.encoded, nil
	}
	return vs.encoder.Vault(vs.vaultBefore(view, v.Vault))
}
