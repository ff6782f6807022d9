// Package cleanup has the ledger of a suite: the items that it created on a server and
// has not deleted yet, in a file that survives the process. It sends no requests.
package cleanup

import (
	"bufio"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"sync"

	"github.com/connectmock/connectmock/openapi/connect"
)

// Item has the ids of an item that was created.
type Item struct{ Vault, ID string }

// Ledger lists the items that were created and not deleted yet. It is safe for
// concurrent use.
type Ledger struct {
	mu    sync.Mutex
	file  *os.File // nil: the ledger is in memory
	items map[Item]bool
}

// line is a line of the file.
type line struct {
	Op    string `json:"op"` // opCreated or opDeleted
	Vault string `json:"vault"`
	Item  string `json:"item"`
}

const (
	opCreated = "made"
	opDeleted = "gone"
)

// New returns a ledger that appends to file. Close closes the file. nil: the ledger
// stays in memory.
func New(file *os.File) *Ledger { return &Ledger{file: file, items: map[Item]bool{}} }

// Add records that an item was created. The item is on the disk when Add returns.
func (l *Ledger) Add(i Item) error { return l.record(opCreated, i) }

// Remove records that an item was deleted.
func (l *Ledger) Remove(i Item) error { return l.record(opDeleted, i) }

func (l *Ledger) record(op string, i Item) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if op == opCreated {
		l.items[i] = true
	} else {
		delete(l.items, i)
	}
	if l.file == nil {
		return nil
	}
	if err := json.NewEncoder(l.file).Encode(line{op, i.Vault, i.ID}); err != nil {
		return err
	}
	return l.file.Sync()
}

// Remaining returns how many items are not deleted yet.
func (l *Ledger) Remaining() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.items)
}

// Items returns the items that are not deleted yet, in the order of their ids.
func (l *Ledger) Items() []Item {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.SortedFunc(maps.Keys(l.items), func(a, b Item) int {
		return cmp.Or(cmp.Compare(a.Vault, b.Vault), cmp.Compare(a.ID, b.ID))
	})
}

// Close closes the file and removes it if all items are deleted.
func (l *Ledger) Close() error {
	if l.file == nil {
		return nil
	}
	err := l.file.Close()
	if l.Remaining() == 0 {
		err = errors.Join(err, os.Remove(l.file.Name()))
	}
	return err
}

// Read returns the items in a ledger file that are not deleted yet, in the order in
// which they were created. A missing file has no items.
func Read(name string) ([]Item, error) {
	f, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var order []Item
	exists := map[Item]bool{}
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		var l line
		if err := json.Unmarshal(lines.Bytes(), &l); err != nil || !connect.IsID(l.Vault) || !connect.IsID(l.Item) {
			return nil, fmt.Errorf("%s:%d: not a line of a ledger", name, n)
		}
		i := Item{l.Vault, l.Item}
		exists[i] = l.Op == opCreated
		order = append(order, i)
	}
	var remaining []Item
	for _, i := range order {
		if exists[i] {
			remaining = append(remaining, i)
			exists[i] = false
		}
	}
	return remaining, lines.Err()
}

// Rewrite replaces the content of a ledger file with these items, or removes the file
// if there are none.
func Rewrite(name string, items []Item) error {
	if len(items) == 0 {
		if err := os.Remove(name); !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	}
	var text []byte
	for _, i := range items {
		entry, err := json.Marshal(line{opCreated, i.Vault, i.ID})
		if err != nil {
			return err
		}
		text = append(append(text, entry...), '\n')
	}
	return os.WriteFile(name, text, 0o600)
}
