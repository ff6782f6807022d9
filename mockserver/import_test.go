package mockserver_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/mockserver"
	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/connectmock/connectmock/mockserver/internal/journal"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// export saves an account, "" for the first, and returns the file of the snapshot.
func (s *testServer) export(t testing.TB, account, name string) []byte {
	t.Helper()
	s.saveSnapshot(t, controlapi.NewSnapshot{Account: account, Name: name})
	return s.exportAgain(t, account, name)
}

// exportAgain returns the file of a snapshot.
func (s *testServer) exportAgain(t tb, account, name string) []byte {
	t.Helper()
	var file bytes.Buffer
	must(t, s.Mock.ExportSnapshot(context.Background(), account, name, &file))
	return file.Bytes()
}

// importFile imports a snapshot.
func (s *testServer) importFile(account, name string, file []byte) error {
	_, err := s.Mock.ImportSnapshot(context.Background(), account, name, bytes.NewReader(file))
	return err
}

// exportLines returns the lines of an exported file.
func exportLines(t tb, file []byte) []string {
	t.Helper()
	zip, err := gzip.NewReader(bytes.NewReader(file))
	must(t, err)
	text, err := io.ReadAll(zip)
	must(t, err)
	return strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
}

// gzipLines is the reverse of exportLines.
func gzipLines(t tb, lines ...string) []byte {
	t.Helper()
	var file bytes.Buffer
	zip, err := gzip.NewWriterLevel(&file, gzip.BestSpeed)
	must(t, err)
	_, err = io.WriteString(zip, strings.Join(lines, "\n")+"\n")
	must(t, err)
	must(t, zip.Close())
	return file.Bytes()
}

// An imported snapshot, in another account of the same server or on a server with
// other data, is what was exported.
func TestImport_BringsBackWhatWasExported(t *testing.T) {
	t.Parallel()
	still, d := connecttest.WithClock(newClock().Now), demo(t)
	from := newServer(t, still)
	first, second := d.fixture.Accounts[0].ID, twoAccounts(t).Accounts[0].ID
	from.changeItems(t, d, "one")
	from.create(t, d.vault("Office"), `{"category":"SECURE_NOTE"}`) // without a title
	file := from.export(t, "", "s")
	want := from.accountState(t, first)

	other := newServer(t, still, connecttest.WithFixture(twoAccounts(t)))
	own, account := from.newAccount(t)
	for id, to := range map[string]*testServer{account.ID: own, second: other} {
		imported, err := to.Mock.ImportSnapshot(t.Context(), id, "", bytes.NewReader(file))
		must(t, err)
		saved, err := from.Mock.Snapshots(t.Context(), "")
		must(t, err)
		saved[0].Account = id
		wantEqual(t, saved[0], imported, "the snapshot")
		wantControlError(t, to.importFile(id, "", file), 409, "already")
		must(t, to.importFile(id, "other name", file))
	}
	// The value of a plain token stays with the first account, and the token of the
	// account that is restored stays valid.
	account.Restore(t, "s")
	own.get(t, "/v1/vaults").wantOK(t)
	if _, plain := tokensByName(t, own, account.ID)["plain"]; plain {
		t.Error("the account got the plain token of the first account")
	}
	other.restoreSnapshot(t, "", "s")
	// Exported again it is the same, except for the account's id and its token "t".
	again := slices.DeleteFunc(exportLines(t, other.export(t, "", "again")), func(line string) bool {
		return strings.Contains(line, `"name":"t"`)
	})
	lines := exportLines(t, file)
	if len(again) != len(lines) {
		t.Fatalf("exported again it has %d lines, had %d", len(again), len(lines))
	}
	for i := 1; i < len(lines)-1; i++ { // between head and tally
		wantState(t, lines[i], strings.ReplaceAll(again[i], second, first), "exported again line %d", i)
	}
	got := tokensByName(t, other, "")
	delete(got, "t")
	wantEqual(t, tokensByName(t, from, ""), got, "tokens")
	wantState(t, want, other.accountState(t, second), "restored")
	other.get(t, "/v1/vaults", token("connectmock-demo-token")).wantOK(t)
}

