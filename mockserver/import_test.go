package mockserver_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// exported saves an account and is the file of the snapshot.
func (r *testServer) export(t testing.TB, account, name string) []byte {
	t.Helper()
	r.saveSnapshot(t, controlapi.NewSnapshot{Account: account, Name: name})
	var file bytes.Buffer
	must(t, r.Mock.ExportSnapshot(t.Context(), account, name, &file))
	return file.Bytes()
}

// What is exported and imported answers as it did: in another account of the same
// server, and on a server that had something else.
func TestImport_BringsBackWhatWasExported(t *testing.T) {
	t.Parallel()
	still, d := connecttest.WithClock(newClock().Now), demo(t)
	from := newServer(t, still)
	first := d.fixture.Accounts[0].ID
	from.changeItems(t, d, "one")
	from.create(t, d.vault("Office"), `{"category":"SECURE_NOTE"}`) // without a title
	file := from.export(t, "", "s")
	want := from.accountState(t, first)

	there := newServer(t, still, connecttest.WithFixture(twoAccounts(t)))
	sameServer, w := from.newAccount(t)
	for name, to := range map[string]struct {
		*testServer
		account string
	}{
		"a account":      {sameServer, w.ID},
		"another server": {there, twoAccounts(t).Accounts[0].ID},
	} {
		shown, err := to.Mock.ImportSnapshot(t.Context(), to.account, "", bytes.NewReader(file))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		saved, err := from.Mock.Snapshots(t.Context(), "")
		must(t, err)
		saved[0].Account = to.account
		wantEqual(t, saved[0], shown, "%s: the snapshot", name)
		_, err = to.Mock.ImportSnapshot(t.Context(), to.account, "", bytes.NewReader(file))
		wantControlError(t, err, 409, "already")
		if _, err = to.Mock.ImportSnapshot(t.Context(), to.account, "other name", bytes.NewReader(file)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	// The value of the plain token is the first account's, whatever is imported;
	// those who use the account go on.
	w.Restore(t, "s")
	sameServer.get(t, "/v1/vaults").wantOK(t)
	if _, plain := tokensByName(t, sameServer, w.ID)["plain"]; plain {
		t.Error("the account got the plain token of the first account")
	}
	there.restoreSnapshot(t, "", "s")
	// Exported again it is the same, but for whose it is and the token "t".
	var again []string
	for _, line := range exportLines(t, there.export(t, "", "again")) {
		if !strings.Contains(line, `"name":"t"`) {
			again = append(again, strings.ReplaceAll(line, twoAccounts(t).Accounts[0].ID, first))
		}
	}
	was := exportLines(t, file)
	if len(again) != len(was) {
		t.Fatalf("exported again it has %d lines, had %d", len(again), len(was))
	}
	for i := 1; i < len(was)-1; i++ { // between head and tally
		if again[i] != was[i] {
			t.Errorf("exported again line %d differs %s", i, excerpt(again[i], was[i]))
		}
	}
	got := tokensByName(t, there, "")
	delete(got, "t")
	wantEqual(t, tokensByName(t, from, ""), got, "tokens")
	if got := there.accountState(t, twoAccounts(t).Accounts[0].ID); got != want {
		t.Errorf("restored it differs %s", excerpt(got, want))
	}
	there.get(t, "/v1/vaults", token("connectmock-demo-token")).wantOK(t)
}

// tokensOf are the tokens of an account by name, without what no two accounts
// share.
func tokensByName(t testing.TB, r *testServer, account string) map[string]controlapi.Token {
	t.Helper()
	list, err := r.Mock.ListTokens(t.Context(), account)
	must(t, err)
	all := map[string]controlapi.Token{}
	for _, k := range list {
		k.Value, k.Account = "", ""
		all[k.Name] = k
	}
	return all
}

// Two worlds can have the same things from one file, each its own.
func TestImport_OfOneFileInTwoAccounts(t *testing.T) {
	t.Parallel()
	s, d := newServer(t, connecttest.WithClock(newClock().Now)), demo(t)
	s.changeItems(t, d, "one")
	file := s.export(t, "", "s")
	var states []string
	for range 2 {
		own, w := s.newAccount(t)
		if _, err := s.Mock.ImportSnapshot(t.Context(), w.ID, "in", bytes.NewReader(file)); err != nil {
			t.Fatal(err)
		}
		s.restoreSnapshot(t, w.ID, "in")
		own.changeItems(t, d, "in "+w.Name)
		w.Restore(t, "in")
		states = append(states, withoutActivity(own.accountState(t, w.ID)))
		w.Reset(t)
		s.get(t, "/v1/vaults", token(w.Token)).wantOK(t)
	}
	if states[0] != states[1] {
		t.Errorf("they differ %s", excerpt(states[0], states[1]))
	}
}

func exportLines(t testing.TB, file []byte) []string {
	t.Helper()
	zip, err := gzip.NewReader(bytes.NewReader(file))
	must(t, err)
	text, err := io.ReadAll(zip)
	must(t, err)
	return strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
}

func gzipLines(t testing.TB, lines ...string) []byte {
	t.Helper()
	var file bytes.Buffer
	zip := gzip.NewWriter(&file)
	if _, err := io.WriteString(zip, strings.Join(lines, "\n")+"\n"); err != nil {
		t.Fatal(err)
	}
	must(t, zip.Close())
	return file.Bytes()
}

// What can't be imported is refused in words, and changes nothing.
func TestImport_RefusesDamagedFiles(t *testing.T) {
	t.Parallel()
	s := newServer(t, withoutHistory())
	file := s.export(t, "", "s")
	said := exportLines(t, file)
	changed := func(old, replacement string) []byte {
		return gzipLines(t, strings.Split(strings.Replace(strings.Join(said, "\n"), old, replacement, 1), "\n")...)
	}
	without := func(start string) []byte {
		for i, line := range said {
			if strings.HasPrefix(line, start) {
				return gzipLines(t, append(append([]string{}, said[:i]...), said[i+1:]...)...)
			}
		}
		t.Fatalf("no line starts with %s", start)
		return nil
	}
	flipped := bytes.Clone(file)
	flipped[len(flipped)-6] ^= 1 // in the checksum
	const no, broken = "no exported snapshot", "damaged"
	for name, test := range map[string]struct {
		file []byte
		say  string
	}{
		"nothing":            {nil, no},
		"a text":             {[]byte("vaults: []\n"), no},
		"a text, compressed": {gzipLines(t, "vaults: []"), no},
		"other JSON":         {gzipLines(t, `{"head":{"format":"something else","version":1}}`), no},
		"newer":              {changed(`"version":1`, `"version":2`), "newer connectmock"},
		"only a head":        {gzipLines(t, said[0]), broken},
		"cut lines":          {gzipLines(t, said[:len(said)/2]...), broken},
		"no tally":           {gzipLines(t, said[:len(said)-1]...), broken},
		"more after it":      {gzipLines(t, append(append([]string{}, said...), said[1])...), broken},
		"twice":              {append(bytes.Clone(file), file...), broken},
		"bytes after it":     {append(bytes.Clone(file), "more"...), broken},
		"wrong checksum":     {flipped, broken},
		"a vault less":       {without(`{"vault"`), broken},
		"an item less":       {without(`{"item"`), broken},
		"a file less":        {without(`{"file"`), broken},
		"bytes less":         {without(`{"bytes"`), broken},
		"a token less":       {without(`{"token"`), broken},
		"a vault twice":      {gzipLines(t, append([]string{said[0], said[1]}, said[1:]...)...), broken},
		"a head twice":       {gzipLines(t, append([]string{said[0]}, said...)...), broken},
		"an odd item":        {changed(`{"item":{`, `{"item":{"id":7,`), broken},
	} {
		_, err := s.Mock.ImportSnapshot(t.Context(), "", "in", bytes.NewReader(test.file))
		t.Log(name, err)
		wantControlError(t, err, 400, test.say)
		if err != nil && strings.Contains(err.Error(), "tulip-anchor") {
			t.Errorf("%s: the error shows a value", name)
		}
	}
	for n := 0; n < len(file); n += 1 + len(file)/97 {
		_, err := s.Mock.ImportSnapshot(t.Context(), "", "in", bytes.NewReader(file[:n]))
		wantControlError(t, err, 400, "")
	}
	_, err := s.Mock.ImportSnapshot(t.Context(), "", "a/b", bytes.NewReader(file))
	wantControlError(t, err, 400, "name")
	_, err = s.Mock.ImportSnapshot(t.Context(), "nobody", "in", bytes.NewReader(file))
	wantControlError(t, err, 404, "nobody")
	if err := s.Mock.ExportSnapshot(t.Context(), "", "none", io.Discard); err == nil {
		t.Error("a snapshot that isn't there was exported")
	}
	if list, err := s.Mock.Snapshots(t.Context(), ""); err != nil || len(list) != 1 {
		t.Errorf("snapshots %+v, error %v", list, err)
	}
	if _, err := s.Mock.ImportSnapshot(t.Context(), "", "in", bytes.NewReader(file)); err != nil {
		t.Errorf("the file itself: %v", err)
	}
}
