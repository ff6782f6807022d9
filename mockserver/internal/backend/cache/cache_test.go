package cache

import (
	"strconv"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// sized is a value of that many bytes.
type sized int64

func (s sized) Size() int64              { return int64(s) }
func (s sized) IsValidAt(time.Time) bool { return true }

func TestCache_KeepsWhatWasReadLast(t *testing.T) {
	t.Parallel()
	c := New[sized](8000)
	for i := range 20 {
		k := Key{Item: strconv.Itoa(i)}
		_, generation, _ := c.Get(k, time.Time{})
		c.Put(k, 1000, generation)
		c.Get(Key{Item: "0"}, time.Time{}) // used at each step
	}
	for i, want := range map[int]bool{0: true, 1: false, 12: false, 13: true, 19: true} {
		if _, _, ok := c.Get(Key{Item: strconv.Itoa(i)}, time.Time{}); ok != want {
			t.Errorf("entry %d exists: %t, want %t", i, ok, want)
		}
	}
}

func TestCache_DistinguishesKeys(t *testing.T) {
	t.Parallel()
	c := New[sized](100000)
	keys := []Key{{"a", "b", "c"}, {"x", "b", "c"}, {"a", "x", "c"}, {"a", "b", "x"}}
	for i, k := range keys {
		c.Put(k, sized(600+i), 0)
	}
	for i, k := range keys {
		if v, _, ok := c.Get(k, time.Time{}); !ok || v != sized(600+i) {
			t.Errorf("%v is %d", k, v)
		}
	}
}

func TestCache_DropsEntries(t *testing.T) {
	t.Parallel()
	k := Key{"A", "v", "a"}
	for name, tt := range map[string]struct {
		drop  func(*Cache[sized])
		k     Key
		stays bool
	}{
		"drop":                  {func(c *Cache[sized]) { c.Drop(k) }, k, false},
		"drop of another":       {func(c *Cache[sized]) { c.Drop(Key{"A", "v", "b"}) }, k, true},
		"clear":                 {func(c *Cache[sized]) { c.Clear() }, k, false},
		"vault":                 {func(c *Cache[sized]) { c.DropVault("A", "v") }, k, false},
		"another vault":         {func(c *Cache[sized]) { c.DropVault("A", "w") }, k, true},
		"vault of another":      {func(c *Cache[sized]) { c.DropVault("B", "v") }, k, true},
		"account":               {func(c *Cache[sized]) { c.DropAccount("A") }, k, false},
		"account of another":    {func(c *Cache[sized]) { c.DropAccount("B") }, k, true},
		"of an account":         {func(c *Cache[sized]) { c.DropVault("A", "") }, Key{Account: "A", Item: "a"}, false},
		"of an account, drop":   {func(c *Cache[sized]) { c.Drop(Key{Account: "A"}) }, Key{Account: "A"}, false},
		"of a vault, its items": {func(c *Cache[sized]) { c.DropVault("A", "v") }, Key{Account: "A", Item: "a"}, true},
	} {
		c := New[sized](100000)
		_, generation, _ := c.Get(tt.k, time.Time{})
		c.Put(tt.k, 600, generation)
		tt.drop(c)
		if _, _, ok := c.Get(tt.k, time.Time{}); ok != tt.stays {
			t.Errorf("%s: the entry exists: %t", name, ok)
		}
		// A value that was read before the drop may be old.
		c = New[sized](100000)
		_, generation, _ = c.Get(tt.k, time.Time{})
		tt.drop(c)
		c.Put(tt.k, 600, generation)
		if _, _, ok := c.Get(tt.k, time.Time{}); ok && !tt.stays {
			t.Errorf("%s: a value from before is kept", name)
		}
		_, generation, _ = c.Get(tt.k, time.Time{})
		c.Put(tt.k, 600, generation)
		if _, _, ok := c.Get(tt.k, time.Time{}); !ok {
			t.Errorf("%s: a value from after is not kept", name)
		}
	}
}

// A writer invalidates reads of what it writes, and hardly any others.
func TestCache_KeepsReadsOfOtherItems(t *testing.T) {
	t.Parallel()
	c := New[sized](1 << 20)
	kept := 0
	for i := range 200 {
		k := Key{"A", "v", strconv.Itoa(i)}
		_, generation, _ := c.Get(k, time.Time{})
		c.Drop(Key{"A", "v", "written"})
		c.DropVault("A", "w")
		c.Put(k, 600, generation)
		if _, _, ok := c.Get(k, time.Time{}); ok {
			kept++
		}
	}
	if kept < 100 {
		t.Errorf("%d of 200 reads are kept", kept)
	}
}

// The bytes counted are those of the entries, and never more than the limit.
func TestCache_CountsItsBytes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		limit := rapid.Int64Range(1, 20000).Draw(t, "limit")
		c := New[sized](limit)
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			number := func(limit int, name string) string { return strconv.Itoa(rapid.IntRange(0, limit).Draw(t, name)) }
			k := Key{number(2, "account"), number(1, "vault"), number(5, "key")}
			switch rapid.IntRange(0, 7).Draw(t, "step") {
			case 3:
				c.DropVault(k.Account, k.Vault)
				if keys := c.accounts[k.Account][k.Vault]; len(keys) > 0 {
					t.Fatalf("vault %s still has %v", k.Vault, keys)
				}
			case 0:
				c.Drop(k)
			case 2:
				c.DropAccount(k.Account)
				if len(c.accounts[k.Account]) > 0 {
					t.Fatalf("account %s still has %v", k.Account, c.accounts[k.Account])
				}
			case 1:
				c.Clear()
			default:
				_, generation, _ := c.Get(k, time.Time{})
				c.Put(k, sized(rapid.Int64Range(512, 4000).Draw(t, "size")), generation)
			}
			var sum int64
			for _, v := range c.lru.Values() {
				sum += v.Size()
			}
			indexed := 0
			for account, vaults := range c.accounts {
				for vault, keys := range vaults {
					indexed += len(keys)
					for k := range keys {
						if k.Account != account || k.Vault != vault || !c.lru.Contains(k) {
							t.Fatalf("vault %s of account %s has %v", vault, account, k)
						}
					}
					if len(keys) == 0 {
						t.Fatalf("the index has vault %s of account %s without keys", vault, account)
					}
				}
			}
			if indexed != c.lru.Len() {
				t.Fatalf("%d entries are indexed, %d are kept", indexed, c.lru.Len())
			}
			if c.bytes != sum || sum > limit {
				t.Fatalf("%d bytes are counted, %d are kept, the limit is %d", c.bytes, sum, limit)
			}
		}
	})
}

// While writers change a store and drop what they have changed, no reader that starts after a change gets a value from
// before it.
func TestCache_NeverReturnsOldValues(t *testing.T) {
	t.Parallel()
	c, k := New[sized](1<<20), Key{Item: "a"}
	var mu sync.Mutex
	stored := sized(512)
	read := func() sized {
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
				c.Drop(k)
				if v, _, ok := c.Get(k, time.Time{}); ok && v < written {
					t.Errorf("after %d was written the cache returns %d", written, v)
				}
			}
		})
		all.Go(func() {
			for range 4000 {
				if _, generation, ok := c.Get(k, time.Time{}); !ok {
					c.Put(k, read(), generation)
				}
			}
		})
	}
	all.Wait()
}
