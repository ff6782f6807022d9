package mockserver_test

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/google/go-cmp/cmp"
)

// state is all that a client can see of an account: vaults, items, files and
// the log, without what asking for it adds to the log. The account's own id is
// left out.
func (r *testServer) accountState(t testing.TB, account string) string {
	t.Helper()
	log := r.activity(t, "?limit=10000")
	said := []string{fmt.Sprint("records ", log.total)}
	for _, record := range log.records {
		line, err := json.Marshal(record)
		must(t, err)
		said = append(said, strings.ReplaceAll(string(line), account, "ACCOUNT"))
	}
	say := func(path string) response {
		a := r.get(t, path).wantOK(t)
		said = append(said, path+" "+string(a.body))
		return a
	}
	for _, v := range decode[[]connect.Vault](t, say("/v1/vaults")) {
		items := "/v1/vaults/" + v.ID + "/items"
		say("/v1/vaults/" + v.ID)
		for _, it := range decode[[]connect.Summary](t, say(items)) {
			for _, f := range decode[connect.Item](t, say(items+"/"+it.ID)).Files {
				say(items + "/" + it.ID + "/files/" + f.ID + "/content")
			}
		}
	}
	return strings.Join(said, "\n")
}

// excerpt is where two states differ.
func excerpt(got, want string) string {
	at := firstDifference(got, want)
	cut := func(s string) string { return s[max(0, min(at-80, len(s))):min(at+80, len(s))] }
	return fmt.Sprintf("from byte %d on:\n got ...%s...\nwant ...%s...", at, cut(got), cut(want))
}

// withoutLog is a state without the log, which grows by asking.
func withoutActivity(state string) string { return state[strings.Index(state, "\n/v1/vaults"):] }

// stir changes a bit of everything, differently for different words.
func (r *testServer) changeItems(t testing.TB, d demoData, word string) {
	t.Helper()
	made, path := r.create(t, d.vault("Office"), `{"title":"`+word+`","category":"LOGIN","tags":["`+word+`"],"fields":[{"purpose":"PASSWORD","value":"secret `+word+`"}]}`)
	r.send(t, "PATCH", path, `[{"op":"add","path":"/fields/password/value","value":"secret again `+word+`"}]`).wantOK(t)
	r.create(t, made.Vault.ID, `{"title":"second `+word+`","category":"SECURE_NOTE"}`)
	list := r.list(t, d.items("Deployments"))
	r.send(t, "DELETE", d.items("Deployments")+"/"+list[len(list)-1].ID, nil).wantStatus(t, 204)
	r.send(t, "PATCH", d.items("Deployments")+"/"+list[0].ID, `[{"op":"replace","path":"/title","value":"`+word+`"}]`).wantOK(t)
}

