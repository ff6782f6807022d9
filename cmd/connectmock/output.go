package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/connectmock/connectmock/internal/tempfile"
)

// isStdout tells whether a name given for a file means standard output.
func isStdout(name string) bool {
	return name == "-" || name == "/dev/stdout" || name == "/dev/fd/1" || name == "/proc/self/fd/1"
}

// prepareOutput returns an error if a file that a flag names can't be written,
// so that a long command fails before its work and not after it. Its folder is
// made; a file that is there keeps its content.
func prepareOutput(flag, name string) error {
	if isStdout(name) {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		return usage("%s %s: its folder can't be made: %w", flag, name, err)
	}
	if err := checkPlace(flag, name); err != nil {
		return err
	}
	if err := tryOutput(name); err != nil {
		return usage("%s %s can't be written: %w; name another file", flag, name, err)
	}
	return nil
}

// tryOutput opens a file for writing, or makes and removes one where there is
// none. Pipes and devices are not tried: opening one may wait for its reader.
func tryOutput(name string) error {
	switch info, err := os.Stat(name); {
	case errors.Is(err, fs.ErrNotExist):
		f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if err != nil {
			return err
		}
		return errors.Join(f.Close(), os.Remove(name))
	case err != nil:
		return err
	case !info.Mode().IsRegular():
		return nil
	}
	f, err := os.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	return f.Close()
}

// writeOutput writes a file, or standard output. A file that could not be
// written whole is removed, lest somebody reads the half of it.
func (std *streams) writeOutput(name string, write func(io.Writer) error) error {
	if isStdout(name) {
		return write(std.out)
	}
	// For writing only: with a pipe that was opened for reading too, nobody
	// would notice that its reader is gone.
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o666)
	if err != nil {
		return err
	}
	info, statErr := f.Stat()
	if err = errors.Join(write(f), f.Close()); err == nil {
		return nil
	}
	if statErr == nil && info.Mode().IsRegular() {
		err = errors.Join(err, os.Remove(name))
	}
	return fmt.Errorf("%s: %w", name, err)
}

// isSameOutput tells whether two names are of one file.
func isSameOutput(a, b string) bool {
	if isStdout(a) || isStdout(b) {
		return isStdout(a) && isStdout(b)
	}
	x, errX := os.Stat(a)
	y, errY := os.Stat(b)
	if errX == nil && errY == nil {
		return x.Mode().IsRegular() && os.SameFile(x, y)
	}
	absA, errA := filepath.Abs(a)
	absB, errB := filepath.Abs(b)
	return errA == nil && errB == nil && absA == absB
}

// writeFileAtomic writes a file that is there whole or not at all, for its owner
// only. Pipes and devices are written as they are.
func writeFileAtomic(name string, write func(io.Writer) error) error {
	if info, err := os.Stat(name); err == nil && !info.Mode().IsRegular() {
		f, err := os.OpenFile(name, os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		return errors.Join(write(f), f.Close())
	}
	return tempfile.WriteAtomic(name, write)
}
