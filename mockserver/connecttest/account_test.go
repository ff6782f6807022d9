package connecttest_test

import (
	"errors"
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/1Password/connect-sdk-go/onepassword"
	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

func TestNewAccount_IsolatesTestsOfASharedServer(t *testing.T) {
	t.Parallel()
	server := connecttest.NewServer(t)
	t.Run("tests", func(t *testing.T) {
		for n := range 20 {
			t.Run(fmt.Sprint(n), func(t *testing.T) {
				t.Parallel()
				checkIsolation(t, server)
			})
		}
	})
	// Each account was deleted at the end of its test.
	if list, err := server.Mock.Accounts(t.Context()); err != nil || len(list) != 1 {
		t.Errorf("accounts %+v, error %v", list, err)
	}
	client := newClient(server.URL, server.Token)
	if card, err := client.GetItem("Company Card", "Office"); err != nil || card.Version != 1 {
		t.Errorf("the first account's card is %+v, error %v", card, err)
	}
}

func checkIsolation(t *testing.T, server *connecttest.Server) {
	account := server.NewAccount(t)
	client := newClient(account.URL, account.Token)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	account.Snapshot(t, "start")
	card, err := client.GetItem("Company Card", "Office")
	must(err)
	must(client.DeleteItem(card, "Office"))
	created, err := client.CreateItem(&onepassword.Item{Title: account.Name, Category: onepassword.Login}, "Office")
	must(err)
	items, err := client.GetItems("Office")
	must(err)
	if last := items[len(items)-1]; last.ID != created.ID {
		t.Errorf("the last item is %s of %s", last.Title, last.ID)
	}
	if d := account.Diff(t, "start"); len(d.Changes) != 3 {
		t.Errorf("changed %+v", d.Changes)
	}

	account.Restore(t, "start")
	card, err = client.GetItem("Company Card", "Office")
	must(err)
	if card.Version != 1 {
		t.Errorf("the card has version %d", card.Version)
	}

	// A token expires while the account's clock is frozen and advanced.
	at := account.Freeze(t)
	short := newClient(account.URL, account.NewToken(t, controlapi.Token{Name: "short",
		ExpiresIn: controlapi.Duration(time.Hour)}))
	_, err = short.GetVaults()
	must(err)
	if now := account.Advance(t, time.Hour); !now.Equal(at.Add(time.Hour)) {
		t.Errorf("an hour after %v it is %v", at, now)
	}
	_, err = short.GetVaults()
	var rejected *onepassword.Error
	if !errors.As(err, &rejected) || rejected.StatusCode != 401 {
		t.Errorf("an expired token: %v", err)
	}

	f := account.Fault(t, controlapi.Fault{Operation: "GetVaults", Abort: &controlapi.Abort{Status: 500}, Times: 1})
	if f.Account != account.ID {
		t.Errorf("the fault is of account %q", f.Account)
	}
	if _, err := client.GetVaults(); err == nil {
		t.Error("the fault was not applied")
	}
	_, err = client.GetVaults()
	must(err)
	account.Verify(t, controlapi.Expectation{Operation: "GetVaults", Status: "500", Fault: f.Name},
		controlapi.Expectation{Operation: "CreateVaultItem", Caller: "main"})
	if entries := account.Journal(t, controlapi.JournalQuery{Status: "401"}); len(entries) != 1 {
		t.Errorf("entries of rejected requests: %+v", entries)
	}

	account.Load(t, fixtureOf(t, "Extra"))
	_, err = client.GetVaultByTitle("Extra")
	must(err)
	account.Reset(t)
	if _, err = client.GetVaultByTitle("Extra"); err == nil {
		t.Error("the vault exists after a reset")
	}
	if entries := account.Journal(t, controlapi.JournalQuery{}); len(entries) != 1 {
		t.Errorf("%d journal entries after a reset", len(entries))
	}
}

// fixtureOf returns a fixture with one empty vault.
func fixtureOf(t *testing.T, vault string) *fixtures.Fixture {
	t.Helper()
	fx := &fixtures.Fixture{Accounts: []fixtures.Account{{Vaults: []fixtures.Vault{{Name: vault}}}}}
	if err := fx.Complete(); err != nil {
		t.Fatal(err)
	}
	return fx
}

func TestNewAccount_StartsWithInitialDataOrSnapshot(t *testing.T) {
	t.Parallel()
	server := connecttest.NewServer(t, connecttest.WithoutSocket())
	first := server.NewAccount(t, connecttest.Named("first"))
	first.Load(t, fixtureOf(t, "Extra"))
	first.Snapshot(t, "extra")
	for name, want := range map[string]struct {
		options []connecttest.AccountOption
		extra   bool
	}{
		"initial":  {[]connecttest.AccountOption{connecttest.From("first")}, false},
		"snapshot": {[]connecttest.AccountOption{connecttest.From(first.ID), connecttest.FromSnapshot("extra")}, true},
	} {
		account := server.NewAccount(t, want.options...)
		response, err := account.Client.Get(account.URL + `/v1/vaults?filter=title+eq+%22Extra%22`)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		if err := errors.Join(err, response.Body.Close()); err != nil {
			t.Fatal(err)
		}
		if got := len(body) > len("[]"); got != want.extra {
			t.Errorf("from a %s: the extra vault exists: %t", name, got)
		}
	}
	// Deleting an account that is already deleted does not fail the test.
	t.Run("reset", func(t *testing.T) {
		server.NewAccount(t)
		if err := server.Mock.Reset(t.Context(), controlapi.Reset{}); err != nil {
			t.Error(err)
		}
	})
}
