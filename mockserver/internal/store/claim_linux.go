package store

import (
	"errors"
	"os"
	"syscall"
)

// The lock is on one byte beyond those that SQLite locks (0x40000000 and the 512
// after it). It belongs to the open file description, so that stores in two
// processes conflict and the engine's own POSIX locks are not touched; flock
// would be a lock on the whole file where the file is on NFS.
const (
	lockedByte  = 0x4000_0000 + 1024
	setOpenLock = 37 // F_OFD_SETLK, the same on every architecture
)

type fileLock struct{ file *os.File }

func openInodeLock(name string) (inodeLock, error) {
	file, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	return fileLock{file}, nil
}

func (l fileLock) lock(exclusive bool) (held bool, err error) {
	how := syscall.Flock_t{Type: syscall.F_RDLCK, Start: lockedByte, Len: 1}
	if exclusive {
		how.Type = syscall.F_WRLCK
	}
	err = syscall.FcntlFlock(l.file.Fd(), setOpenLock, &how)
	switch {
	case errors.Is(err, syscall.EAGAIN), errors.Is(err, syscall.EACCES):
		return false, nil
	case errors.Is(err, syscall.EINVAL), errors.Is(err, syscall.ENOLCK), errors.Is(err, syscall.EOPNOTSUPP):
		return true, nil // a file system without such locks: only the name is locked
	}
	return err == nil, err
}

func (l fileLock) close() error { return l.file.Close() }

// linkCount returns the number of names of a file.
func linkCount(info os.FileInfo) uint64 {
	if stat, ok := info.Sys().(*syscall.Stat_t); ok {
		return uint64(stat.Nlink)
	}
	return 1
}
