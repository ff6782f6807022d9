package mockserver

import (
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// key names a vault or an item; every account is its own world.
type key struct{ account, vault, item string }

// sized is what a cache can hold: it knows about how many bytes it takes.
type sized interface{ size() int64 }

// cache is a bounded memory of what the store holds, exact as long as every
// writer of the store drops what it wrote after its commit. Changes made by
// other processes arrive through clear.
//
// A reader asks get, reads the store, and hands put the generation that get
// told; if anything was dropped in between, what it read may be old and is not
// kept.
type cache[V sized] struct {
	mu         sync.Mutex
	lru        *simplelru.LRU[key, V]
	accounts   map[string]map[key]struct{} // what is held of each, so that one can be forgotten at once
	bytes      int64
	limit      int64
	generation uint64
}

func newCache[V sized](limit int64) *cache[V] {
	c := &cache[V]{limit: limit, accounts: map[string]map[key]struct{}{}}
	// An entry takes at least half a KiB, so the count can't be reached first.
	c.lru, _ = simplelru.NewLRU(int(max(limit/512, 1)), c.evicted)
	return c
}

func (c *cache[V]) evicted(k key, v V) {
	c.bytes -= v.size()
	its := c.accounts[k.account]
	delete(its, k)
	if len(its) == 0 {
		delete(c.accounts, k.account)
	}
}

func (c *cache[V]) get(k key) (v V, generation uint64, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	v, ok = c.lru.Get(k)
	return v, c.generation, ok
}

func (c *cache[V]) put(k key, v V, generation uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if generation != c.generation || v.size() > c.limit/8 {
		return
	}
	c.lru.Remove(k)
	c.lru.Add(k, v)
	if c.accounts[k.account] == nil {
		c.accounts[k.account] = map[key]struct{}{}
	}
	c.accounts[k.account][k] = struct{}{}
	for c.bytes += v.size(); c.bytes > c.limit; {
		c.lru.RemoveOldest()
	}
}

// drop forgets one entry after a change was committed.
func (c *cache[V]) drop(k key) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.generation++
	c.lru.Remove(k)
}

// dropAccount forgets all of an account after it was changed as a whole.
func (c *cache[V]) dropAccount(account string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.generation++
	for k := range c.accounts[account] {
		c.lru.Remove(k)
	}
}

// clear forgets everything.
func (c *cache[V]) clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.generation++
	c.lru.Purge()
}
