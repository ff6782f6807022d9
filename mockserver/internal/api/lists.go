package api

import (
	"bytes"
	"errors"
	"strings"
	"time"

	"github.com/connectmock/connectmock/mockserver/internal/backend/cache"
	"github.com/connectmock/connectmock/mockserver/internal/filter"
	"github.com/connectmock/connectmock/mockserver/internal/store"
	"github.com/connectmock/connectmock/openapi/connect"
)

// heldList is an answer as the cache keeps it: a list of a vault's items, under
// the vault and the query as it was sent. Under no vault it is an account's
// vaults, or one of them by its id.
type heldList struct {
	asked  string // what the key has of it
	body   []byte // of items
	vaults []heldVault
}

// heldVault is a vault with what it is when encoded.
type heldVault struct {
	connect.Vault
	encoded []byte
}

func (heldList) IsValidAt(time.Time) bool { return true }

func (h heldList) Size() int64 {
	size := int64(len(h.asked)+len(h.body)) + 512
	for _, v := range h.vaults {
		size += int64(2*len(v.encoded)) + 256
	}
	return size
}

// storedList is the list of items that is asked for as the store has it. The
// document has been kept to; what else is in the query makes another list of
// the same content, and is hardly ever there.
func (s *Handler) storedList(x *exchange) (reply, error) {
	k := cache.Key{Account: x.account(), Vault: x.vault(), Item: x.request.URL.RawQuery}
	held, generation, ok := s.lists.Get(k, x.now)
	if ok {
		return reply{kind: jsonKind, body: held.body, cached: true}, nil
	}
	wanted, err := s.wantedItems(x)
	if err != nil {
		return reply{}, err
	}
	var list *spool
	err = s.whenMemory(x, func() error {
		list = s.spool(func(bytes int64) error { return s.reserve(x, bytes) })
		err := s.backend.Store.View(x.context(), func(tx *store.Tx) error {
			return tx.Summaries(x.account(), x.vault(), wanted, func(stored []byte) error {
				summary, err := s.encodeSummary(stored)
				if err != nil {
					return err
				}
				return list.add(summary)
			})
		})
		if err != nil {
			return errors.Join(err, list.Close())
		}
		return nil
	})
	if err != nil {
		return reply{}, err
	}
	rep, err := list.reply()
	if kept := (heldList{body: rep.body}); err == nil && rep.stream == nil && s.lists.CanKeep(kept) {
		rep.body, rep.cached = bytes.Clone(rep.body), true
		s.holdList(k, heldList{body: rep.body}, generation)
	}
	return rep, err
}

// wantedItems is the filter of a list of items, nil where there is none.
func (s *Handler) wantedItems(x *exchange) (*filter.Filter, error) {
	text := x.request.URL.Query().Get("filter")
	wanted, err := filter.ParseItems(text)
	if wanted != nil {
		wanted.CaseSensitive = s.quirks.ItemCase
	}
	return wanted, s.filterError(text, err)
}

// storedVaults are the account's vaults as the store has them.
func (s *Handler) storedVaults(x *exchange) ([]heldVault, error) {
	return s.readVaults(x, "", func(tx *store.Tx) ([]connect.Vault, error) { return tx.Vaults(x.account()) })
}

// storedVault is the vault of the path as the store has it.
func (s *Handler) storedVault(x *exchange) (heldVault, error) {
	one, err := s.readVaults(x, x.vault(), func(tx *store.Tx) ([]connect.Vault, error) {
		v, err := tx.Vault(x.account(), x.vault())
		return []connect.Vault{v}, err
	})
	if err != nil {
		return heldVault{}, err
	}
	return one[0], nil
}

func (s *Handler) readVaults(x *exchange, id string, read func(*store.Tx) ([]connect.Vault, error)) ([]heldVault, error) {
	k := cache.Key{Account: x.account(), Item: id}
	held, generation, ok := s.lists.Get(k, x.now)
	if ok {
		return held.vaults, nil
	}
	var all []connect.Vault
	err := s.backend.Store.View(x.context(), func(tx *store.Tx) (err error) {
		all, err = read(tx)
		return err
	})
	if err != nil {
		return nil, err
	}
	held.vaults = make([]heldVault, len(all))
	for i, v := range all {
		encoded, err := s.encodeVault(v)
		if err != nil {
			return nil, err
		}
		held.vaults[i] = heldVault{v, encoded}
	}
	s.holdList(k, held, generation)
	return held.vaults, nil
}

// holdList keeps an answer, and nothing of the request it was made for.
func (s *Handler) holdList(k cache.Key, held heldList, generation uint64) {
	held.asked = strings.Clone(k.Item)
	s.lists.Put(cache.Key{Account: k.Account, Vault: strings.Clone(k.Vault), Item: held.asked}, held, generation)
}

// encodedBefore is a vault, encoded, as the exchange sees it.
func (s *Handler) encodedBefore(x *exchange, v heldVault) ([]byte, error) {
	if s.backend.Pending.IsEmpty() {
		return v.encoded, nil
	}
	return s.encodeVault(s.vaultBefore(x, v.Vault))
}

// dropItem drops the cached responses about an item, after it was written.
func (s *Handler) dropItem(account, vault, id string) {
	s.items.Drop(cache.Key{Account: account, Vault: vault, Item: id})
	s.lists.DropVault(account, vault)
	s.lists.DropVault(account, "") // the vaults say how many items there are
}

// DropAccount drops the cached responses of an account, or all where it is empty.
func (s *Handler) DropAccount(id string) {
	if id == "" {
		s.items.Clear()
		s.lists.Clear()
		s.names.Clear()
		return
	}
	s.items.DropAccount(id)
	s.lists.DropAccount(id)
	s.names.DropAccount(id)
}
