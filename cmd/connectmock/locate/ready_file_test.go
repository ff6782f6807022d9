package locate

import (
	"os"
	"path/filepath"
	"testing"
)

func TestRemoveReady_RemovesFilesButNotDevices(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	device, file := filepath.Join(dir, "device"), filepath.Join(dir, "file")
	if err := os.Symlink(os.DevNull, device); err != nil {
		t.Skip(err)
	}
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, stays := range map[string]bool{device: true, file: false, filepath.Join(dir, "none"): false, "": false} {
		if err := RemoveReady(name); err != nil {
			t.Errorf("%q: %v", name, err)
		}
		if _, err := os.Lstat(name); (err == nil) != stays {
			t.Errorf("%q: exists: %v, want %v", name, err == nil, stays)
		}
	}
}
