package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"syscall"
	"time"

	"github.com/connectmock/connectmock/internal/sleep"
	"github.com/gofrs/flock"
)

// maxLinks is the number of symbolic links to follow before they count as a loop.
const maxLinks = 40

// claimRetry is the time between attempts to lock a file that a short command
// uses.
const claimRetry = 10 * time.Millisecond

// lockTries is the number of further attempts to lock a name: commands that check
// whether it is locked hold the lock for a moment.
const lockTries = 5

// errLocked means that another process has locked the database file.
var errLocked = errors.New("another process has this file open under another name, or its .lock file was removed")

// inodeLock is a lock on a database file itself, independent of its name.
type inodeLock interface {
	// lock takes the lock, exclusive or shared, and reports whether it has it. It
	// can change a lock that is held from one to the other.
	lock(exclusive bool) (held bool, err error)
	close() error
}

// claim is a database file that this process has open. All stores of the process
// on that file share it.
//
// It is shared because closing any descriptor of a file ends all POSIX locks of
// the process on it, also those of the engine. Therefore the descriptor of the
// lock is opened before the engine opens the file, and closed after the last
// store has closed it.
type claim struct {
	name      string      // absolute, without symbolic links
	info      os.FileInfo // of the file
	lock      inodeLock   // nil if another process serves the file under the same name
	nameLock  *flock.Flock
	stores    int
	exclusive bool // one of the stores is exclusive
}

// claims lists the files that this process has open.
var claims struct {
	mu   sync.Mutex
	list []*claim
}

// resolve returns the absolute name of a file without symbolic links. The file
// need not exist. A name that cannot be resolved is returned as it is: opening
// it will fail.
func resolve(path string) string {
	name, err := filepath.Abs(path)
	if err != nil {
		return path
	}
	for range maxLinks {
		dir, err := filepath.EvalSymlinks(filepath.Dir(name))
		if err != nil {
			return name
		}
		name = filepath.Join(dir, filepath.Base(name))
		target, err := os.Readlink(name)
		if err != nil {
			return name
		}
		if !filepath.IsAbs(target) {
			target = filepath.Join(dir, target)
		}
		name = target
	}
	return name
}

// ResolvePath returns the name of the file that a store's path leads to, absolute
// and without symbolic links. The names of the files beside the store begin with
// it. It returns Memory unchanged.
func ResolvePath(path string) string {
	if path == Memory {
		return path
	}
	return resolve(path)
}

// claimFile creates the database file if there is none, and locks it: only one
// exclusive store may use it, others only under the same name. The engine finds
// its journals by the name of the file, so that two processes that use two names
// of one file (a hard link, a file that is mounted twice) would damage it. wait is
// how long to wait for commands that use the file for a moment.
//
// If the file cannot be opened claimFile returns nil, and the engine will report
// the error.
func claimFile(ctx context.Context, path, name string, exclusive bool, wait time.Duration) (*claim, error) {
	var nameLock *flock.Flock
	if exclusive {
		var err error
		if nameLock, err = lockName(path, name); err != nil {
			return nil, err
		}
	}
	for deadline := time.Now().Add(wait); ; {
		c, err := tryClaim(name, exclusive)
		if err == nil {
			if nameLock != nil && c != nil {
				c.nameLock = nameLock
			} else if nameLock != nil { // the engine will refuse
				return &claim{name: name, nameLock: nameLock}, nil
			}
			return c, nil
		}
		if !errors.Is(err, errLocked) || time.Now().After(deadline) || ctx.Err() != nil {
			if nameLock != nil {
				err = errors.Join(err, nameLock.Unlock())
			}
			return nil, fmt.Errorf("store %s: %w: stop it, or choose another store; nothing was changed", path, err)
		}
		_ = sleep.For(ctx, claimRetry) // a context that ends is the error of the next attempt
	}
}

// lockName locks the .lock file beside the database, which means that a process
// serves the database under this name. The lock ends with the process; the .lock
// file stays.
func lockName(path, name string) (*flock.Flock, error) {
	lock := flock.New(name + ".lock")
	ok, err := lock.TryLock()
	for range lockTries {
		if ok || err != nil {
			break
		}
		time.Sleep(claimRetry)
		ok, err = lock.TryLock()
	}
	if err != nil {
		return nil, fmt.Errorf("store %s: the lock beside it cannot be taken: see that the directory is writable, "+
			"choose another place, or use %q as the store: %w", path, Memory, err)
	}
	if !ok {
		return nil, fmt.Errorf("store %s: another process serves this file (it holds %s.lock): "+
			"stop it, or choose another store", path, name)
	}
	return lock, nil
}

