package store

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"github.com/connectmock/connectmock/openapi/connect"
)

// crashEnv names the file that this test binary, run as a child, is to write to
// until it is killed.
const crashEnv = "CONNECTMOCK_TEST_CRASH_STORE"

const crashWriters = 4

// crashChild changes the store from several goroutines, and writes a line for each change that has succeeded.
func crashChild(path string) {
	ctx := context.Background()
	s, err := Open(ctx, Options{Path: path, Exclusive: true})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	var group sync.WaitGroup
	for w := range crashWriters {
		group.Go(func() {
			for n := 0; ; n++ {
				id := fmt.Sprintf("%d-%d-%d", os.Getpid(), w, n)
				s.Record("A", connect.Activity{RequestID: "read " + id}) // it may be lost
				err := s.Update(ctx, func(tx *Tx) error {
					return errors.Join(tx.PutItem("A", login(id, "v", id, "tag", id)), tx.TouchVault("A", "v", 1, day),
						tx.Record("A", connect.Activity{RequestID: "write " + id}))
				})
				if err != nil {
					fmt.Fprintln(os.Stderr, err)
					os.Exit(1)
				}
				os.Stdout.WriteString(id + "\n") // one system call, so no line is torn but by the kill
			}
		})
	}
	group.Wait()
}

// Changes that have succeeded before a kill -9 are stored, and none is stored in part.
func TestUpdate_SurvivesAKilledProcess(t *testing.T) {
	if testing.Short() {
		t.Skip("kills processes")
	}
	t.Parallel()
	path := filepath.Join(t.TempDir(), "store.db")
	s := mustOpen(t, Options{Path: path})
	putAccounts(t, s)
	update(t, s, func(tx *Tx) error { return tx.PutVault("A", connect.Vault{ID: "v"}) })
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	succeeded := map[string]bool{}
	for round := range 9 {
		crashOnce(t, path, 1+round*round*4, succeeded)
		s := mustOpen(t, Options{Path: path, Exclusive: true})
		checkCrashed(t, s, succeeded)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if t.Failed() {
			return
		}
	}
}

// startChild runs this test binary again. The environment variable says what it does with the store of that path.
func startChild(t *testing.T, variable, path string) (child *exec.Cmd, out io.Reader) {
	t.Helper()
	child = exec.Command(os.Args[0])
	child.Env = append(os.Environ(), variable+"="+path)
	child.Stderr = os.Stderr
	if _, err := child.StdinPipe(); err != nil { // it ends with this process
		t.Fatal(err)
	}
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	return child, out
}

// crashOnce waits until the child has made a number of changes, and kills it.
func crashOnce(t *testing.T, path string, lines int, succeeded map[string]bool) {
	t.Helper()
	child, out := startChild(t, crashEnv, path)
	reader := bufio.NewReader(out)
	for n := 0; ; n++ {
		line, err := reader.ReadString('\n')
		if err != nil {
			break // what it wrote before it died has been read
		}
		succeeded[line[:len(line)-1]] = true
		if n == lines {
			if err := child.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := child.Wait(); err == nil || child.ProcessState.Exited() {
		t.Fatalf("the child was not killed: %v", err)
	}
}

func checkCrashed(t *testing.T, s *Store, succeeded map[string]bool) {
	t.Helper()
	log := map[string]int{}
	page, total, err := s.Activity(context.Background(), "A", 0, 1<<40)
	if err != nil || int64(len(page)) != total {
		t.Fatalf("%d of %d records: %v", len(page), total, err)
	}
	for _, a := range page {
		log[a.RequestID]++
	}
	view(t, s, func(tx *Tx) error {
		var sound string
		if err := tx.session.queryRow(`PRAGMA integrity_check`, nil, &sound); err != nil || sound != "ok" {
			t.Errorf("integrity: %s, %v", sound, err)
		}
		items := map[string]bool{}
		err := tx.session.each(`SELECT id FROM items WHERE account = 'A'`, nil, func(scan func(...any) error) error {
			var id string
			err := scan(&id)
			items[id] = true
			return err
		})
		if err != nil {
			return err
		}
		for id := range succeeded {
			if !items[id] {
				t.Errorf("item %s was stored and is lost", id)
			}
		}
		for id := range items {
			if log["write "+id] != 1 || log["read "+id] != 1 {
				t.Errorf("item %s: %d and %d records, want one of each", id, log["write "+id], log["read "+id])
			}
			delete(log, "write "+id)
			delete(log, "read "+id)
		}
		for id, n := range log {
			if id[0] == 'w' || n != 1 {
				t.Errorf("%d records %q without their change", n, id)
			}
		}
		var tags int
		if err := tx.session.queryRow(`SELECT count(*) FROM item_tags`, nil, &tags); err != nil || tags != 2*len(items) {
			t.Errorf("%d tags of %d items, %v", tags, len(items), err)
		}
		v, err := tx.Vault("A", "v")
		if v.Items != len(items) || v.ContentVersion != len(items) {
			t.Errorf("the vault counts %d items and %d changes, there are %d", v.Items, v.ContentVersion, len(items))
		}
		return err
	})
}
