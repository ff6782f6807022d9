package scenariocmd

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/internal/textenc"
)

// The error for a file that can't be read has its path as it was given, not only its name.
func TestLoad_NamesThePathOfALargeFile(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "large.yaml")
	if err := os.WriteFile(name, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(name, textenc.MaxBytes+1); err != nil {
		t.Fatal(err)
	}
	if _, err := load(name); err == nil || !strings.HasPrefix(err.Error(), name+": large.yaml is too large") {
		t.Errorf("got %v", err)
	}
}
