// Package tempfile creates files that leave nothing behind when the process is killed, because their content may be
// secret.
package tempfile

import (
	"errors"
	"io"
	"os"
	"path/filepath"
)

// File is a file that is deleted when it is closed.
type File struct {
	*os.File
	name string // to be removed by Close; empty: the file has no name
}

// CreateUnnamed creates a file without a name in a directory, or in the system's directory of temporary files for "".
// Only its owner can read it, and it is deleted when its last descriptor is closed. If the system has no such files, it
// is created with a name, which is removed at once, or by Close if an open file can't be removed (Windows).
func CreateUnnamed(dir string) (*File, error) {
	if dir == "" {
		dir = os.TempDir()
	}
	if f, err := openUnnamed(dir); err == nil {
		return &File{File: f}, nil
	}
	f, err := os.CreateTemp(dir, "connectmock-*")
	if err != nil {
		return nil, err
	}
	if os.Remove(f.Name()) == nil {
		return &File{File: f}, nil
	}
	return &File{f, f.Name()}, nil
}

// Close closes the file, and removes its name if it still has one.
func (f *File) Close() error {
	err := f.File.Close()
	if f.name != "" {
		err = errors.Join(err, os.Remove(f.name))
		f.name = ""
	}
	return err
}

// WriteAtomic writes a file that only its owner can read. The file exists either completely or not at all. On Linux it
// has no name before it is complete.
func WriteAtomic(name string, write func(io.Writer) error) error {
	dir := filepath.Dir(name)
	if part, err := openUnnamed(dir); err == nil {
		err = write(part)
		if err == nil {
			err = nameFile(part, name)
		}
		err = errors.Join(err, part.Close())
		if !errors.Is(err, errors.ErrUnsupported) {
			return err
		}
	}
	part, err := os.CreateTemp(dir, filepath.Base(name)+".*")
	if err != nil {
		return err
	}
	if err = errors.Join(write(part), part.Close()); err == nil {
		err = os.Rename(part.Name(), name)
	}
	if err != nil {
		return errors.Join(err, os.Remove(part.Name()))
	}
	return nil
}
