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

// isStdout reports whether the name of a file means standard output.
func isStdout(name string) bool {
	return name == "-" || name == "/dev/stdout" || name == "/dev/fd/1" || name == "/proc/self/fd/1"
}

// prepareOutput returns an error if a file that a flag names can't be written, so
// that a long command fails before its work. It makes the folder; an existing
// file keeps its content.
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

// checkPlace returns an error if no file can have the name that a flag gives: its
// folder is missing, or it is a folder itself.
func checkPlace(flag, name string) error {
	if name == "" {
		return nil
	}
	folder := filepath.Dir(name)
	switch info, err := os.Stat(folder); {
	case errors.Is(err, fs.ErrNotExist):
		return usage("%s %s: there is no folder %s; make it, or name another file", flag, name, folder)
	case err != nil:
		return usage("%s: %w", flag, err)
	case !info.IsDir():
		return usage("%s %s: %s is not a folder", flag, name, folder)
	}
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		return usage("%s %s: this is a folder; name a file in it", flag, name)
	}
	return nil
}

// tryOutput opens a file for writing, or creates and removes it if there is none.
// It skips pipes and devices, because opening one may wait for its reader.
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

// writeOutput writes a file, or standard output. It removes a file that could not
// be written completely.
func (std *streams) writeOutput(name string, write func(io.Writer) error) error {
	if isStdout(name) {
		return write(std.out)
	}
	// For writing only: a pipe that is open for reading too never loses its reader.
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

// writeTextAtomic writes a text as writeFileAtomic does.
func writeTextAtomic(name string, text []byte) error {
	return writeFileAtomic(name, func(w io.Writer) error {
		_, err := w.Write(text)
		return err
	})
}

// writeFileAtomic writes a file that only its owner can read, all of it or
// nothing. It writes pipes and devices directly.
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
