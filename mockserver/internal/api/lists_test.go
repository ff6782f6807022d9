package api

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/mockserver/internal/store"
	"github.com/connectmock/connectmock/openapi/connect"
)

// asker gets documents as the first token of a server.
type asker struct {
	t     *testing.T
	s     *Handler
	token string
}

func newAsker(t *testing.T, c config) asker {
	s := open(t, c)
	value, err := s.backend.Tokens.FirstToken(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return asker{t, s, value}
}

func (a asker) get(path string) string {
	r := httptest.NewRequest("GET", path, nil)
	r.Header.Set("Authorization", "Bearer "+a.token)
	w := httptest.NewRecorder()
	a.s.ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		a.t.Fatalf("%s answered %d %s", path, w.Code, w.Body)
	}
	return w.Body.String()
}

// What is read twice is read from the store once, however it is asked for, and
// anew after what another process may have written.
func TestListsAreHeld(t *testing.T) {
	t.Parallel()
	world := fixtures.Demo()
	account, vault := world.Accounts[0].ID, world.Accounts[0].Vaults[0]
	a := newAsker(t, config{Fixture: world, Now: func() time.Time { return time.Unix(1<<30, 0) }})
	items := "/v1/vaults/" + vault.ID + "/items"
	paths := []string{"/v1/vaults", "/v1/vaults/" + vault.ID, items, items + "?filter=title+eq+%22x%22", items + "?filter=title+eq+%22y%22", items + "/" + vault.Items[0].ID}
	before := make([]string, len(paths))
	for i, path := range paths {
		before[i] = a.get(path)
	}
	lists, held := a.s.lists.Stats(), a.s.items.Stats()
	for i, path := range paths {
		if again := a.get(path); again != before[i] {
			t.Errorf("%s: %s\nthen %s", path, before[i], again)
		}
	}
	if got := a.s.lists.Stats(); got.Hits != lists.Hits+5 || got.Misses != lists.Misses || got.Entries != 5 {
		t.Errorf("lists: %+v, then %+v", lists, got)
	}
	if got := a.s.items.Stats(); got.Hits != held.Hits+1 || got.Misses != held.Misses {
		t.Errorf("items: %+v, then %+v", held, got)
	}
	// As another process would.
	if err := a.s.backend.Store.Update(t.Context(), func(tx *store.Tx) error {
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
	a.s.DropAccount("")
	for i, path := range paths {
		if again := a.get(path); (again == before[i]) != strings.Contains(path, "%22y%22") {
			t.Errorf("%s: %s\nafter another process wrote: %s", path, before[i], again)
		}
	}
}

// A list that would push out everything else is not held, nor are any where
// nothing may be.
func TestLargeListsAreNotHeld(t *testing.T) {
	t.Parallel()
	for size, want := range map[int64]int{-1: 0, 4 << 10: 0, 8 << 20: 1} {
		a := newAsker(t, config{CacheSize: size})
		a.get("/v1/vaults/" + fixtures.Demo().Accounts[0].Vaults[0].ID + "/items")
		if got := a.s.lists.Stats(); got.Entries != want {
			t.Errorf("of %d bytes: %+v", size, got)
		}
	}
}

// A query that is long counts.
func TestQueriesCount(t *testing.T) {
	t.Parallel()
	const size = 1 << 20
	a := newAsker(t, config{CacheSize: size})
	items := "/v1/vaults/" + fixtures.Demo().Accounts[0].Vaults[0].ID + "/items?filter=title+eq+%22none%22&x="
	for i := range 300 {
		if body := a.get(items + strconv.Itoa(i) + strings.Repeat("x", 8000)); body != "[]" {
			t.Fatal(body)
		}
	}
	if got := a.s.lists.Stats(); got.Bytes > size/16*7 || got.Bytes < int64(got.Entries)*8000 || got.Entries == 0 {
		t.Errorf("%+v of %d bytes", got, size/16*7)
	}
}
