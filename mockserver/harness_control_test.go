package mockserver_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/connectmock/connectmock/openapi/openapitest"
)

// demo returns the demo fixture, which is what a server has by default.
func demo(t tb) demoData { return demoData{t, fixtures.Demo()} }

// demoData finds the paths of what the demo fixture has by name.
type demoData struct {
	t       tb
	fixture *fixtures.Fixture
}

// vault returns the id of a vault.
func (d demoData) vault(name string) string {
	d.t.Helper()
	v := d.fixture.Accounts[0].Vault(name)
	if v == nil {
		d.t.Fatalf("the demo fixture has no vault %q", name)
	}
	return v.ID
}

// items returns the path of the items of a vault.
func (d demoData) items(vault string) string {
	d.t.Helper()
	return "/v1/vaults/" + d.vault(vault) + "/items"
}

// path returns the path of an item, of the first if two have the title.
func (d demoData) path(vault, title string) string {
	d.t.Helper()
	items := d.fixture.Accounts[0].Vault(vault).Items
	i := slices.IndexFunc(items, func(it fixtures.Item) bool { return it.Title == title })
	if i < 0 {
		d.t.Fatalf("the demo fixture has no item %q in %q", title, vault)
	}
	return d.items(vault) + "/" + items[i].ID
}

// file returns the path of a file of an item.
func (d demoData) file(vault, title, name string) string {
	d.t.Helper()
	for _, it := range d.fixture.Accounts[0].Vault(vault).Items {
		for _, f := range it.Files {
			if it.Title == title && f.Name == name {
				return d.path(vault, title) + "/files/" + f.ID
			}
		}
	}
	d.t.Fatalf("the demo fixture has no file %q of %q", name, title)
	return ""
}

// lastSegment returns the id at the end of a path.
func lastSegment(path string) string { return path[strings.LastIndex(path, "/")+1:] }

// withoutHistory is the demo fixture without activity.
func withoutHistory() connecttest.Option {
	f := fixtures.Demo()
	f.Accounts[0].History = 0
	return connecttest.WithFixture(f)
}

// complete adds the ids and defaults that a fixture lacks.
func complete(t testing.TB, f *fixtures.Fixture) *fixtures.Fixture {
	t.Helper()
	must(t, f.Complete())
	return f
}

// parseFixture returns a fixture from YAML or JSON.
func parseFixture(t testing.TB, text string) *fixtures.Fixture {
	t.Helper()
	f, err := fixtures.Load("test.yaml", []byte(text))
	must(t, err)
	return f
}

// twoAccounts is a fixture of two accounts with one vault each.
func twoAccounts(t testing.TB) *fixtures.Fixture {
	t.Helper()
	account := func(name string) fixtures.Account {
		return fixtures.Account{
			Name: name, Vaults: []fixtures.Vault{{Name: "V"}}, Tokens: []fixtures.Token{{Name: "t"}},
		}
	}
	return complete(t, &fixtures.Fixture{Accounts: []fixtures.Account{account("one"), account("two")}})
}

// demoToken returns the value of a token of the demo fixture.
func (s *testServer) demoToken(t testing.TB, name string) string {
	t.Helper()
	list, err := s.Mock.AllTokens(t.Context())
	must(t, err)
	i := slices.IndexFunc(list, func(known controlapi.Token) bool { return known.Name == name })
	if i < 0 {
		t.Fatalf("no token %q", name)
	}
	return list[i].Value
}

func (s *testServer) issueToken(t testing.TB, spec controlapi.Token) controlapi.Token {
	t.Helper()
	issued, err := s.Mock.IssueToken(t.Context(), spec)
	must(t, err)
	return issued
}

// newAccount creates an account for the length of the test and returns the server
// as its clients see it.
func (s *testServer) newAccount(
	t testing.TB, options ...connecttest.AccountOption,
) (*testServer, *connecttest.Account) {
	t.Helper()
	account := s.NewAccount(t, options...)
	own := *s.Server
	own.Token, own.Client = account.Token, account.Client
	return &testServer{&own, openapitest.Client(t, document(t), account.Client.Transport)}, account
}

// createAccount creates an account that the test may delete.
func (s *testServer) createAccount(t testing.TB, spec controlapi.NewAccount) controlapi.Account {
	t.Helper()
	created, err := s.Mock.CreateAccount(t.Context(), spec)
	must(t, err)
	return created
}

func (s *testServer) saveSnapshot(t testing.TB, spec controlapi.NewSnapshot) {
	t.Helper()
	_, err := s.Mock.SaveSnapshot(t.Context(), spec)
	must(t, err)
}

func (s *testServer) restoreSnapshot(t testing.TB, account, name string) {
	t.Helper()
	must(t, s.Mock.RestoreSnapshot(t.Context(), account, name))
}

// addFault adds a fault and returns it with its name.
func (s *testServer) addFault(t testing.TB, f controlapi.Fault) controlapi.Fault {
	t.Helper()
	kept, err := s.Mock.AddFault(t.Context(), f)
	must(t, err)
	return kept
}

// journal returns the entries that match a query, oldest first.
func (s *testServer) journal(t testing.TB, q controlapi.JournalQuery) []controlapi.Entry {
	t.Helper()
	page, err := s.Mock.Journal(t.Context(), q)
	must(t, err)
	return page.Entries
}

// lastEntry returns the newest entry of the journal.
func (s *testServer) lastEntry(t testing.TB) controlapi.Entry {
	t.Helper()
	list := s.journal(t, controlapi.JournalQuery{Limit: 1})
	if len(list) != 1 {
		t.Fatal("the journal is empty")
	}
	return list[0]
}

// setClock changes the clock of an account, "" for that of the server.
func (s *testServer) setClock(t testing.TB, account string, change controlapi.ClockChange) controlapi.Clock {
	t.Helper()
	c, err := s.Mock.SetClock(t.Context(), account, change)
	must(t, err)
	return c
}
