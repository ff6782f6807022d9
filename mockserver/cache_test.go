package mockserver

import (
	"pgregory.net/rapid"
	"strconv"
	"sync"
	"testing"
	"time"
)

// weight is a value that takes as many bytes as it says.
type weight int64

func (w weight) size() int64         { return int64(w) }
func (w weight) good(time.Time) bool { return true }

func TestCacheKeepsWhatWasReadLast(t *testing.T) {
	t.Parallel()
	c := newCache[weight](8000)
	for i := range 20 {
		k := key{item: strconv.Itoa(i)}
		_, generation, _ := c.get(k, time.Time{})
		c.put(k, 1000, generation)
		c.get(key{item: "0"}, time.Time{}) // asked for again and again
	}
	for i, want := range map[int]bool{0: true, 1: false, 12: false, 13: true, 19: true} {
		if _, _, ok := c.get(key{item: strconv.Itoa(i)}, time.Time{}); ok != want {
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
		if v, _, ok := c.get(k, time.Time{}); !ok || v != weight(600+i) {
			t.Errorf("%v is %d", k, v)
		}
	}
}

func TestCacheForgets(t *testing.T) {
	t.Parallel()
	k := key{"A", "v", "a"}
	for name, tt := range map[string]struct {
		forget func(*cache[weight])
		k      key
		stays  bool
	}{
		"drop":                  {func(c *cache[weight]) { c.drop(k) }, k, false},
		"drop of another":       {func(c *cache[weight]) { c.drop(key{"A", "v", "b"}) }, k, true},
		"clear":                 {func(c *cache[weight]) { c.clear() }, k, false},
		"vault":                 {func(c *cache[weight]) { c.dropVault("A", "v") }, k, false},
		"another vault":         {func(c *cache[weight]) { c.dropVault("A", "w") }, k, true},
		"vault of another":      {func(c *cache[weight]) { c.dropVault("B", "v") }, k, true},
		"account":               {func(c *cache[weight]) { c.dropAccount("A") }, k, false},
		"account of another":    {func(c *cache[weight]) { c.dropAccount("B") }, k, true},
		"of an account":         {func(c *cache[weight]) { c.dropVault("A", "") }, key{account: "A", item: "a"}, false},
		"of an account, drop":   {func(c *cache[weight]) { c.drop(key{account: "A"}) }, key{account: "A"}, false},
		"of a vault, its items": {func(c *cache[weight]) { c.dropVault("A", "v") }, key{account: "A", item: "a"}, true},
	} {
		c := newCache[weight](100000)
		_, generation, _ := c.get(tt.k, time.Time{})
		c.put(tt.k, 600, generation)
		tt.forget(c)
		if _, _, ok := c.get(tt.k, time.Time{}); ok != tt.stays {
			t.Errorf("%s: the entry is there: %t", name, ok)
		}
		// What was read before may be of before the change.
		c = newCache[weight](100000)
		_, generation, _ = c.get(tt.k, time.Time{})
		tt.forget(c)
		c.put(tt.k, 600, generation)
		if _, _, ok := c.get(tt.k, time.Time{}); ok && !tt.stays {
			t.Errorf("%s: a read of before is kept", name)
		}
		_, generation, _ = c.get(tt.k, time.Time{})
		c.put(tt.k, 600, generation)
		if _, _, ok := c.get(tt.k, time.Time{}); !ok {
			t.Errorf("%s: a read of after is not kept", name)
		}
	}
}

// A writer voids what is being read of one thing, and hardly anything else.
func TestCacheKeepsReadsBesideAWriter(t *testing.T) {
	t.Parallel()
	c := newCache[weight](1 << 20)
	kept := 0
	for i := range 200 {
		k := key{"A", "v", strconv.Itoa(i)}
		_, generation, _ := c.get(k, time.Time{})
		c.drop(key{"A", "v", "written"})
		c.dropVault("A", "w")
		c.put(k, 600, generation)
		if _, _, ok := c.get(k, time.Time{}); ok {
			kept++
		}
	}
	if kept < 100 {
		t.Errorf("of 200 reads %d are kept", kept)
	}
}

// The bytes counted are those of the entries, and never above the limit.
func TestCacheCountsItsBytes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		limit := rapid.Int64Range(1, 20000).Draw(t, "limit")
		c := newCache[weight](limit)
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			number := func(most int, of string) string { return strconv.Itoa(rapid.IntRange(0, most).Draw(t, of)) }
			k := key{number(2, "account"), number(1, "vault"), number(5, "key")}
			switch rapid.IntRange(0, 7).Draw(t, "step") {
			case 3:
				c.dropVault(k.account, k.vault)
				if its := c.accounts[k.account][k.vault]; len(its) > 0 {
					t.Fatalf("of vault %s is left %v", k.vault, its)
				}
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
				_, generation, _ := c.get(k, time.Time{})
				c.put(k, weight(rapid.Int64Range(512, 4000).Draw(t, "size")), generation)
			}
			var sum int64
			for _, v := range c.lru.Values() {
				sum += v.size()
			}
			held := 0
			for account, vaults := range c.accounts {
				for vault, its := range vaults {
					held += len(its)
					for k := range its {
						if k.account != account || k.vault != vault || !c.lru.Contains(k) {
							t.Fatalf("vault %s of account %s has %v", vault, account, k)
						}
					}
					if len(its) == 0 {
						t.Fatalf("vault %s of account %s is kept empty", vault, account)
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
				if v, _, ok := c.get(k, time.Time{}); ok && v < written {
					t.Errorf("after %d was written the cache says %d", written, v)
				}
			}
		})
		all.Go(func() {
			for range 4000 {
				if _, generation, ok := c.get(k, time.Time{}); !ok {
					c.put(k, read(), generation)
				}
			}
		})
	}
	all.Wait()
}

// What an entry is said to take bounds what the cache holds.
func TestHeldCountsItsContent(t *testing.T) {
	t.Parallel()
	large := make([]byte, 1<<20)
	for name, h := range map[string]holdable{
		"item":   heldItem{body: large},
		"list":   heldList{body: large},
		"query":  heldList{asked: string(large)},
		"vaults": heldList{vaults: []heldVault{{encoded: large}}},
		"name":   vaultName{Name: string(large)},
	} {
		if h.size() < int64(len(large)) {
			t.Errorf("%s: 1 MiB counts as %d bytes", name, h.size())
		}
	}
	for _, h := range []holdable{heldItem{}, heldList{}, vaultName{}} {
		if h.size() < 512 {
			t.Errorf("%T: an entry takes at least half a KiB, the number of entries relies on it", h)
		}
	}
}

// What changes by itself is held as long as it is good, and no longer.
func TestCacheKnowsHowLong(t *testing.T) {
	t.Parallel()
	from := time.Unix(60, 0)
	until := from.Add(30 * time.Second)
	c := newCache[heldItem](1 << 20)
	c.put(key{}, heldItem{version: 7, from: from, until: until}, 0)
	for at, want := range map[time.Time]bool{
		from.Add(-1): false, from: true, until.Add(-1): true, until: false,
	} {
		if _, _, ok := c.get(key{}, at); ok != want {
			t.Errorf("at %s it is good: %t", at.UTC(), ok)
		}
	}
	// It makes room for what is good now.
	old, generation, _ := c.get(key{}, until)
	c.put(key{}, heldItem{version: 8, from: until, until: until.Add(time.Minute)}, generation)
	if now, _, ok := c.get(key{}, until); !ok || old.version != 0 || now.version != 8 {
		t.Errorf("version %d after %d, held: %t", now.version, old.version, ok)
	}
}
