package cache

import (
	"strconv"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// weight is a value that takes as many bytes as it says.
type weight int64

func (w weight) Size() int64              { return int64(w) }
func (w weight) IsValidAt(time.Time) bool { return true }

func TestCache_KeepsWhatWasReadLast(t *testing.T) {
	t.Parallel()
	c := New[weight](8000)
	for i := range 20 {
		k := Key{Item: strconv.Itoa(i)}
		_, generation, _ := c.Get(k, time.Time{})
		c.Put(k, 1000, generation)
		c.Get(Key{Item: "0"}, time.Time{}) // asked for again and again
	}
	for i, want := range map[int]bool{0: true, 1: false, 12: false, 13: true, 19: true} {
		if _, _, ok := c.Get(Key{Item: strconv.Itoa(i)}, time.Time{}); ok != want {
			t.Errorf("entry %d is there: %t, want %t", i, ok, want)
		}
	}
}

func TestCache_TellsKeysApart(t *testing.T) {
	t.Parallel()
	c := New[weight](100000)
	keys := []Key{{"a", "b", "c"}, {"x", "b", "c"}, {"a", "x", "c"}, {"a", "b", "x"}}
	for i, k := range keys {
		c.Put(k, weight(600+i), 0)
	}
	for i, k := range keys {
		if v, _, ok := c.Get(k, time.Time{}); !ok || v != weight(600+i) {
			t.Errorf("%v is %d", k, v)
		}
	}
}

func TestCache_DropsEntries(t *testing.T) {
	t.Parallel()
	k := Key{"A", "v", "a"}
	for name, tt := range map[string]struct {
		forget func(*Cache[weight])
		k      Key
		stays  bool
	}{
		"drop":                  {func(c *Cache[weight]) { c.Drop(k) }, k, false},
		"drop of another":       {func(c *Cache[weight]) { c.Drop(Key{"A", "v", "b"}) }, k, true},
		"clear":                 {func(c *Cache[weight]) { c.Clear() }, k, false},
		"vault":                 {func(c *Cache[weight]) { c.DropVault("A", "v") }, k, false},
		"another vault":         {func(c *Cache[weight]) { c.DropVault("A", "w") }, k, true},
		"vault of another":      {func(c *Cache[weight]) { c.DropVault("B", "v") }, k, true},
		"account":               {func(c *Cache[weight]) { c.DropAccount("A") }, k, false},
		"account of another":    {func(c *Cache[weight]) { c.DropAccount("B") }, k, true},
		"of an account":         {func(c *Cache[weight]) { c.DropVault("A", "") }, Key{Account: "A", Item: "a"}, false},
		"of an account, drop":   {func(c *Cache[weight]) { c.Drop(Key{Account: "A"}) }, Key{Account: "A"}, false},
		"of a vault, its items": {func(c *Cache[weight]) { c.DropVault("A", "v") }, Key{Account: "A", Item: "a"}, true},
	} {
		c := New[weight](100000)
		_, generation, _ := c.Get(tt.k, time.Time{})
		c.Put(tt.k, 600, generation)
		tt.forget(c)
		if _, _, ok := c.Get(tt.k, time.Time{}); ok != tt.stays {
			t.Errorf("%s: the entry is there: %t", name, ok)
		}
		// What was read before may be of before the change.
		c = New[weight](100000)
		_, generation, _ = c.Get(tt.k, time.Time{})
		tt.forget(c)
		c.Put(tt.k, 600, generation)
		if _, _, ok := c.Get(tt.k, time.Time{}); ok && !tt.stays {
			t.Errorf("%s: a read of before is kept", name)
		}
		_, generation, _ = c.Get(tt.k, time.Time{})
		c.Put(tt.k, 600, generation)
		if _, _, ok := c.Get(tt.k, time.Time{}); !ok {
			t.Errorf("%s: a read of after is not kept", name)
		}
	}
}

// A writer voids what is being read of one thing, and hardly anything else.
func TestCache_KeepsReadsBesideAWriter(t *testing.T) {
	t.Parallel()
	c := New[weight](1 << 20)
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
		t.Errorf("of 200 reads %d are kept", kept)
	}
}

// The bytes counted are those of the entries, and never above the limit.
func TestCache_CountsItsBytes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		limit := rapid.Int64Range(1, 20000).Draw(t, "limit")
		c := New[weight](limit)
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			number := func(most int, of string) string { return strconv.Itoa(rapid.IntRange(0, most).Draw(t, of)) }
			k := Key{number(2, "account"), number(1, "vault"), number(5, "key")}
			switch rapid.IntRange(0, 7).Draw(t, "step") {
			case 3:
				c.DropVault(k.Account, k.Vault)
				if its := c.accounts[k.Account][k.Vault]; len(its) > 0 {
					t.Fatalf("of vault %s is left %v", k.Vault, its)
				}
			case 0:
				c.Drop(k)
			case 2:
				c.DropAccount(k.Account)
				if len(c.accounts[k.Account]) > 0 {
					t.Fatalf("of account %s is left %v", k.Account, c.accounts[k.Account])
				}
			case 1:
				c.Clear()
			default:
				_, generation, _ := c.Get(k, time.Time{})
				c.Put(k, weight(rapid.Int64Range(512, 4000).Draw(t, "size")), generation)
			}
			var sum int64
			for _, v := range c.lru.Values() {
				sum += v.Size()
			}
			held := 0
			for account, vaults := range c.accounts {
				for vault, its := range vaults {
					held += len(its)
					for k := range its {
						if k.Account != account || k.Vault != vault || !c.lru.Contains(k) {
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
func TestCache_IsNeverBehindTheStore(t *testing.T) {
	t.Parallel()
	c, k := New[weight](1<<20), Key{Item: "a"}
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
				c.Drop(k)
				if v, _, ok := c.Get(k, time.Time{}); ok && v < written {
					t.Errorf("after %d was written the cache says %d", written, v)
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
