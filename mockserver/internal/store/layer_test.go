package store

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/connectmock/connectmock/mockserver/internal/auth"
	"github.com/connectmock/connectmock/openapi/connect"
)

// putSeed adds the snapshot SEED: two vaults, three items, a file, three records.
func putSeed(t testing.TB, s *Store) {
	t.Helper()
	update(t, s, func(tx *Tx) error {
		if err := tx.PutSnapshot(Snapshot{ID: "SEED", CreatedAt: day.Time}); err != nil {
			return err
		}
		_, err := tx.PutFile("SEED", "one", "file", bytes.NewReader([]byte("seeded")))
		return errors.Join(err,
			tx.PutVault("SEED", connect.Vault{ID: "v", Name: "V", ContentVersion: 3, Items: 2, CreatedAt: day, UpdatedAt: day}),
			tx.PutVault("SEED", connect.Vault{ID: "w", Name: "W", ContentVersion: 1, Items: 1, CreatedAt: day, UpdatedAt: day}),
			tx.PutItem("SEED", login("one", "v", "One", "tag")), tx.PutItem("SEED", login("two", "v", "Two")),
			tx.PutItem("SEED", login("three", "w", "Three", "tag")),
			tx.Record("SEED", record(1)), tx.Record("SEED", record(2)), tx.Record("SEED", record(3)))
	})
}

func putLayers(t testing.TB, s *Store, ids ...string) {
	t.Helper()
	update(t, s, func(tx *Tx) (err error) {
		for _, id := range ids {
			err = errors.Join(err, tx.PutAccount(Account{ID: id, Name: id, Base: "SEED", CreatedAt: day.Time, CreatedOnDemand: true}),
				tx.PutSeedToken(auth.Token{ID: "token of " + id, Account: id, Hash: "hash of " + id}))
		}
		return err
	})
}

// rows counts the rows of an account in each table.
func rows(t rapid.TB, s *Store, account string) map[string]int {
	t.Helper()
	counts := map[string]int{}
	view(t, s, func(tx *Tx) error {
		for _, table := range []string{"vaults", "items", "item_tags", "hidden", "hidden_files", "files", "chunks", "tokens", "kept_tokens", "activity"} {
			var n int
			if err := tx.session.queryRow(`SELECT count(*) FROM `+table+` WHERE account = $1`, []any{account}, &n); err != nil {
				return err
			}
			if n > 0 {
				counts[table] = n
			}
		}
		var n int
		err := tx.session.queryRow(`SELECT count(*) FROM accounts WHERE id = $1 OR owner = $1 OR base = $1 OR origin = $1`, []any{account}, &n)
		if n > 0 {
			counts["accounts"] = n
		}
		return err
	})
	return counts
}

