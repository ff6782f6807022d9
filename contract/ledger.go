package contract

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/connectmock/connectmock/internal/suite/cleanup"
	"github.com/gofrs/flock"
)

// runLedger lists the items that the suite created and has not deleted yet. The suite
// deletes only these. With a file the list survives the process, for Sweep. Each item
// is in the ledger before any assertion about it.
type runLedger struct {
	*cleanup.Ledger
	lock *flock.Flock // held while the run uses the file; nil: no file
}

// newLedger opens a ledger file for appending. If another run has locked the file, it
// opens the next numbered one. Without a name the ledger stays in memory.
func newLedger(name string) (*runLedger, error) {
	if name == "" {
		return &runLedger{Ledger: cleanup.New(nil)}, nil
	}
	for n := 1; ; n++ {
		candidate := ledgerName(name, n)
		lock, free, err := lockLedger(candidate)
		if err != nil {
			return nil, err
		}
		if !free {
			continue
		}
		file, err := openLedger(candidate)
		if err != nil {
			return nil, errors.Join(err, unlockLedger(lock))
		}
		return &runLedger{cleanup.New(file), lock}, nil
	}
}

// openLedger opens a ledger file for appending. It returns an error if the file has
// items.
func openLedger(name string) (*os.File, error) {
	items, err := cleanup.Read(name)
	if err != nil {
		return nil, err
	}
	if len(items) > 0 {
		return nil, fmt.Errorf(
			"the ledger %s has %d items that an earlier run did not delete; sweep them first, or name another ledger",
			name, len(items))
	}
	return os.OpenFile(name, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
}

// ledgerName returns name for 1, then "ledger-2.jsonl" and so on.
func ledgerName(name string, n int) string {
	if n == 1 {
		return name
	}
	ext := filepath.Ext(name)
	return fmt.Sprintf("%s-%d%s", strings.TrimSuffix(name, ext), n, ext)
}

// lockLedger locks a ledger file. free is false if another run has locked it.
func lockLedger(name string) (lock *flock.Flock, free bool, err error) {
	lock = flock.New(name + ".lock")
	free, err = lock.TryLock()
	if err != nil {
		return nil, false, fmt.Errorf("the ledger %s can't be used: %w", name, err)
	}
	return lock, free, nil
}

// unlockLedger unlocks a ledger file and removes the lock file.
func unlockLedger(lock *flock.Flock) error {
	return errors.Join(os.Remove(lock.Path()), lock.Unlock())
}

// close closes the ledger and removes the file if all items are deleted.
func (l *runLedger) close() error {
	err := l.Close()
	if l.lock == nil {
		return err
	}
	return errors.Join(err, unlockLedger(l.lock))
}
