package vaults

import (
	"testing"
	"time"

	"github.com/connectmock/connectmock/mockserver/internal/backend/cache"
)

func TestCachedValues_CountTheirContent(t *testing.T) {
	t.Parallel()
	large := make([]byte, 1<<20)
	for name, v := range map[string]cache.Value{
		"item":   cachedItem{body: large},
		"list":   cachedList{body: large},
		"filter": cachedList{filter: string(large)},
		"vaults": cachedList{vaults: []encodedVault{{encoded: large}}},
		"name":   cachedName{Name: string(large)},
	} {
		if v.Size() < int64(len(large)) {
			t.Errorf("%s: 1 MiB counts as %d bytes", name, v.Size())
		}
	}
	for _, v := range []cache.Value{cachedItem{}, cachedList{}, cachedName{}} {
		if v.Size() < 512 {
			t.Errorf("%T: an entry takes at least half a KiB, the number of entries relies on it", v)
		}
	}
}

func TestCachedItem_IsValidWhileItsCodesAre(t *testing.T) {
	t.Parallel()
	from := time.Unix(60, 0)
	until := from.Add(30 * time.Second)
	c := cache.New[cachedItem](1 << 20)
	c.Put(cache.Key{}, cachedItem{version: 7, from: from, until: until}, 0)
	for at, want := range map[time.Time]bool{
		from.Add(-1): false, from: true, until.Add(-1): true, until: false,
	} {
		if _, _, ok := c.Get(cache.Key{}, at); ok != want {
			t.Errorf("at %s it is valid: %t", at.UTC(), ok)
		}
	}
	// It makes room for the item that is valid now.
	old, generation, _ := c.Get(cache.Key{}, until)
	c.Put(cache.Key{}, cachedItem{version: 8, from: until, until: until.Add(time.Minute)}, generation)
	if now, _, ok := c.Get(cache.Key{}, until); !ok || old.version != 0 || now.version != 8 {
		t.Errorf("version %d after %d, cached: %t", now.version, old.version, ok)
	}
}