func fileOf(t rapid.TB, s *Store, account, item string) string {
	t.Helper()
	f, _, err := s.OpenFile(context.Background(), account, item, "file")
	if errors.Is(err, ErrNotFound) {
		return "none"
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	content, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// state has everything that can be read of an account.
func state(t rapid.TB, s *Store, account string) string {
	t.Helper()
	var b strings.Builder
	put := func(v any) {
		text, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		b.Write(append(text, '\n'))
	}
	var files []string
	view(t, s, func(tx *Tx) error {
		vaults, err := tx.Vaults(account)
		if err != nil {
			return err
		}
		for _, v := range vaults {
			put(v)
			if one, err := tx.Vault(account, v.ID); err != nil || one != v {
				t.Errorf("vault %s: %v, %v", v.ID, one, err)
			}
			var ids []string
			if err := tx.Summaries(account, v.ID, nil, func(summary []byte) error {
				b.Write(append(summary, '\n'))
				var sum connect.Summary
				err := json.Unmarshal(summary, &sum)
				ids = append(ids, sum.ID)
				return err
			}); err != nil {
				return err
			}
			for _, id := range ids {
				document, err := tx.ItemJSON(account, v.ID, id)
				if err != nil {
					return err
				}
				b.Write(append(document, '\n'))
				files = append(files, id)
			}
		}
		tokens, err := tx.Tokens(account)
		put(tokens)
		return err
	})
	for _, id := range files {
		put(id + ": " + fileOf(t, s, account, id))
	}
	page, _, err := s.Activity(context.Background(), account, 0, 1<<40)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range page {
		a.Actor.Account = ""
		put(a)
	}
	return b.String()
}

func TestLayer_ShowsItsBaseAndItsChanges(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, s *Store) {
		putSeed(t, s)
		putLayers(t, s, "L1", "L2")
		seed := state(t, s, "SEED")
		if diff := cmp.Diff(map[string]int{"accounts": 1, "tokens": 1, "kept_tokens": 1}, rows(t, s, "L1")); diff != "" {
			t.Errorf("rows of an untouched layer: %s", diff)
		}
		untouched := state(t, s, "L1")

		// Writes go to the layer, and places stay.
		changed, late := login("one", "v", "ONE", "other"), login("late", "v", "Late")
		changed.Version = 2
		update(t, s, func(tx *Tx) error {
			_, err := tx.PutFile("L1", "two", "file", strings.NewReader("own"))
			return errors.Join(err, tx.PutItem("L1", late), tx.PutItem("L1", changed), tx.TouchVault("L1", "v", 1, day), tx.DeleteItem("L1", "three"))
		})
		update(t, s, func(tx *Tx) error { return tx.PutItem("L1", login("latest", "v", "x")) })
		update(t, s, func(tx *Tx) error { return tx.PutItem("L1", login("after that", "v", "x")) })
		s.Record("L1", record(4))
		if got := summaries(t, s, "L1", "v") + "/" + summaries(t, s, "L1", "w"); got != "one two late latest after that/" {
			t.Error(got)
		}
		if got := fileOf(t, s, "L1", "one") + fileOf(t, s, "L1", "two") + fileOf(t, s, "L2", "two"); got != "seededownnone" {
			t.Error(got)
		}
		page, total, err := s.Activity(context.Background(), "L1", 0, 2)
		if err != nil || total != 4 || page[0].RequestID != record(4).RequestID || page[1].RequestID != record(3).RequestID || page[1].Actor.Account != "L1" {
			t.Errorf("%v, %d, %v", page, total, err)
		}
		if state(t, s, "SEED") != seed || state(t, s, "L2") == state(t, s, "L1") {
			t.Error("the layers are not apart")
		}

		// A snapshot is what the layer was, whatever happens to it later.
		saved := state(t, s, "L1")
		update(t, s, func(tx *Tx) error { return tx.CreateSnapshot("L1", "SNAP", "one", day.Time) })
		update(t, s, func(tx *Tx) error {
			return errors.Join(tx.DeleteItem("L1", "one"), tx.DeleteItem("L1", "late"),
				tx.PutToken(auth.Token{ID: "new", Account: "L1"}))
		})
		if got := fileOf(t, s, "L1", "one"); got != "none" {
			t.Error(got)
		}
		if diff := cmp.Diff(saved, state(t, s, "SNAP")); diff != "" {
			t.Error(diff)
		}
		update(t, s, func(tx *Tx) error { return tx.Restore("L1", "SNAP") })
		if diff := cmp.Diff(saved, state(t, s, "L1")); diff != "" {
			t.Error(diff)
		}
		update(t, s, func(tx *Tx) error { return tx.Restore("L1", "SEED") })
		if diff := cmp.Diff(untouched, state(t, s, "L1")); diff != "" {
			t.Error(diff)
		}
		view(t, s, func(tx *Tx) error {
			all, err := tx.Snapshots("L1")
			if diff := cmp.Diff([]Snapshot{{"SNAP", "one", "L1", day.Time}}, all); diff != "" || err != nil {
				t.Error(diff, err)
			}
			one, err := tx.FindSnapshot("L1", "one")
			if diff := cmp.Diff(all[0], one); diff != "" || err != nil {
				t.Error(diff, err)
			}
			for account, name := range map[string]string{"L1": "two", "L2": "one", "": ""} {
				if _, err := tx.FindSnapshot(account, name); !errors.Is(err, ErrNotFound) {
					t.Errorf("snapshot %q of %q: %v", name, account, err)
				}
			}
			seed, err := tx.Baseline("L1")
			if seed != "SEED" || err != nil {
				t.Error(seed, err)
			}
			accounts, err := tx.Accounts()
			if len(accounts) != 4 {
				t.Error(accounts)
			}
			return err
		})

		// Nothing of what is dropped stays, and the seed goes with its last layer.
		update(t, s, func(tx *Tx) error { return tx.PutAccount(Account{ID: "L3", Base: "SNAP"}) })
		update(t, s, func(tx *Tx) error { return tx.DropAccount("L1") })
		if got := summaries(t, s, "L3", "v"); got != "one two late latest after that" {
			t.Error(got)
		}
		s.Record("L1", record(9))
		update(t, s, func(tx *Tx) error {
			if err := tx.DropSnapshot("SEED"); !errors.Is(err, errInUse) {
				t.Error(err)
			}
			return nil
		})
		if got := rows(t, s, "L1"); len(got) != 0 {
			t.Error(got)
		}
		update(t, s, func(tx *Tx) error { return errors.Join(tx.DropAccount("L2"), tx.DropAccount("L3")) })
		for _, id := range []string{"L2", "L3", "SNAP", "SEED"} {
			if got := rows(t, s, id); len(got) != 0 {
				t.Error(id, got)
			}
		}
	})
}

