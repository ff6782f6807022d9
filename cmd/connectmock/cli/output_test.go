package cli

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestWriteOutput_RemovesAPartialFile(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "out")
	full := errors.New("no space left")
	err := new(Streams).WriteOutput(name, func(w io.Writer) error {
		_, err := w.Write([]byte("half"))
		return errors.Join(err, full)
	})
	if !errors.Is(err, full) || !strings.Contains(err.Error(), name) {
		t.Errorf("error %v", err)
	}
	if _, err := os.Stat(name); !os.IsNotExist(err) {
		t.Errorf("the file was not removed: %v", err)
	}
}

func TestWriteTextAtomic_WritesToDevicesAndFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	link := filepath.Join(dir, "null")
	if err := os.Symlink(os.DevNull, link); err != nil {
		t.Skip(err)
	}
	for _, name := range []string{link, filepath.Join(dir, "new")} {
		if err := WriteTextAtomic(name, []byte("text")); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if to, err := os.Readlink(link); err != nil || to != os.DevNull {
		t.Errorf("the link became %q, %v", to, err)
	}
	if text, err := os.ReadFile(filepath.Join(dir, "new")); err != nil || string(text) != "text" {
		t.Errorf("%q, %v", text, err)
	}
}
