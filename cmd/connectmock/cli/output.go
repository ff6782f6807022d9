package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/connectmock/connectmock/internal/tempfile"
)

// IsStdout reports whether the name of a file means standard output.
func IsStdout(name string) bool {
	return name == "-" || name == "/dev/stdout" || name == "/dev/fd/1" || name == "/proc/self/fd/1"
}

// PrepareOutput returns an error if a file that a flag names can't be written, so
// that a long command fails before its work. It makes the folder; an existing
// file keeps its content.
func PrepareOutput(flag, name string) error {
	if IsStdout(name) {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		return Usage("%s %s: its folder can't be made: %w", flag, name, err)
	}
	if err := CheckPlace(flag, name); err != nil {
		return err
	}
	if err := tryOutput(name); err != nil {
		return Usage("%s %s can't be written: %w; name another file", flag, name, err)
	}
	return nil
}

// CheckPlace returns an error if no file can have the name that a flag gives: its
// folder is missing, or it is a folder itself.
func CheckPlace(flag, name string) error {
	if name == "" {
		return nil
	}
	folder := filepath.Dir(name)
	switch info, err := os.Stat(folder); {
	case errors.Is(err, fs.ErrNotExist):
		return Usage("%s %s: there is no folder %s; make it, or name another file", flag, name, folder)
	case err != nil:
		return Usage("%s: %w", flag, err)
	case !info.IsDir():
		return Usage("%s %s: %s is not a folder", flag, name, folder)
	}
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		return Usage("%s %s: this is a folder; name a file in it", flag, name)
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

// WriteOutput writes a file, or standard output. It removes a file that could not
// be written completely.
func (std *Streams) WriteOutput(name string, write func(io.Writer) error) error {
	if IsStdout(name) {
		return write(std.Out)
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

// WriteTextAtomic writes a text as WriteFileAtomic does.
func WriteTextAtomic(name string, text []byte) error {
	return WriteFileAtomic(name, func(w io.Writer) error {
		_, err := w.Write(text)
		return err
	})
}

// WriteFileAtomic writes a file that only its owner can read, all of it or
// nothing. It writes pipes and devices directly.
func WriteFileAtomic(name string, write func(io.Writer) error) error {
	if info, err := os.Stat(name); err == nil && !info.Mode().IsRegular() {
		f, err := os.OpenFile(name, os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		return errors.Join(write(f), f.Close())
	}
	return tempfile.WriteAtomic(name, write)
}