// tryClaim makes one attempt to claim the file.
func tryClaim(name string, exclusive bool) (*claim, error) {
	claims.mu.Lock()
	defer claims.mu.Unlock()
	info, err := makePrivate(name)
	if err != nil {
		return nil, ignoreEngineErrors(err)
	}
	i := slices.IndexFunc(claims.list, func(c *claim) bool { return os.SameFile(c.info, info) })
	if i < 0 {
		return newClaim(name, info, exclusive)
	}
	c := claims.list[i]
	switch {
	case c.name != name:
		return nil, fmt.Errorf("this process has this file open under the name %s", c.name)
	case exclusive && c.exclusive:
		return nil, errors.New("this process serves this file already")
	case exclusive && c.lock != nil:
		if held, err := c.lock.lock(true); err != nil || !held {
			return nil, errors.Join(err, errLocked)
		}
	}
	c.stores++
	c.exclusive = c.exclusive || exclusive
	return c, nil
}

// newClaim claims a file that no other store of this process has open.
func newClaim(name string, info os.FileInfo, exclusive bool) (*claim, error) {
	lock, err := openInodeLock(name)
	if err != nil {
		return nil, ignoreEngineErrors(err)
	}
	// If no process serves a file with several names, each process that opens it must lock it.
	held, err := lock.lock(exclusive || linkCount(info) > 1)
	if now, failed := os.Stat(name); err == nil && (failed != nil || !os.SameFile(now, info)) {
		held = false // the file was replaced meanwhile
	}
	if err != nil || !held {
		_ = lock.close() // only reading
		if err != nil {
			return nil, fmt.Errorf("the file cannot be locked: %w", err)
		}
		if exclusive || !isNameLocked(name) {
			return nil, errLocked
		}
		lock = nil // the process that serves the file uses the same name
	}
	c := &claim{name: name, info: info, lock: lock, stores: 1, exclusive: exclusive}
	claims.list = append(claims.list, c)
	return c, nil
}

// ignoreEngineErrors returns nil for errors that the engine will report as well,
// with a text of its own.
func ignoreEngineErrors(err error) error {
	for _, known := range []error{fs.ErrPermission, fs.ErrNotExist, syscall.EROFS, syscall.EISDIR} {
		if errors.Is(err, known) {
			return nil
		}
	}
	return err
}

// isNameLocked reports whether another process serves the file under this name.
func isNameLocked(name string) bool {
	if _, err := os.Stat(name + ".lock"); err != nil {
		return false
	}
	lock := flock.New(name + ".lock")
	free, err := lock.TryLock()
	_ = lock.Close()
	return err == nil && !free
}

// IsServed reports whether a process serves the store with that path now. known
// is false if no process has ever served it.
func IsServed(path string) (served, known bool) {
	name := resolve(path)
	if _, err := os.Stat(name + ".lock"); err != nil || path == Memory {
		return false, false
	}
	return isNameLocked(name), true
}

// release releases the claim of one store. Call it after the engine has closed the
// file.
func (c *claim) release(exclusive bool) error {
	claims.mu.Lock()
	defer claims.mu.Unlock()
	var errs []error
	c.stores--
	if exclusive {
		c.exclusive = false
	}
	switch {
	case c.stores <= 0:
		claims.list = slices.DeleteFunc(claims.list, func(o *claim) bool { return o == c })
		if c.lock != nil {
			errs = append(errs, c.lock.close())
		}
	case exclusive && c.lock != nil:
		_, err := c.lock.lock(linkCount(c.info) > 1)
		errs = append(errs, err)
	}
	if exclusive && c.nameLock != nil {
		errs = append(errs, c.nameLock.Unlock())
	}
	return errors.Join(errs...)
}

// makePrivate creates the file if there is none, with access for its owner only:
// it holds the key that signs tokens. The engine gives the files beside it the
// same mode. A file that exists is neither changed nor opened.
func makePrivate(name string) (os.FileInfo, error) {
	info, err := os.Stat(name)
	if !errors.Is(err, fs.ErrNotExist) {
		return info, err
	}
	f, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) { // another process has created it
		return os.Stat(name)
	}
	if err != nil {
		return nil, err
	}
	info, err = f.Stat()
	return info, errors.Join(err, f.Close())
}
