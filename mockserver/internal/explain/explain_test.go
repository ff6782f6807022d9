package explain_test

import (
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/mockserver/internal/backend"
	"github.com/connectmock/connectmock/mockserver/internal/explain"
	"github.com/connectmock/connectmock/mockserver/internal/journal"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// open returns a backend with one vault, which has an item of that title.
func open(t *testing.T, title string) (b *backend.Backend, account, vault string) {
	t.Helper()
	f := &fixtures.Fixture{Accounts: []fixtures.Account{{Vaults: []fixtures.Vault{
		{Name: "V", Items: []fixtures.Item{{Title: title, Category: "LOGIN"}}},
	}}}}
	if err := f.Complete(); err != nil {
		t.Fatal(err)
	}
	b = backend.New(backend.Options{
		Store: backend.MemoryStore, Fixture: f, Now: time.Now, JournalSize: 10, MaxBody: 16 << 20,
		Log: slog.New(slog.DiscardHandler),
	})
	b.SetOperations([]string{"GetVaultItems"}, []backend.Operation{
		{ID: "GetVaultItems", Method: "GET", Path: "/v1/vaults/{vaultUuid}/items", Parameters: []string{"vaultUuid"}},
	})
	if err := b.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
	return b, f.Accounts[0].ID, f.Accounts[0].Vaults[0].ID
}

func TestRequest_CutsLongTitles(t *testing.T) {
	t.Parallel()
	b, account, vault := open(t, "needle"+strings.Repeat("x", 1<<20))
	path := "/v1/vaults/" + vault + "/items"
	id := b.Journal.Add(controlapi.Entry{
		Account: account, Operation: "GetVaultItems", Method: "GET", Path: path, Query: "filter=title+eq+%22needle%22",
		Status: 200, Bytes: 2,
	}, journal.Details{Check: journal.CheckHandle, Parameters: []string{"filter"}})
	out, err := explain.Request(t.Context(), b, id)
	if err != nil || len(out.Near) == 0 {
		t.Fatalf("%v: %+v", err, out)
	}
	for _, line := range out.Near {
		if len(line) > 1024 || !strings.Contains(line, "needlexxx") {
			t.Errorf("%d bytes: %.100s", len(line), line)
		}
	}
}
