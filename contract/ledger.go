package contract

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/gofrs/flock"
)

// ledger knows every item the suite made and has not deleted yet. Nothing is
// ever deleted that is not in it. With a file it survives the process, for
// Sweep; each line is one entry, written before anything is asserted of it.
type ledger struct {
	mu   sync.Mutex
	file *os.File
	lock *flock.Flock // of file; other runs leave it alone
	open map[made]bool
}

type entry struct {
	Op    string `json:"op"` // "made" or "gone"
	Vault string `json:"vault"`
	Item  string `json:"item"`
}

// newLedger opens the file for adding to it, or, while another run has it, the
// next one of its name; without a name it stays in memory.
func newLedger(name string) (*ledger, error) {
	l := &ledger{open: map[made]bool{}}
	if name == "" {
		return l, nil
	}
	for n := 1; ; n++ {
		candidate := numbered(name, n)
		lock, free, err := hold(candidate)
		if err != nil {
			return nil, err
		}
		if !free {
			continue
		}
		if l.file, err = openLedger(candidate); err != nil {
			return nil, errors.Join(err, release(lock))
		}
		l.lock = lock
		return l, nil
	}
}

func openLedger(name string) (*os.File, error) {
	left, err := readLedger(name)
	if err != nil {
		return nil, err
	}
	if len(left) > 0 {
		return nil, fmt.Errorf("the ledger %s holds %d items an earlier run left over; sweep them first, or name another ledger", name, len(left))
	}
	return os.OpenFile(name, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
}

// numbered is the name itself, then "ledger-2.jsonl" and so on.
func numbered(name string, n int) string {
	if n == 1 {
		return name
	}
	ext := filepath.Ext(name)
	return fmt.Sprintf("%s-%d%s", strings.TrimSuffix(name, ext), n, ext)
}

// hold takes a ledger for this run; free is false while another one has it.
func hold(name string) (lock *flock.Flock, free bool, err error) {
	lock = flock.New(name + ".lock")
	free, err = lock.TryLock()
	if err != nil {
		return nil, false, fmt.Errorf("the ledger %s can't be used: %w", name, err)
	}
	return lock, free, nil
}

// release lets a ledger go and leaves nothing behind.
func release(lock *flock.Flock) error {
	return errors.Join(os.Remove(lock.Path()), lock.Unlock())
}

// readLedger is the items a ledger file still holds; none if there is no file.
func readLedger(name string) ([]made, error) {
	f, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var order []made
	open := map[made]bool{}
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		var e entry
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil || !isID(e.Vault) || !isID(e.Item) {
			return nil, fmt.Errorf("%s:%d: not a line of a ledger", name, n)
		}
		m := made{e.Vault, e.Item}
		open[m] = e.Op == "made"
		order = append(order, m)
	}
	var left []made
	for _, m := range order {
		if open[m] {
			left = append(left, m)
			open[m] = false
		}
	}
	return left, lines.Err()
}

func (l *ledger) add(vault, item string) error    { return l.write("made", made{vault, item}) }
func (l *ledger) remove(vault, item string) error { return l.write("gone", made{vault, item}) }

func (l *ledger) write(op string, m made) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if op == "made" {
		l.open[m] = true
	} else {
		delete(l.open, m)
	}
	if l.file == nil {
		return nil
	}
	line, err := json.Marshal(entry{op, m.vault, m.item})
	if err != nil {
		return err
	}
	if _, err := l.file.Write(append(line, '\n')); err != nil {
		return err
	}
	return l.file.Sync()
}

// left is how many items are still there.
func (l *ledger) left() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.open)
}

// close ends the ledger; a file whose items are all gone is removed.
func (l *ledger) close() error {
	if l.file == nil {
		return nil
	}
	err := l.file.Close()
	if l.left() == 0 {
		err = errors.Join(err, os.Remove(l.file.Name()))
	}
	return errors.Join(err, release(l.lock))
}
