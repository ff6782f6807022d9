package textenc

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// endless is a source without an end, and counts what was read of it.
type endless struct{ read int }

func (e *endless) Read(p []byte) (int, error) {
	e.read += len(p)
	return len(p), nil
}

func TestRead_RefusesWhatIsTooLarge(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	name := filepath.Join(dir, "large.yaml")
	if err := os.WriteFile(name, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(name, MaxBytes+MaxBytes/2); err != nil { // without using the disk
		t.Fatal(err)
	}
	source := &endless{}
	for what, c := range map[string]struct {
		read func() ([]byte, error)
		want string
	}{
		"file":   {func() ([]byte, error) { return ReadFile(name) }, name + " is too large: a text has at most 64 MiB, and this one 96.0 MiB"},
		"folder": {func() ([]byte, error) { return ReadFS(os.DirFS(dir), "large.yaml") }, "large.yaml is too large"},
		"stream": {func() ([]byte, error) { return ReadAll("-", source) }, "- is too large"},
	} {
		if data, err := c.read(); data != nil || err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s: %d bytes, %v", what, len(data), err)
		}
	}
	if source.read > 4*MaxBytes {
		t.Errorf("%d bytes were read of what has no end", source.read)
	}
}

func TestRead_ReturnsWhatFits(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	name := filepath.Join(dir, "small.yaml")
	if err := os.WriteFile(name, []byte("a: 1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for what, read := range map[string]func() ([]byte, error){
		"file":   func() ([]byte, error) { return ReadFile(name) },
		"folder": func() ([]byte, error) { return ReadFS(os.DirFS(dir), "small.yaml") },
		"stream": func() ([]byte, error) { return ReadAll("-", strings.NewReader("a: 1\n")) },
	} {
		if data, err := read(); err != nil || string(data) != "a: 1\n" {
			t.Errorf("%s: %q, %v", what, data, err)
		}
	}
	if _, err := ReadFile(filepath.Join(dir, "none")); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	broken := io.MultiReader(strings.NewReader("a"), &failing{})
	if data, err := ReadAll("-", broken); data != nil || err == nil {
		t.Errorf("%q, %v", data, err)
	}
}

type failing struct{}

func (*failing) Read([]byte) (int, error) { return 0, errors.New("broken") }
