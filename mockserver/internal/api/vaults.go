package api

import (
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/connectmock/connectmock/mockserver/internal/backend/cache"
	"github.com/connectmock/connectmock/mockserver/internal/filter"
	"github.com/connectmock/connectmock/mockserver/internal/store"
	"github.com/connectmock/connectmock/openapi/connect"
)

// listVaults answers the vaults in the token's scope [D], a bare array, the
// filter honoured [T]; no match is an empty array [T].
func listVaults(s *Handler, x *exchange) (reply, error) {
	text := x.request.URL.Query().Get("filter")
	wanted, err := filter.ParseVaults(text)
	if err != nil {
		return reply{}, s.filterError(text, err)
	}
	if wanted != nil {
		wanted.CaseSensitive = s.quirks.VaultCase
	}
	all, err := s.storedVaults(x)
	if err != nil {
		return reply{}, err
	}
	list := []byte{'['}
	for _, v := range all {
		if !x.caller.CanSee(v.ID) || wanted != nil && !wanted.Match(v.Name, nil) {
			continue
		}
		encoded, err := s.encodedBefore(x, v)
		if err != nil {
			return reply{}, err
		}
		if len(list) > 1 {
			list = append(list, ',')
		}
		list = append(list, encoded...)
	}
	return reply{kind: jsonKind, body: append(list, ']')}, nil
}

// getVault answers one vault.
func getVault(s *Handler, x *exchange) (reply, error) {
	v, err := s.storedVault(x)
	if err != nil {
		return reply{}, err
	}
	body, err := s.encodedBefore(x, v)
	return reply{kind: jsonKind, body: body}, err
}

// filterError returns the error for a filter that can't be parsed: with the
// switch single-quote=500, one with a single quote is the neutral 500.
func (s *Handler) filterError(text string, err error) error {
	if err != nil && s.quirks.SingleQuote500 && strings.Contains(text, "'") {
		return connect.SomethingWentWrong()
	}
	return err
}

// encodeVault returns a vault as clients get it.
func (s *Handler) encodeVault(v connect.Vault) ([]byte, error) {
	body, err := json.Marshal(v)
	return s.withKeyCase(body), err
}

// vaultRef is the vault of the path by id and name; one that does not exist is
// answered as one out of scope [T].
func (s *Handler) vaultRef(x *exchange) (connect.VaultRef, error) {
	id := x.vault()
	named, generation, ok := s.names.Get(cache.Key{Account: x.account(), Vault: id}, x.now)
	if ok {
		return connect.VaultRef(named), nil
	}
	var ref connect.VaultRef
	err := s.backend.Store.View(x.context(), func(tx *store.Tx) error {
		v, err := tx.Vault(x.account(), id)
		ref = connect.VaultRef{ID: v.ID, Name: v.Name}
		return err
	})
	switch {
	case errors.Is(err, store.ErrNotFound) && s.quirks.UnknownVault404:
		return ref, connect.VaultNotFound(id)
	case errors.Is(err, store.ErrNotFound):
		return ref, s.denied(id)
	case err != nil:
		return ref, err
	}
	s.names.Put(cache.Key{Account: x.account(), Vault: strings.Clone(id)}, vaultName(ref), generation)
	return ref, nil
}

// vaultName is a vault's id and name as the cache keeps it.
type vaultName connect.VaultRef

func (vaultName) IsValidAt(time.Time) bool { return true }

func (v vaultName) Size() int64 { return int64(len(v.ID)+len(v.Name)) + 512 }
