package mockserver_test

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

func TestSnapshot_RestoresTheAccount(t *testing.T) {
	t.Parallel()
	s, d := newServer(t, connecttest.WithClock(newClock().Now)), demo(t)
	own, account := s.newAccount(t)
	t.Run("first account", func(t *testing.T) { checkSnapshotsRestore(t, s, d, d.fixture.Accounts[0].ID) })
	t.Run("created account", func(t *testing.T) { checkSnapshotsRestore(t, own, d, account.ID) })
}

func checkSnapshotsRestore(t *testing.T, s *testServer, d demoData, id string) {
	save := func(name string) {
		t.Helper()
		got, err := s.Mock.SaveSnapshot(t.Context(), controlapi.NewSnapshot{Account: id, Name: name})
		if err != nil || got.Name != name || got.Account != id || got.Vaults != 3 || got.Items == 0 ||
			got.CreatedAt.IsZero() {
			t.Errorf("saved %+v, error %v", got, err)
		}
	}
	save("start")
	start := s.accountState(t, id)
	s.changeItems(t, d, "one")
	save("one")
	one := s.accountState(t, id)
	s.changeItems(t, d, "two")
	s.accountState(t, id) // into the caches
	for _, step := range []struct{ name, want string }{{"one", one}, {"start", start}, {"start", start}, {"one", one}} {
		s.restoreSnapshot(t, id, step.name)
		wantState(t, step.want, s.accountState(t, id), "restored %s", step.name)
	}
	list, err := s.Mock.Snapshots(t.Context(), id)
	if err != nil || len(list) != 2 || list[0].Name != "one" || list[1].Name != "start" ||
		list[0].Items != list[1].Items+1 {
		t.Errorf("snapshots %+v, error %v", list, err)
	}
	// Snapshots stay after a reset.
	must(t, s.Mock.Reset(t.Context(), controlapi.Reset{Account: id}))
	wantState(t, withoutActivity(start), withoutActivity(s.accountState(t, id)), "after a reset")
	s.restoreSnapshot(t, id, "one")
	wantState(t, one, s.accountState(t, id), "restored after a reset")
	must(t, s.Mock.DeleteSnapshot(t.Context(), id, "one"))
	wantControlError(t, s.Mock.RestoreSnapshot(t.Context(), id, "one"), 404, "there are: start")
	must(t, s.Mock.DeleteSnapshot(t.Context(), id, "start"))
	wantControlError(t, s.Mock.DeleteSnapshot(t.Context(), id, "start"), 404, "nor any other")
}

func TestSnapshot_Names(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	save := func(spec controlapi.NewSnapshot) error {
		_, err := s.Mock.SaveSnapshot(t.Context(), spec)
		return err
	}
	for _, bad := range []string{"", "a/b", "a\nb", `a\b`, ".", "..", " a", "a ", "\xff", strings.Repeat("a", 101)} {
		wantControlError(t, save(controlapi.NewSnapshot{Name: bad}), 400, "name")
	}
	for _, good := range []string{"a", "before the run", "Vorher ☂", "v1.2", strings.Repeat("a", 100)} {
		if err := save(controlapi.NewSnapshot{Name: good}); err != nil {
			t.Errorf("%q: %v", good, err)
		}
		wantControlError(t, save(controlapi.NewSnapshot{Name: good}), 409, "already")
	}
	wantControlError(t, save(controlapi.NewSnapshot{Account: "nobody", Name: "a"}), 404, "nobody")
	// Another account can use a name again.
	_, account := s.newAccount(t)
	account.Snapshot(t, "a")
}

// After a restore, tokens that were revoked since are valid again and tokens that
// were issued since are not.
func TestSnapshot_HoldsTokens(t *testing.T) {
	t.Parallel()
	s, account := newServer(t).newAccount(t)
	early := token(account.NewToken(t, controlapi.Token{Name: "early"}))
	account.Snapshot(t, "s")
	late := token(account.NewToken(t, controlapi.Token{Name: "late"}))
	must(t, s.Mock.RevokeToken(t.Context(), account.ID, "early"))
	s.get(t, "/v1/vaults", early).wantStatus(t, 401)
	s.get(t, "/v1/vaults", late).wantOK(t)
	account.Restore(t, "s")
	s.get(t, "/v1/vaults", early).wantOK(t)
	s.get(t, "/v1/vaults", late).wantStatus(t, 401)
	account.Reset(t)
	s.get(t, "/v1/vaults", early).wantStatus(t, 401)
	s.get(t, "/v1/vaults").wantOK(t)
}

func TestSnapshot_StartsAnAccount(t *testing.T) {
	t.Parallel()
	s, d := newServer(t, connecttest.WithClock(newClock().Now)), demo(t)
	s.changeItems(t, d, "one")
	s.saveSnapshot(t, controlapi.NewSnapshot{Name: "s"})
	want := s.accountState(t, d.fixture.Accounts[0].ID)
	s.changeItems(t, d, "two")
	created := s.createAccount(t, controlapi.NewAccount{Snapshot: "s"})
	own := s.withToken(created.Token)
	wantState(t, want, own.accountState(t, created.ID), "created from the snapshot")
	own.changeItems(t, d, "three")
	must(t, s.Mock.DeleteSnapshot(t.Context(), "", "s"))
	must(t, s.Mock.Reset(t.Context(), controlapi.Reset{Account: created.ID}))
	wantState(t, want, own.accountState(t, created.ID), "reset after the snapshot was deleted")
}

