// Package cache keeps values read from the store in memory, up to a number of bytes. It never returns a value from
// before a change, as long as each writer drops what it wrote after its commit. It does not know what the values are.
package cache

import (
	"hash/maphash"
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// Key names an entry: an item of a vault, or a query about a vault or, without one, about an account. No entry is
// shared by two accounts.
type Key struct{ Account, Vault, Item string }

// Value is what a cache can keep.
type Value interface {
	Size() int64                  // approximate number of bytes in memory; at least 512
	IsValidAt(now time.Time) bool // now is the time on the account's clock
}

// Cache keeps the most recently used values, up to a number of bytes. It is safe for use by many goroutines.
//
// A reader calls Get, reads the store, and passes the generation that Get returned to Put. Put keeps nothing if
// anything of the same part was dropped in between, because the value may be old. A part is all keys that share one
// counter: a writer of one item hardly ever invalidates reads of another. Call Clear after another process has written.
type Cache[V Value] struct {
	limit int64 // in bytes; 0: nothing is kept or counted
	seed  maphash.Seed

	mu       sync.Mutex
	lru      *simplelru.LRU[Key, V]
	accounts map[string]accountIndex // the keys of each account, so that they can be dropped together
	bytes    int64
	hits     uint64
	misses   uint64
	all      uint64      // number of times that everything or an account was dropped
	parts    [256]uint64 // number of times that something of a part was dropped
}

// accountIndex has the keys of an account, by vault.
type accountIndex map[string]map[Key]struct{}

// New returns a cache of at most limit bytes. With a limit of 0 it keeps nothing.
func New[V Value](limit int64) *Cache[V] {
	c := &Cache[V]{limit: limit, seed: maphash.MakeSeed(), accounts: map[string]accountIndex{}}
	// An entry takes at least half a KiB, so the count can't be reached first.
	c.lru, _ = simplelru.NewLRU(int(max(limit/512, 1)), c.onEvict)
	return c
}

func (c *Cache[V]) onEvict(k Key, v V) {
	c.bytes -= v.Size()
	vaults := c.accounts[k.Account]
	delete(vaults[k.Vault], k)
	if len(vaults[k.Vault]) == 0 {
		delete(vaults, k.Vault)
	}
	if len(vaults) == 0 {
		delete(c.accounts, k.Account)
	}
}

// Get returns the value of k if there is one that is valid now, and otherwise the generation to pass to Put.
func (c *Cache[V]) Get(k Key, now time.Time) (v V, generation uint64, ok bool) {
	if c.limit == 0 {
		return v, 0, false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if found, ok := c.lru.Get(k); ok && found.IsValidAt(now) {
		c.hits++
		return found, 0, true
	}
	c.misses++
	return v, c.generation(k), false
}

// generation returns a number that grows with every drop that may concern k.
func (c *Cache[V]) generation(k Key) uint64 {
	return c.all + *c.part(k) + *c.part(Key{Account: k.Account, Vault: k.Vault})
}

func (c *Cache[V]) part(k Key) *uint64 {
	return &c.parts[maphash.Comparable(c.seed, k)%uint64(len(c.parts))]
}

// CanKeep reports whether a value is small enough to be kept: a quarter of all at most.
func (c *Cache[V]) CanKeep(v V) bool { return v.Size() <= c.limit/4 }

// Put keeps a value that was read after Get returned the generation.
func (c *Cache[V]) Put(k Key, v V, generation uint64) {
	if !c.CanKeep(v) {
		return
	}
	size := v.Size()
	c.mu.Lock()
	defer c.mu.Unlock()
	if generation != c.generation(k) {
		return
	}
	c.lru.Remove(k)
	c.lru.Add(k, v)
	c.index(k)
	for c.bytes += size; c.bytes > c.limit; {
		c.lru.RemoveOldest()
	}
}

func (c *Cache[V]) index(k Key) {
	vaults := c.accounts[k.Account]
	if vaults == nil {
		vaults = accountIndex{}
		c.accounts[k.Account] = vaults
	}
	if vaults[k.Vault] == nil {
		vaults[k.Vault] = map[Key]struct{}{}
	}
	vaults[k.Vault][k] = struct{}{}
}

// Drop removes one entry. Call it after a change was committed.
func (c *Cache[V]) Drop(k Key) {
	c.mu.Lock()
	defer c.mu.Unlock()
	*c.part(k)++
	c.lru.Remove(k)
}

// DropVault removes the entries of a vault; "" means those of the account that belong to no vault.
func (c *Cache[V]) DropVault(account, vault string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	*c.part(Key{Account: account, Vault: vault})++
	for k := range c.accounts[account][vault] {
		c.lru.Remove(k)
	}
}

// DropAccount removes the entries of an account.
func (c *Cache[V]) DropAccount(account string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.all++
	for _, keys := range c.accounts[account] {
		for k := range keys {
			c.lru.Remove(k)
		}
	}
}

// Clear removes every entry.
func (c *Cache[V]) Clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.all++
	c.lru.Purge()
}

// Stats are the size of a cache, and how often Get has found a value or not.
type Stats struct {
	Bytes        int64
	Entries      int
	Hits, Misses uint64
}

// Stats returns the figures since the cache was made.
func (c *Cache[V]) Stats() Stats {
	c.mu.Lock()
	defer c.mu.Unlock()
	return Stats{c.bytes, c.lru.Len(), c.hits, c.misses}
}