func TestSnapshot_RestoresTheAccount(t *testing.T) {
	t.Parallel()
	shared, d := newServer(t, connecttest.WithClock(newClock().Now)), demo(t)
	for _, account := range []string{"the first", "a world"} {
		s, id := shared, d.fixture.Accounts[0].ID
		if account == "a world" {
			own, w := shared.newAccount(t)
			s, id = own, w.ID
		}
		save := func(name string) {
			t.Helper()
			made, err := s.Mock.SaveSnapshot(t.Context(), controlapi.NewSnapshot{Account: id, Name: name})
			if err != nil || made.Name != name || made.Account != id || made.Vaults != 3 || made.Items == 0 || made.CreatedAt.IsZero() {
				t.Errorf("%s: saved %+v, error %v", account, made, err)
			}
		}
		restore := func(name string) {
			t.Helper()
			if err := s.Mock.RestoreSnapshot(t.Context(), id, name); err != nil {
				t.Fatalf("%s: %v", account, err)
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
			restore(step.name)
			if got := s.accountState(t, id); got != step.want {
				t.Errorf("%s: restored %s it differs %s", account, step.name, excerpt(got, step.want))
			}
		}
		list, err := s.Mock.Snapshots(t.Context(), id)
		if err != nil || len(list) != 2 || list[0].Name != "one" || list[1].Name != "start" || list[0].Items != list[1].Items+1 {
			t.Errorf("%s: snapshots %+v, error %v", account, list, err)
		}
		// They outlive a reset, and nobody else has them.
		must(t, s.Mock.Reset(t.Context(), controlapi.Reset{Account: id}))
		if got := s.accountState(t, id); withoutActivity(got) != withoutActivity(start) {
			t.Errorf("%s: after a reset it differs %s", account, excerpt(withoutActivity(got), withoutActivity(start)))
		}
		restore("one")
		if got := s.accountState(t, id); got != one {
			t.Errorf("%s: restored after a reset it differs %s", account, excerpt(got, one))
		}
		must(t, s.Mock.DeleteSnapshot(t.Context(), id, "one"))
		wantControlError(t, s.Mock.RestoreSnapshot(t.Context(), id, "one"), 404, "there are: start")
		must(t, s.Mock.DeleteSnapshot(t.Context(), id, "start"))
		wantControlError(t, s.Mock.DeleteSnapshot(t.Context(), id, "start"), 404, "nor any other")
	}
}

func TestSnapshot_Names(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	for _, bad := range []string{"", "a/b", "a\nb", `a\b`, ".", "..", " a", "a ", "\xff", strings.Repeat("a", 101)} {
		_, err := s.Mock.SaveSnapshot(t.Context(), controlapi.NewSnapshot{Name: bad})
		wantControlError(t, err, 400, "name")
	}
	for _, good := range []string{"a", "before the run", "Vorher ☂", "v1.2", strings.Repeat("a", 100)} {
		if _, err := s.Mock.SaveSnapshot(t.Context(), controlapi.NewSnapshot{Name: good}); err != nil {
			t.Errorf("%q: %v", good, err)
		}
		_, err := s.Mock.SaveSnapshot(t.Context(), controlapi.NewSnapshot{Name: good})
		wantControlError(t, err, 409, "already")
	}
	_, err := s.Mock.SaveSnapshot(t.Context(), controlapi.NewSnapshot{Account: "nobody", Name: "a"})
	wantControlError(t, err, 404, "nobody")
	// Names are the account's own.
	_, w := s.newAccount(t)
	w.Snapshot(t, "a")
}

// Tokens are a part of what is saved: revoked ones are good again, later ones
// are not.
func TestSnapshot_HoldsTokens(t *testing.T) {
	t.Parallel()
	shared := newServer(t)
	s, w := shared.newAccount(t)
	early := token(w.NewToken(t, controlapi.Token{Name: "early"}))
	w.Snapshot(t, "s")
	late := token(w.NewToken(t, controlapi.Token{Name: "late"}))
	must(t, s.Mock.RevokeToken(t.Context(), w.ID, "early"))
	s.get(t, "/v1/vaults", early).wantStatus(t, 401)
	s.get(t, "/v1/vaults", late).wantOK(t)
	w.Restore(t, "s")
	s.get(t, "/v1/vaults", early).wantOK(t)
	s.get(t, "/v1/vaults", late).wantStatus(t, 401)
	w.Reset(t)
	s.get(t, "/v1/vaults", early).wantStatus(t, 401)
	s.get(t, "/v1/vaults").wantOK(t)
}

func TestSnapshot_StartsAnAccount(t *testing.T) {
	t.Parallel()
	s, d := newServer(t, connecttest.WithClock(newClock().Now)), demo(t)
	first := d.fixture.Accounts[0].ID
	s.changeItems(t, d, "one")
	s.saveSnapshot(t, controlapi.NewSnapshot{Name: "s"})
	want := s.accountState(t, first)
	s.changeItems(t, d, "two")
	made := s.createAccount(t, controlapi.NewAccount{Snapshot: "s"})
	w := s.withToken(made.Token)
	if got := w.accountState(t, made.ID); got != want {
		t.Errorf("it differs %s", excerpt(got, want))
	}
	w.changeItems(t, d, "three")
	must(t, s.Mock.DeleteSnapshot(t.Context(), "", "s"))
	must(t, s.Mock.Reset(t.Context(), controlapi.Reset{Account: made.ID}))
	if got := w.accountState(t, made.ID); got != want {
		t.Errorf("reset, after the snapshot was deleted, it differs %s", excerpt(got, want))
	}
}

func TestSnapshot_DiffNamesChanges(t *testing.T) {
	t.Parallel()
	shared, d := newServer(t), demo(t)
	s, w := shared.newAccount(t)
	office := d.vault("Office")
	old := s.list(t, "/v1/vaults/"+office+"/items")
	w.Snapshot(t, "before")
	if diff := w.Diff(t, "before"); len(diff.Changes) != 0 || diff.Activity != 0 {
		t.Errorf("nothing was done: %+v", diff)
	}
	const secret = "canary-canary"
	made, path := s.create(t, office, `{"title":"new","category":"LOGIN","fields":[{"purpose":"PASSWORD","value":"`+secret+`"}]}`)
	w.Snapshot(t, "between")
	s.send(t, "PATCH", path, `[{"op":"replace","path":"/fields/password/value","value":"`+secret+`-2"},{"op":"add","path":"/tags","value":"x"}]`).wantOK(t)
	s.send(t, "DELETE", "/v1/vaults/"+office+"/items/"+old[0].ID, nil).wantStatus(t, 204)
	w.NewToken(t, controlapi.Token{Name: "more"})
	read := "read"
	if _, err := s.Mock.ChangeToken(t.Context(), w.ID, "main", controlapi.TokenChange{Permission: &read}); err != nil {
		t.Fatal(err)
	}
	short := func(d controlapi.Diff) (lines []string) {
		for _, c := range d.Changes {
			lines = append(lines, strings.Join([]string{c.Change, c.Kind, c.Name, strings.Join(c.Members, ",")}, " "))
		}
		slices.Sort(lines)
		return lines
	}
	got, err := s.Mock.DiffSnapshots(t.Context(), w.ID, "between", "")
	must(t, err)
	want := []string{
		"added token more ",
		"changed item new fields.password.entropy,fields.password.passwordDetails,fields.password.value,tags,updatedAt,version",
		"changed token main permission",
		"changed vault Office contentVersion,items,updatedAt",
		"removed item " + old[0].Title + " ",
	}
	trim := func(lines []string) []string { // seconds may not have passed
		for i := range lines {
			lines[i] = strings.ReplaceAll(strings.ReplaceAll(lines[i], ",updatedAt", ""), "fields.password.entropy,", "")
		}
		return lines
	}
	if diff := cmp.Diff(trim(want), trim(short(got))); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if got.Activity != 2 || got.From != "between" || got.To != "" {
		t.Errorf("%d records from %q to %q", got.Activity, got.From, got.To)
	}
	steps, err := s.Mock.DiffSnapshots(t.Context(), w.ID, "before", "between")
	must(t, err)
	if diff := cmp.Diff([]string{"added item new ", "changed vault Office contentVersion,items"}, trim(short(steps))); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	back, err := s.Mock.DiffSnapshots(t.Context(), w.ID, "between", "before")
	if err != nil || len(back.Changes) != 2 || back.Changes[1].Change != "removed" || back.Changes[1].ID != made.ID || back.Activity != -1 {
		t.Errorf("the other way: %+v, error %v", back, err)
	}
	for _, d := range []controlapi.Diff{got, steps, back} {
		if text, err := json.Marshal(d); err != nil || strings.Contains(string(text), secret) {
			t.Errorf("the diff shows a value: %s", text)
		}
	}
	_, err = s.Mock.DiffSnapshots(t.Context(), w.ID, "none", "")
	wantControlError(t, err, 404, "none")
	_, err = s.Mock.DiffSnapshots(t.Context(), w.ID, "before", "none")
	wantControlError(t, err, 404, "none")
}

// Worlds, snapshots and what was changed in them are in the file.
func TestSnapshot_SurvivesARestart(t *testing.T) {
	t.Parallel()
	file, d := filepath.Join(t.TempDir(), "mock.db"), demo(t)
	still := connecttest.WithClock(newClock().Now)
	var made controlapi.Account
	var saved, left string
	runServer(t, file, func(s *testServer) {
		var err error
		if made, err = s.Mock.CreateAccount(t.Context(), controlapi.NewAccount{Name: "w"}); err != nil {
			t.Fatal(err)
		}
		w := s.withToken(made.Token)
		w.changeItems(t, d, "one")
		s.saveSnapshot(t, controlapi.NewSnapshot{Account: "w", Name: "s"})
		saved = w.accountState(t, made.ID)
		w.changeItems(t, d, "two")
		left = w.accountState(t, made.ID)
	}, still)
	runServer(t, file, func(s *testServer) {
		w := s.withToken(made.Token)
		if got := w.accountState(t, made.ID); withoutActivity(got) != withoutActivity(left) {
			t.Errorf("it differs %s", excerpt(withoutActivity(got), withoutActivity(left)))
		}
		s.restoreSnapshot(t, "w", "s")
		if got := w.accountState(t, made.ID); got != saved {
			t.Errorf("restored it differs %s", excerpt(got, saved))
		}
		if _, err := s.Mock.CreateAccount(t.Context(), controlapi.NewAccount{}); err != nil {
			t.Error(err)
		}
		if err := s.Mock.DeleteAccount(t.Context(), "w"); err != nil {
			t.Error(err)
		}
	}, still)
	runServer(t, file, func(s *testServer) {
		if list, err := s.Mock.Accounts(t.Context()); err != nil || len(list) != 2 {
			t.Errorf("accounts %+v, error %v", list, err)
		}
		s.withToken(made.Token).get(t, "/v1/vaults").wantError(t, connect.InvalidToken())
	})
}