func TestSnapshot_DiffNamesChanges(t *testing.T) {
	t.Parallel()
	s, account := newServer(t).newAccount(t)
	d := demo(t)
	old := s.list(t, d.items("Office"))
	account.Snapshot(t, "before")
	if diff := account.Diff(t, "before"); len(diff.Changes) != 0 || diff.Activity != 0 {
		t.Errorf("nothing was done: %+v", diff)
	}
	const secret = "canary-canary"
	created, path := s.create(t, d.vault("Office"),
		`{"title":"new","category":"LOGIN","fields":[{"purpose":"PASSWORD","value":"`+secret+`"}]}`)
	account.Snapshot(t, "between")
	s.send(t, "PATCH", path, `[{"op":"replace","path":"/fields/password/value","value":"`+secret+`-2"},`+
		`{"op":"add","path":"/tags","value":"x"}]`).wantOK(t)
	s.send(t, "DELETE", d.items("Office")+"/"+old[0].ID, nil).wantStatus(t, 204)
	account.NewToken(t, controlapi.Token{Name: "more"})
	read := "read"
	_, err := s.Mock.ChangeToken(t.Context(), account.ID, "main", controlapi.TokenChange{Permission: &read})
	must(t, err)

	got := account.Diff(t, "between")
	wantEqual(t, []string{
		"added token more ",
		"changed item new fields.password.passwordDetails,fields.password.value,tags,version",
		"changed token main permission",
		"changed vault Office contentVersion,items",
		"removed item " + old[0].Title + " ",
	}, summarizeDiff(got), "changes since the second snapshot")
	if got.Activity != 2 || got.From != "between" || got.To != "" {
		t.Errorf("%d records from %q to %q", got.Activity, got.From, got.To)
	}
	steps, err := s.Mock.DiffSnapshots(t.Context(), account.ID, "before", "between")
	must(t, err)
	wantEqual(t, []string{"added item new ", "changed vault Office contentVersion,items"}, summarizeDiff(steps),
		"changes from the first to the second snapshot")
	back, err := s.Mock.DiffSnapshots(t.Context(), account.ID, "between", "before")
	if err != nil || len(back.Changes) != 2 || back.Changes[1].Change != "removed" ||
		back.Changes[1].ID != created.ID || back.Activity != -1 {
		t.Errorf("from the second to the first: %+v, error %v", back, err)
	}
	for _, d := range []controlapi.Diff{got, steps, back} {
		if text, err := json.Marshal(d); err != nil || strings.Contains(string(text), secret) {
			t.Errorf("the diff shows a value: %s", text)
		}
	}
	for _, names := range [][2]string{{"none", ""}, {"before", "none"}} {
		_, err = s.Mock.DiffSnapshots(t.Context(), account.ID, names[0], names[1])
		wantControlError(t, err, 404, "none")
	}
}

// summarizeDiff returns a sorted line for each change. It leaves out updatedAt,
// because no second may have passed, and the entropy, which two passwords may share.
func summarizeDiff(d controlapi.Diff) (lines []string) {
	for _, c := range d.Changes {
		members := slices.DeleteFunc(slices.Clone(c.Members), func(name string) bool {
			return name == "updatedAt" || name == "fields.password.entropy"
		})
		lines = append(lines, strings.Join([]string{c.Change, c.Kind, c.Name, strings.Join(members, ",")}, " "))
	}
	slices.Sort(lines)
	return lines
}

// TestSnapshot_SurvivesARestart also expects accounts and what was changed in them
// in the file.
func TestSnapshot_SurvivesARestart(t *testing.T) {
	t.Parallel()
	file, d := filepath.Join(t.TempDir(), "mock.db"), demo(t)
	still := connecttest.WithClock(newClock().Now)
	var account controlapi.Account
	var saved, left string
	runServer(t, file, func(s *testServer) {
		account = s.createAccount(t, controlapi.NewAccount{Name: "w"})
		own := s.withToken(account.Token)
		own.changeItems(t, d, "one")
		s.saveSnapshot(t, controlapi.NewSnapshot{Account: "w", Name: "s"})
		saved = own.accountState(t, account.ID)
		own.changeItems(t, d, "two")
		left = own.accountState(t, account.ID)
	}, still)
	runServer(t, file, func(s *testServer) {
		own := s.withToken(account.Token)
		wantState(t, withoutActivity(left), withoutActivity(own.accountState(t, account.ID)), "after the restart")
		s.restoreSnapshot(t, "w", "s")
		wantState(t, saved, own.accountState(t, account.ID), "restored")
		s.createAccount(t, controlapi.NewAccount{})
		must(t, s.Mock.DeleteAccount(t.Context(), "w"))
	}, still)
	runServer(t, file, func(s *testServer) {
		if list, err := s.Mock.Accounts(t.Context()); err != nil || len(list) != 2 {
			t.Errorf("accounts %+v, error %v", list, err)
		}
		s.get(t, "/v1/vaults", token(account.Token)).wantError(t, connect.InvalidToken())
	})
}
