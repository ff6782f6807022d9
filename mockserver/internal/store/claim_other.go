//go:build !linux

package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"

	"github.com/gofrs/flock"
)

// tempLock locks a file in the system's directory of temporary files, whose name is
// the device and inode of the database: on these systems flock conflicts with the
// engine's POSIX locks, or a lock prevents others from reading. If a file has no
// inode (Windows) only the name is locked.
type tempLock struct{ *flock.Flock }

func openInodeLock(name string) (inodeLock, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	device, inode, ok := statNumber(info, "Dev"), statNumber(info, "Ino"), statNumber(info, "Ino") != ""
	if !ok {
		return noLock{}, nil
	}
	at := filepath.Join(os.TempDir(), fmt.Sprintf("connectmock-%s-%s.lock", device, inode))
	return tempLock{flock.New(at, flock.SetPermissions(0o666))}, nil
}

func (l tempLock) lock(exclusive bool) (held bool, err error) {
	if err := l.Unlock(); err != nil {
		return false, err
	}
	if exclusive {
		held, err = l.TryLock()
	} else {
		held, err = l.TryRLock()
	}
	if errors.Is(err, os.ErrPermission) { // it belongs to another user: only the name is locked
		return true, nil
	}
	return held, err
}

func (l tempLock) close() error { return l.Close() }

type noLock struct{}

func (noLock) lock(bool) (bool, error) { return true, nil }
func (noLock) close() error            { return nil }

// statNumber returns a number from the system's description of a file, "" if it
// has none with that name.
func statNumber(info os.FileInfo, field string) string {
	v := reflect.Indirect(reflect.ValueOf(info.Sys()))
	if v.Kind() != reflect.Struct {
		return ""
	}
	f := v.FieldByName(field)
	if !f.IsValid() || !(f.CanInt() || f.CanUint()) {
		return ""
	}
	return fmt.Sprint(f.Interface())
}

// linkCount returns the number of names of a file, 1 if the system does not tell it.
func linkCount(os.FileInfo) uint64 { return 1 }
