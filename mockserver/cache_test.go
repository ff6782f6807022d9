package mockserver

import (
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/connectmock/connectmock/openapi/connect"
	"pgregory.net/rapid"
)

// weight is a value that takes as many bytes as it says.
type weight int64

func (w weight) size() int64 { return int64(w) }

func TestCacheKeepsWhatWasReadLast(t *testing.T) {
	t.Parallel()
	c := newCache[weight](8000)
	for i := range 20 {
		k := key{item: strconv.Itoa(i)}
		_, generation, _ := c.get(k)
		c.put(k, 1000, generation)
		c.get(key{item: "0"}) // asked for again and again
	}
	for i, want := range map[int]bool{0: true, 1: false, 12: false, 13: true, 19: true} {
		if _, _, ok := c.get(key{item: strconv.Itoa(i)}); ok != want {
			t.Errorf("entry %d is there: %t, want %t", i, ok, want)
		}
	}
}

func TestCacheTellsKeysApart(t *testing.T) {
	t.Parallel()
	c := newCache[weight](100000)
	keys := []key{{"a", "b", "c"}, {"x", "b", "c"}, {"a", "x", "c"}, {"a", "b", "x"}}
	for i, k := range keys {
		c.put(k, weight(600+i), 0)
	}
	for i, k := range keys {
		if v, _, ok := c.get(k); !ok || v != weight(600+i) {
			t.Errorf("%v is %d", k, v)
		}
	}
}

func TestCacheForgets(t *testing.T) {
	t.Parallel()
	a, b := key{account: "A", item: "a"}, key{account: "B", item: "b"}
	for name, forget := range map[string]func(*cache[weight]){
		"drop":               func(c *cache[weight]) { c.drop(a) },
		"clear":              func(c *cache[weight]) { c.clear() },
		"drop of another":    func(c *cache[weight]) { c.drop(b) },
		"account":            func(c *cache[weight]) { c.dropAccount("A") },
		"account of another": func(c *cache[weight]) { c.dropAccount("B") },
	} {
		c := newCache[weight](100000)
		c.put(a, 600, 0)
		_, generation, _ := c.get(b)
		forget(c)
		// What was read before may be of before the change.
		c.put(b, 600, generation)
		if _, _, ok := c.get(b); ok {
			t.Errorf("%s: a read of before is kept", name)
		}
		if _, _, ok := c.get(a); ok != strings.HasSuffix(name, "of another") {
			t.Errorf("%s: entry a is there: %t", name, ok)
		}
		_, generation, _ = c.get(b)
		c.put(b, 600, generation)
		if _, _, ok := c.get(b); !ok {
			t.Errorf("%s: a read of after is not kept", name)
		}
	}
}

// The bytes counted are those of the entries, and never above the limit.
func TestCacheCountsItsBytes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		limit := rapid.Int64Range(1, 20000).Draw(t, "limit")
		c := newCache[weight](limit)
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			k := key{account: strconv.Itoa(rapid.IntRange(0, 2).Draw(t, "account")), item: strconv.Itoa(rapid.IntRange(0, 8).Draw(t, "key"))}
			switch rapid.IntRange(0, 6).Draw(t, "step") {
			case 0:
				c.drop(k)
			case 2:
				c.dropAccount(k.account)
				if len(c.accounts[k.account]) > 0 {
					t.Fatalf("of account %s is left %v", k.account, c.accounts[k.account])
				}
			case 1:
				c.clear()
			default:
				_, generation, _ := c.get(k)
				c.put(k, weight(rapid.Int64Range(512, 4000).Draw(t, "size")), generation)
			}
			var sum int64
			for _, v := range c.lru.Values() {
				sum += v.size()
			}
			held := 0
			for account, its := range c.accounts {
				held += len(its)
				for k := range its {
					if k.account != account || !c.lru.Contains(k) {
						t.Fatalf("account %s has %v", account, k)
					}
				}
			}
			if held != c.lru.Len() {
				t.Fatalf("%d entries by account, %d held", held, c.lru.Len())
			}
			if c.bytes != sum || sum > limit {
				t.Fatalf("%d bytes counted, %d held, limit %d", c.bytes, sum, limit)
			}
		}
	})
}

// While writers change a store and drop what they changed, no reader that
// starts after a change finds what was before it.
func TestCacheIsNeverBehind(t *testing.T) {
	t.Parallel()
	c, k := newCache[weight](1<<20), key{item: "a"}
	var mu sync.Mutex
	stored := weight(512)
	read := func() weight {
		mu.Lock()
		defer mu.Unlock()
		return stored
	}
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range 2000 {
				mu.Lock()
				stored++
				written := stored
				mu.Unlock()
				c.drop(k)
				if v, _, ok := c.get(k); ok && v < written {
					t.Errorf("after %d was written the cache says %d", written, v)
				}
			}
		})
		all.Go(func() {
			for range 4000 {
				if _, generation, ok := c.get(k); !ok {
					c.put(k, read(), generation)
				}
			}
		})
	}
	all.Wait()
}

// What an entry is said to take bounds what the cache holds: an item with
// one-time codes is held decoded.
func TestHeldItemsCountTheirContent(t *testing.T) {
	t.Parallel()
	large := 1 << 20
	for name, h := range map[string]heldItem{
		"encoded": {body: make([]byte, large), encoded: large},
		"live":    {live: &connect.Item{}, encoded: large},
	} {
		if h.size() < int64(large) {
			t.Errorf("%s: an item of 1 MiB counts as %d bytes", name, h.size())
		}
	}
	if (heldItem{}).size() < 512 {
		t.Error("an entry takes at least half a KiB, the number of entries relies on it")
	}
}
