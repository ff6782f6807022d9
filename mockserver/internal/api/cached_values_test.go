package api

import (
	"testing"
	"time"

	"github.com/connectmock/connectmock/mockserver/internal/backend/cache"
)

// What an entry is said to take bounds what the cache holds.
func TestCachedValues_CountTheirContent(t *testing.T) {
	t.Parallel()
	large := make([]byte, 1<<20)
	for name, h := range map[string]cache.Value{
		"item":   heldItem{body: large},
		"list":   heldList{body: large},
		"query":  heldList{asked: string(large)},
		"vaults": heldList{vaults: []heldVault{{encoded: large}}},
		"name":   vaultName{Name: string(large)},
	} {
		if h.Size() < int64(len(large)) {
			t.Errorf("%s: 1 MiB counts as %d bytes", name, h.Size())
		}
	}
	for _, h := range []cache.Value{heldItem{}, heldList{}, vaultName{}} {
		if h.Size() < 512 {
			t.Errorf("%T: an entry takes at least half a KiB, the number of entries relies on it", h)
		}
	}
}

// What changes by itself is held as long as it is good, and no longer.
func TestCachedItem_IsValidWhileItsCodesAre(t *testing.T) {
	t.Parallel()
	from := time.Unix(60, 0)
	until := from.Add(30 * time.Second)
	c := cache.New[heldItem](1 << 20)
	c.Put(cache.Key{}, heldItem{version: 7, from: from, until: until}, 0)
	for at, want := range map[time.Time]bool{
		from.Add(-1): false, from: true, until.Add(-1): true, until: false,
	} {
		if _, _, ok := c.Get(cache.Key{}, at); ok != want {
			t.Errorf("at %s it is good: %t", at.UTC(), ok)
		}
	}
	// It makes room for what is good now.
	old, generation, _ := c.Get(cache.Key{}, until)
	c.Put(cache.Key{}, heldItem{version: 8, from: until, until: until.Add(time.Minute)}, generation)
	if now, _, ok := c.Get(cache.Key{}, until); !ok || old.version != 0 || now.version != 8 {
		t.Errorf("version %d after %d, held: %t", now.version, old.version, ok)
	}
}
