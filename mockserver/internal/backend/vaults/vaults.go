// Package vaults reads and writes what accounts hold: vaults, items, files and the activity log. Documents are encoded
// as clients get them, and without the writes that the caller must not see yet. The package does not know HTTP, nor
// tokens and what they allow.
package vaults

import (
	"strings"
	"time"

	"github.com/connectmock/connectmock/mockserver/internal/backend/cache"
	"github.com/connectmock/connectmock/mockserver/internal/backend/clock"
	"github.com/connectmock/connectmock/mockserver/internal/backend/memory"
	"github.com/connectmock/connectmock/mockserver/internal/backend/random"
	"github.com/connectmock/connectmock/mockserver/internal/backend/visibility"
	"github.com/connectmock/connectmock/mockserver/internal/encode"
	"github.com/connectmock/connectmock/mockserver/internal/quirks"
	"github.com/connectmock/connectmock/mockserver/internal/store"
	"github.com/connectmock/connectmock/openapi/connect"
)

// spoolBytes is how many bytes of a list are gathered in memory before Options.SpoolDir is used.
const spoolBytes = 4 << 20

// Options are what Vaults are made of. All fields are needed except where they say otherwise.
type Options struct {
	Store      *store.Store
	Clocks     *clock.Clocks
	Random     *random.Source
	Pending    *visibility.Writes
	Quirks     quirks.Set
	CheckItem  func(connect.Item) error // returns an error for an item that has become too large
	HasFaults  func() bool              // reports whether a fault is configured
	CacheBytes int64                    // 0: nothing is cached
	MaxInline  int64                    // bytes of a file that is sent within a document
	SpoolDir   string                   // for longer lists; "": all of a list is gathered in memory
}

// Vaults is safe for use by many goroutines.
type Vaults struct {
	Pending *visibility.Writes // must not be replaced while requests are served

	options Options
	store   *store.Store
	quirks  quirks.Set
	encoder encode.Encoder
	items   *cache.Cache[cachedItem]
	lists   *cache.Cache[cachedList]
	names   *cache.Cache[cachedName]
}

// New returns the vaults of the accounts of a store. Half of the cache is for items, seven sixteenths are for lists
// and vaults, half of the rest is for names of vaults and half for the store, which keeps pages of activity.
func New(o Options) *Vaults {
	return &Vaults{
		Pending: o.Pending, options: o, store: o.Store, quirks: o.Quirks,
		encoder: encode.Encoder{Quirks: o.Quirks},
		items:   cache.New[cachedItem](o.CacheBytes / 2),
		lists:   cache.New[cachedList](o.CacheBytes / 16 * 7),
		names:   cache.New[cachedName](o.CacheBytes / 32),
	}
}

// View is who reads or writes, and when. It decides which writes are visible.
type View struct {
	Account   string
	Now       time.Time     // by the clock of the account
	SyncFault string        // the fault that makes 1Password unreachable for the caller; "": it is reachable
	Memory    *memory.Share // grows with the large documents that are read
	BodyBytes int64         // of Memory, taken by the body of the request
}

// CacheStats returns the figures of each cache by its name.
func (vs *Vaults) CacheStats() map[string]cache.Stats {
	return map[string]cache.Stats{"items": vs.items.Stats(), "lists": vs.lists.Stats(), "names": vs.names.Stats()}
}

// DropAccount removes the cached documents of an account, or of every account where it is empty. Call it after the
// content of an account was replaced.
func (vs *Vaults) DropAccount(id string) {
	if id == "" {
		vs.items.Clear()
		vs.lists.Clear()
		vs.names.Clear()
		return
	}
	vs.items.DropAccount(id)
	vs.lists.DropAccount(id)
	vs.names.DropAccount(id)
}

// dropItem removes the cached documents about an item, after it was written.
func (vs *Vaults) dropItem(account, vault, id string) {
	vs.items.Drop(cache.Key{Account: account, Vault: vault, Item: id})
	vs.lists.DropVault(account, vault)
	vs.lists.DropVault(account, "") // the vaults say how many items there are
}

// cloneKey returns a key that keeps nothing else of the request alive.
func cloneKey(k cache.Key) cache.Key {
	return cache.Key{Account: k.Account, Vault: strings.Clone(k.Vault), Item: strings.Clone(k.Item)}
}
