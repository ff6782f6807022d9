package textenc

import (
	"fmt"
	"io"
	"io/fs"
	"os"
)

// MaxBytes is the size of the largest text that is read: a fixture, a scenario, a list of deviations, an OpenAPI
// document, a report. They are in memory as a whole, and parsed they take many times as much.
const MaxBytes = 64 << 20

// ReadFile returns the bytes of a file. The error for a file of more than MaxBytes names its size and the limit.
func ReadFile(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return read(name, f)
}

// ReadFS is ReadFile for a file of fsys.
func ReadFS(fsys fs.FS, name string) ([]byte, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return read(name, f)
}

// read reads an open file, without its content if that is too large.
func read(name string, f fs.File) ([]byte, error) {
	if info, err := f.Stat(); err == nil && info.Size() > MaxBytes {
		return nil, tooLarge(name, fmt.Sprintf("%.1f MiB", float64(info.Size())/(1<<20)))
	}
	return ReadAll(name, f)
}

// ReadAll returns all that r has. The error for more than MaxBytes contains the name.
func ReadAll(name string, r io.Reader) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	if err == nil && len(data) > MaxBytes {
		err = tooLarge(name, "more")
	}
	if err != nil {
		return nil, err
	}
	return data, nil
}

func tooLarge(name, size string) error {
	return fmt.Errorf("%s is too large: a text has at most %d MiB, and this one %s; "+
		"split it; a fixture can name large files by their path", name, MaxBytes>>20, size)
}
