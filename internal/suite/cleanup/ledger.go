// Package cleanup lists the items that a suite created on a server and has not
// deleted yet, in a file that survives the process. It sends no requests: a suite
// records what it creates and deletes.
package cleanup

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"

	"github.com/connectmock/connectmock/openapi/connect"
)

// Item is an item that was created, by its ids.
type Item struct{ Vault, ID string }

// Ledger lists the items that were created and not deleted yet. It is safe for
// concurrent use.
type Ledger struct {
	mu   sync.Mutex
	file *os.File // nil: none
	open map[Item]bool
}

// line is one line of the file.
type line struct {
	Op    string `json:"op"` // made or gone
	Vault string `json:"vault"`
	Item  string `json:"item"`
}

const (
	made = "made"
	gone = "gone"
)

// New returns a ledger that appends to file and closes it. Without a file the
// ledger stays in memory.
func New(file *os.File) *Ledger { return &Ledger{file: file, open: map[Item]bool{}} }

// Add records that an item was created. The item is in the file when Add returns.
func (l *Ledger) Add(i Item) error { return l.enter(made, i) }

// Remove records that an item was deleted.
func (l *Ledger) Remove(i Item) error { return l.enter(gone, i) }

func (l *Ledger) enter(op string, i Item) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if op == made {
		l.open[i] = true
	} else {
		delete(l.open, i)
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
	return len(l.open)
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

// Read returns the items of a ledger file that are not deleted yet, in the order
// they were created; none if there is no file.
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
	open := map[Item]bool{}
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		var l line
		if err := json.Unmarshal(lines.Bytes(), &l); err != nil || !connect.IsID(l.Vault) || !connect.IsID(l.Item) {
			return nil, fmt.Errorf("%s:%d: not a line of a ledger", name, n)
		}
		i := Item{l.Vault, l.Item}
		open[i] = l.Op == made
		order = append(order, i)
	}
	var left []Item
	for _, i := range order {
		if open[i] {
			left = append(left, i)
			open[i] = false
		}
	}
	return left, lines.Err()
}

// Rewrite replaces the content of a ledger file by items. Without any it removes
// the file.
func Rewrite(name string, items []Item) error {
	if len(items) == 0 {
		if err := os.Remove(name); !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	}
	var text []byte
	for _, i := range items {
		entry, err := json.Marshal(line{made, i.Vault, i.ID})
		if err != nil {
			return err
		}
		text = append(append(text, entry...), '\n')
	}
	return os.WriteFile(name, text, 0o600)
}
