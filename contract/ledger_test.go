package contract

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/connectmock/connectmock/internal/suite/cleanup"
)

const (
	someVault = "aaaaaaaaaaaaaaaaaaaaaaaaaa"
	someItem  = "bbbbbbbbbbbbbbbbbbbbbbbbbb"
)

// Two runs at the same time have a file each, and remove it.
func TestNewLedger_GivesEachRunItsOwnFile(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "ledger.jsonl")
	first, err := newLedger(name)
	if err != nil {
		t.Fatal(err)
	}
	second, err := newLedger(name)
	if err != nil {
		t.Fatal(err)
	}
	if first.lock.Path() == second.lock.Path() {
		t.Fatal("both use the same file")
	}
	if _, err := lockLedgers(name); err == nil {
		t.Error("ledgers in use can be locked")
	}
	for _, l := range []*runLedger{first, second} {
		if err := l.Add(cleanup.Item{Vault: someVault, ID: someItem}); err != nil {
			t.Error(err)
		}
		if err := l.Remove(cleanup.Item{Vault: someVault, ID: someItem}); err != nil {
			t.Error(err)
		}
		if err := l.close(); err != nil {
			t.Error(err)
		}
	}
	if left, err := os.ReadDir(filepath.Dir(name)); err != nil || len(left) != 0 {
		t.Errorf("files left: %v, %v", left, err)
	}
}

// Ledgers with items are found under each number and refused by the next run.
func TestNewLedger_RefusesALedgerWithItems(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "ledger.jsonl")
	line := `{"op":"made","vault":"` + someVault + `","item":"` + someItem + `"}` + "\n"
	for _, n := range []int{1, 3} { // the second run deleted its items
		if err := os.WriteFile(ledgerName(name, n), []byte(line), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := newLedger(name); err == nil {
		t.Error("a ledger with items is used")
	}
	all, err := lockLedgers(name)
	if err != nil || len(all) != 2 {
		t.Fatalf("%d ledgers, %v", len(all), err)
	}
	for _, l := range all {
		if len(l.items) != 1 || l.items[0] != (cleanup.Item{Vault: someVault, ID: someItem}) {
			t.Errorf("%s: %v", l.name, l.items)
		}
		if err := unlockLedger(l.lock); err != nil {
			t.Error(err)
		}
	}
}
