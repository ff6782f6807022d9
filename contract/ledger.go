package contract

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/gofrs/flock"

	"github.com/connectmock/connectmock/internal/suite/cleanup"
)

// made is an item that the suite made.
type made = cleanup.Item

// runLedger knows every item the suite made and has not deleted yet. Nothing is
// ever deleted that is not in it. With a file it survives the process, for
// Sweep; each item is there before anything is asserted of it.
type runLedger struct {
	*cleanup.Ledger
	lock *flock.Flock // of the file, which other runs leave alone; nil: no file
}

// newLedger opens the file for adding to it, or, while another run has it, the
// next one of its name; without a name it stays in memory.
func newLedger(name string) (*runLedger, error) {
	if name == "" {
		return &runLedger{Ledger: cleanup.New(nil)}, nil
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
		file, err := openLedger(candidate)
		if err != nil {
			return nil, errors.Join(err, release(lock))
		}
		return &runLedger{cleanup.New(file), lock}, nil
	}
}

func openLedger(name string) (*os.File, error) {
	left, err := cleanup.Read(name)
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

// close ends the ledger; a file whose items are all gone is removed.
func (l *runLedger) close() error {
	err := l.Close()
	if l.lock == nil {
		return err
	}
	return errors.Join(err, release(l.lock))
}
