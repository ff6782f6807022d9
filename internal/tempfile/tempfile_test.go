package tempfile

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

func entries(t *testing.T, dir string) (names []string) {
	t.Helper()
	list, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range list {
		names = append(names, e.Name())
	}
	return names
}

func TestCreateUnnamed_CreatesAFileWithoutAName(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	f, err := CreateUnnamed(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString("secret"); err != nil {
		t.Error(err)
	}
	if names := entries(t, dir); len(names) > 0 && runtime.GOOS != "windows" {
		t.Errorf("it has the name %v", names)
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		t.Error(err)
	}
	if text, err := io.ReadAll(f); string(text) != "secret" || err != nil {
		t.Errorf("read %q, %v", text, err)
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
	if names := entries(t, dir); len(names) > 0 {
		t.Errorf("after Close there are %v", names)
	}
	if _, err := CreateUnnamed(filepath.Join(dir, "none")); err == nil {
		t.Error("a file was created in a directory that does not exist")
	}
}

func TestWriteAtomic_WritesTheWholeFileOrNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	name := filepath.Join(dir, "file")
	for _, text := range []string{"first", "second"} {
		err := WriteAtomic(name, func(w io.Writer) error {
			if names := entries(t, dir); runtime.GOOS == "linux" && len(names) > 0 && names[0] != "file" {
				t.Errorf("before the file is complete there are %v", names)
			}
			_, err := io.WriteString(w, text)
			return err
		})
		if got, failed := os.ReadFile(name); err != nil || failed != nil || string(got) != text {
			t.Errorf("wrote %q, %v, %v", got, err, failed)
		}
	}
	failure := errors.New("write failed")
	if err := WriteAtomic(name, func(io.Writer) error { return failure }); !errors.Is(err, failure) {
		t.Errorf("error %v", err)
	}
	if got, err := os.ReadFile(name); err != nil || string(got) != "second" {
		t.Errorf("a failure left %q, %v", got, err)
	}
	if names := entries(t, dir); len(names) != 1 {
		t.Errorf("there are %v", names)
	}
	if info, err := os.Stat(name); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if err := WriteAtomic(dir, func(io.Writer) error { return nil }); err == nil {
		t.Error("a directory was replaced")
	}
}
