package cleanup

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func items() (first, second Item) {
	return Item{strings.Repeat("v", 26), strings.Repeat("1", 26)}, Item{strings.Repeat("v", 26), strings.Repeat("2", 26)}
}

func TestLedger_ListsRemainingItemsInItsFile(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "ledger.jsonl")
	file, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	l := New(file)
	first, second := items()
	for _, err := range []error{l.Add(first), l.Add(second), l.Remove(first), l.Add(first), l.Remove(second), l.Close()} {
		if err != nil {
			t.Error(err)
		}
	}
	left, err := Read(name)
	if diff := cmp.Diff([]Item{first}, left); diff != "" || err != nil || l.Remaining() != 1 {
		t.Error(diff, err, l.Remaining())
	}
	if err := Rewrite(name, []Item{second}); err != nil {
		t.Error(err)
	}
	if left, err := Read(name); cmp.Diff([]Item{second}, left) != "" || err != nil {
		t.Error(left, err)
	}
	for range 2 { // the second time it is gone already
		if err := Rewrite(name, nil); err != nil {
			t.Error(err)
		}
	}
	if left, err := Read(name); left != nil || err != nil {
		t.Error(left, err)
	}
}

func TestClose_RemovesALedgerWithoutItems(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "ledger.jsonl")
	file, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	first, _ := items()
	for _, l := range []*Ledger{New(file), New(nil)} {
		for _, err := range []error{l.Add(first), l.Remove(first), l.Close()} {
			if err != nil {
				t.Error(err)
			}
		}
	}
	if _, err := os.Stat(name); !os.IsNotExist(err) {
		t.Error("the file is still there", err)
	}
}

func TestRead_RefusesOtherFiles(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "notes")
	if err := os.WriteFile(name, []byte(`{"op":"made","vault":"a","item":"b"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(name); err == nil || !strings.HasSuffix(err.Error(), "notes:1: not a line of a ledger") {
		t.Error(err)
	}
}
