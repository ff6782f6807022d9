package api

import (
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/mockserver/internal/store"
	"github.com/connectmock/connectmock/openapi/connect"
)

// A document that is requested twice is read from the store once, and again after another process may have written.
func TestReads_AreCached(t *testing.T) {
	t.Parallel()
	f := fixtures.Demo()
	account, vault := f.Accounts[0].ID, f.Accounts[0].Vaults[0]
	file := filepath.Join(t.TempDir(), "store.db")
	h := open(t, config{store: file, fixture: f, now: func() time.Time { return time.Unix(1<<30, 0) }})
	items := "/v1/vaults/" + vault.ID + "/items"
	paths := []string{
		"/v1/vaults", "/v1/vaults/" + vault.ID, items, items + "?filter=title+eq+%22x%22",
		items + "?filter=title+eq+%22y%22", items + "/" + vault.Items[0].ID,
	}
	before := make([]string, len(paths))
	for i, path := range paths {
		before[i] = h.get(t, path)
	}
	stats := h.backend.Vaults.CacheStats()
	for i, path := range paths {
		if again := h.get(t, path); again != before[i] {
			t.Errorf("%s: %s\nthen %s", path, before[i], again)
		}
	}
	now := h.backend.Vaults.CacheStats()
	if l, was := now["lists"], stats["lists"]; l.Hits != was.Hits+5 || l.Misses != was.Misses || l.Entries != 5 {
		t.Errorf("lists: %+v, then %+v", was, l)
	}
	if it, was := now["items"], stats["items"]; it.Hits != was.Hits+1 || it.Misses != was.Misses {
		t.Errorf("items: %+v, then %+v", was, it)
	}
	other, err := store.Open(t.Context(), store.Options{Path: file}) // as another process does
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	if err := other.Update(t.Context(), func(tx *store.Tx) error {
		it, err := tx.Item(account, vault.ID, vault.Items[0].ID)
		if err != nil {
			return err
		}
		it.Title, it.Version = "x", it.Version+1
		if err := tx.PutItem(account, it); err != nil {
			return err
		}
		return tx.TouchVault(account, vault.ID, 0, connect.At(time.Unix(1<<30, 0)))
	}); err != nil {
		t.Fatal(err)
	}
	h.backend.Vaults.DropAccount("")
	for i, path := range paths {
		if again := h.get(t, path); (again == before[i]) != strings.Contains(path, "%22y%22") {
			t.Errorf("%s: %s\nafter another process wrote: %s", path, before[i], again)
		}
	}
}

// A list that would push out everything else is not cached, nor is any where nothing may be.
func TestLists_AreNotCachedIfTooLarge(t *testing.T) {
	t.Parallel()
	for size, want := range map[int64]int{-1: 0, 4 << 10: 0, 8 << 20: 1} {
		h := open(t, config{cacheBytes: size})
		h.get(t, itemsPath())
		if got := h.backend.Vaults.CacheStats()["lists"]; got.Entries != want {
			t.Errorf("of %d bytes: %+v", size, got)
		}
	}
}

func TestLists_CountTheirFilters(t *testing.T) {
	t.Parallel()
	const size = 1 << 20
	h := open(t, config{cacheBytes: size})
	for i := range 300 {
		filter := "?filter=title+eq+%22none" + strconv.Itoa(i) + strings.Repeat("x", 8000) + "%22"
		if body := h.get(t, itemsPath()+filter); body != "[]" {
			t.Fatal(body)
		}
	}
	got := h.backend.Vaults.CacheStats()["lists"]
	if got.Bytes > size/16*7 || got.Bytes < int64(got.Entries)*8000 || got.Entries == 0 {
		t.Errorf("%+v of %d bytes", got, size/16*7)
	}
}
