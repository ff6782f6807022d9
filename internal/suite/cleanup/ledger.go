// Package cleanup knows the items that a suite made on a server and has not
// deleted yet, and keeps them in a file that survives the process. It talks to
// no server: a suite enters what it does, and sweeps what is left.
package cleanup

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"sync"
)

// Item is an item that was made, by its ids.
type Item struct{ Vault, ID string }

// Ledger knows every item that was made and is not gone yet. It is safe for many
// goroutines.
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

// New adds to a file, which is the ledger's from now on; nil: it stays in
// memory.
func New(file *os.File) *Ledger { return &Ledger{file: file, open: map[Item]bool{}} }

// Add enters an item. When it returns the file has it.
func (l *Ledger) Add(i Item) error { return l.enter(made, i) }

// Remove enters that an item was deleted.
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

// Remaining is how many items are still there.
func (l *Ledger) Remaining() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.open)
}

// Close ends the ledger; a file whose items are all gone is removed.
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

// Read is the items that a ledger file still holds, in the order they were made;
// none if there is no file.
func Read(name string) ([]Item, error) {
	f, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	id := regexp.MustCompile(`^[a-z0-9]{26}$`)
	var order []Item
	open := map[Item]bool{}
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		var l line
		if err := json.Unmarshal(lines.Bytes(), &l); err != nil || !id.MatchString(l.Vault) || !id.MatchString(l.Item) {
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

// Rewrite makes a file one that holds these items; without any it is removed.
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
