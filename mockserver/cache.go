package mockserver

import (
	"hash/maphash"
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// key names what is held: an item of a vault, or what was asked of a vault or,
// without one, of an account. Every account is its own world.
type key struct{ account, vault, item string }

// holdable is what a cache can hold: it knows about how many bytes it takes, and
// whether it still is the answer at a moment of its account.
type holdable interface {
	size() int64
	good(now time.Time) bool
}

// cache is a bounded memory of what the store holds, exact as long as every
// writer of the store drops what it wrote after its commit. Changes made by
// other processes arrive through clear.
//
// A reader asks get, reads the store, and hands put the generation that get
// told; if anything of the same part was dropped in between, what it read may be
// old and is not kept. A part is what falls on one counter: writers of one item
// hardly ever void what is read of another.
type cache[V holdable] struct {
	limit int64 // in bytes; 0: nothing is held, nor asked for
	seed  maphash.Seed

	mu       sync.Mutex
	lru      *simplelru.LRU[key, V]
	accounts map[string]shelf // what is held of each, so that it can be forgotten at once
	bytes    int64
	hits     uint64
	misses   uint64
	all      uint64      // how often everything, or an account, was dropped
	parts    [256]uint64 // how often something of a part was dropped
}

// shelf is what is held of an account, by vault.
type shelf map[string]map[key]struct{}

func newCache[V holdable](limit int64) *cache[V] {
	c := &cache[V]{limit: limit, seed: maphash.MakeSeed(), accounts: map[string]shelf{}}
	// An entry takes at least half a KiB, so the count can't be reached first.
	c.lru, _ = simplelru.NewLRU(int(max(limit/512, 1)), c.evicted)
	return c
}

func (c *cache[V]) evicted(k key, v V) {
	c.bytes -= v.size()
	of := c.accounts[k.account]
	delete(of[k.vault], k)
	if len(of[k.vault]) == 0 {
		delete(of, k.vault)
	}
	if len(of) == 0 {
		delete(c.accounts, k.account)
	}
}

// get finds what is held and good at that moment. Where nothing is it tells the generation for put.
func (c *cache[V]) get(k key, now time.Time) (v V, generation uint64, ok bool) {
	if c.limit == 0 {
		return v, 0, false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if held, ok := c.lru.Get(k); ok && held.good(now) {
		c.hits++
		return held, 0, true
	}
	c.misses++
	return v, c.generation(k), false
}

// generation grows with every drop that k may be of.
func (c *cache[V]) generation(k key) uint64 {
	return c.all + *c.part(k) + *c.part(key{account: k.account, vault: k.vault})
}

func (c *cache[V]) part(k key) *uint64 {
	return &c.parts[maphash.Comparable(c.seed, k)%uint64(len(c.parts))]
}

// fits says whether a value is small enough to be kept.
func (c *cache[V]) fits(v V) bool { return v.size() <= c.limit/8 }

func (c *cache[V]) put(k key, v V, generation uint64) {
	if !c.fits(v) {
		return
	}
	size := v.size()
	c.mu.Lock()
	defer c.mu.Unlock()
	if generation != c.generation(k) {
		return
	}
	c.lru.Remove(k)
	c.lru.Add(k, v)
	c.shelve(k)
	for c.bytes += size; c.bytes > c.limit; {
		c.lru.RemoveOldest()
	}
}

func (c *cache[V]) shelve(k key) {
	of := c.accounts[k.account]
	if of == nil {
		of = shelf{}
		c.accounts[k.account] = of
	}
	if of[k.vault] == nil {
		of[k.vault] = map[key]struct{}{}
	}
	of[k.vault][k] = struct{}{}
}

// drop forgets one entry after a change was committed.
func (c *cache[V]) drop(k key) {
	c.mu.Lock()
	defer c.mu.Unlock()
	*c.part(k)++
	c.lru.Remove(k)
}

// dropVault forgets all of a vault after something of it was changed; "" is what
// is held of the account and no vault.
func (c *cache[V]) dropVault(account, vault string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	*c.part(key{account: account, vault: vault})++
	for k := range c.accounts[account][vault] {
		c.lru.Remove(k)
	}
}

// dropAccount forgets all of an account after it was changed as a whole.
func (c *cache[V]) dropAccount(account string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.all++
	for _, its := range c.accounts[account] {
		for k := range its {
			c.lru.Remove(k)
		}
	}
}

// clear forgets everything.
func (c *cache[V]) clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.all++
	c.lru.Purge()
}

// cacheFigures are what a cache holds, and how often it had what was asked for
// and had it not, since it was made.
type cacheFigures struct {
	bytes        int64
	entries      int
	hits, misses uint64
}

func (c *cache[V]) figures() cacheFigures {
	c.mu.Lock()
	defer c.mu.Unlock()
	return cacheFigures{c.bytes, c.lru.Len(), c.hits, c.misses}
}