// tokensByName returns the tokens of an account without what differs between
// accounts.
func tokensByName(t testing.TB, s *testServer, account string) map[string]controlapi.Token {
	t.Helper()
	list, err := s.Mock.ListTokens(t.Context(), account)
	must(t, err)
	all := map[string]controlapi.Token{}
	for _, k := range list {
		k.Value, k.Account = "", ""
		all[k.Name] = k
	}
	return all
}

// Two accounts can import one file, and each changes only its own data.
func TestImport_OfOneFileInTwoAccounts(t *testing.T) {
	t.Parallel()
	s, d := newServer(t, connecttest.WithClock(newClock().Now)), demo(t)
	s.changeItems(t, d, "one")
	file := s.export(t, "", "s")
	var states []string
	for range 2 {
		own, account := s.newAccount(t)
		must(t, s.importFile(account.ID, "in", file))
		s.restoreSnapshot(t, account.ID, "in")
		own.changeItems(t, d, "in "+account.Name)
		account.Restore(t, "in")
		states = append(states, withoutActivity(own.accountState(t, account.ID)))
		account.Reset(t)
		s.get(t, "/v1/vaults", token(account.Token)).wantOK(t)
	}
	wantState(t, states[0], states[1], "the second account")
}

// An import writes no temporary file, which would be left if the process is killed.
func TestImport_WritesNoTemporaryFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := newServer(t, withoutHistory(), withStore(filepath.Join(dir, "mock.db")))
	file := s.export(t, "", "s")
	names := func() (list []string) {
		entries, err := os.ReadDir(dir)
		must(t, err)
		for _, e := range entries {
			list = append(list, e.Name())
		}
		return list
	}
	before := names()
	half := bytes.NewReader(file[len(file)/2:])
	reader := io.MultiReader(bytes.NewReader(file[:len(file)/2]), readerFunc(func(p []byte) (int, error) {
		if now := names(); !slices.Equal(now, before) {
			t.Errorf("during the import there are %v, before %v", now, before)
		}
		return half.Read(p)
	}))
	_, err := s.Mock.ImportSnapshot(t.Context(), "", "in", reader)
	must(t, err)
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

// Snapshots of older versions have longer user agents. An import keeps the
// beginning.
func TestImport_TruncatesLongUserAgents(t *testing.T) {
	t.Parallel()
	s := newServer(t, withoutHistory())
	s.get(t, "/v1/vaults").wantOK(t)
	long := strings.Repeat("a", journal.MaxUserAgent+1)
	lines := replaceInLine(t, exportLines(t, s.export(t, "", "s")), `{"activity"`, `"userAgent":"`, `"userAgent":"`+long)
	must(t, s.importFile("", "in", gzipLines(t, lines...)))
	want := `"userAgent":"` + journal.Truncate(long, journal.MaxUserAgent) + `"`
	got := strings.Join(exportLines(t, s.exportAgain(t, "", "in")), "\n")
	if !strings.Contains(got, want) || strings.Contains(got, long) {
		t.Errorf("the export has no %s", want)
	}
}

func TestImport_AcceptsGeneratedDataAndAllActivity(t *testing.T) {
	t.Parallel()
	to := newServer(t, connecttest.WithFixture(twoAccounts(t)))
	for name, change := range map[string]func(*mockserver.Config){
		"generated": func(c *mockserver.Config) {
			c.Fixture, c.Generate = nil, &fixtures.Options{Seed: 1, Vaults: 4, Items: 120, Files: 5, History: 700}
		},
		"demo": func(*mockserver.Config) {},
	} {
		from := newServer(t, connecttest.WithConfig(change))
		for _, path := range []string{"/v1/vaults", "/v1/vaults/" + noVault, "/v1/vaults/" + noVault + "/items"} {
			from.get(t, path)
		}
		if err := to.importFile("", name, from.export(t, "", "s")); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