func TestLayer_RefusesWritesToItsBase(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, s *Store) {
		putSeed(t, s)
		putLayers(t, s, "L")
		update(t, s, func(tx *Tx) error { return tx.CreateSnapshot("L", "SNAP", "one", time.Time{}) })
		seed := state(t, s, "SEED")
		for name, c := range map[string]struct {
			want error
			do   func(*Tx) error
		}{
			"put an item into a base":       {errSnapshot, func(tx *Tx) error { return tx.PutItem("SEED", login("one", "v", "x")) }},
			"delete from a base":            {errSnapshot, func(tx *Tx) error { return tx.DeleteItem("SEED", "one") }},
			"a vault into a base":           {errSnapshot, func(tx *Tx) error { return tx.PutVault("SEED", connect.Vault{ID: "v"}) }},
			"touch a base":                  {errSnapshot, func(tx *Tx) error { return tx.TouchVault("SEED", "v", 1, day) }},
			"a token into a base":           {errSnapshot, func(tx *Tx) error { return tx.PutSnapshotToken("SEED", auth.Token{ID: "t"}) }},
			"a valid token for a base":      {errSnapshot, func(tx *Tx) error { return tx.PutToken(auth.Token{ID: "t", Account: "SEED"}) }},
			"rename a base":                 {errSnapshot, func(tx *Tx) error { return tx.PutAccount(Account{ID: "SEED"}) }},
			"a snapshot of a base":          {errSnapshot, func(tx *Tx) error { return tx.CreateSnapshot("SEED", "X", "x", time.Time{}) }},
			"a name again":                  {ErrExists, func(tx *Tx) error { return tx.CreateSnapshot("L", "X", "one", time.Time{}) }},
			"an id again":                   {ErrExists, func(tx *Tx) error { return tx.CreateSnapshot("L", "SEED", "x", time.Time{}) }},
			"no account to freeze":          {ErrNotFound, func(tx *Tx) error { return tx.CreateSnapshot("X", "Y", "x", time.Time{}) }},
			"restore an unknown account":    {ErrNotFound, func(tx *Tx) error { return tx.Restore("X", "SEED") }},
			"restore an unknown snapshot":   {ErrNotFound, func(tx *Tx) error { return tx.Restore("L", "X") }},
			"a layer over a layer":          {ErrNotFound, func(tx *Tx) error { return tx.PutAccount(Account{ID: "X", Base: "L"}) }},
			"drop nothing":                  {ErrNotFound, func(tx *Tx) error { return tx.DropAccount("X") }},
			"drop a base as an account":     {ErrNotFound, func(tx *Tx) error { return tx.DropAccount("SEED") }},
			"drop a base":                   {errInUse, func(tx *Tx) error { return tx.DropSnapshot("SEED") }},
			"drop an account as a snapshot": {ErrNotFound, func(tx *Tx) error { return tx.DropSnapshot("L") }},
			"an item for nobody":            {ErrNotFound, func(tx *Tx) error { return tx.PutItem("X", login("one", "v", "x")) }},
			"a vault for nobody":            {ErrNotFound, func(tx *Tx) error { return tx.PutVault("X", connect.Vault{ID: "v"}) }},
			"a token for nobody":            {ErrNotFound, func(tx *Tx) error { return tx.PutToken(auth.Token{ID: "t", Account: "X"}) }},
			"a file for nobody": {ErrNotFound, func(tx *Tx) error {
				_, err := tx.PutFile("X", "one", "file", strings.NewReader("x"))
				return err
			}},
		} {
			if err := s.Update(context.Background(), c.do); !errors.Is(err, c.want) {
				t.Errorf("%s: %v", name, err)
			}
			err := s.View(context.Background(), c.do)
			if !errors.Is(err, errReadOnly) && !errors.Is(err, ErrNotFound) {
				t.Errorf("%s, in a View: %v", name, err)
			}
		}
		s.Record("SEED", record(9))
		update(t, s, func(tx *Tx) error { return tx.Record("SEED", record(9)) })
		if state(t, s, "SEED") != seed {
			t.Error("the base changed")
		}
	})
}
