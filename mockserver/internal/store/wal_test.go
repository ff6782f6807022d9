package store

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// However much is written, the WAL starts again from its beginning, and Close leaves one file with all of it.
func TestWAL_StaysSmall(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "store.db")
	s := mustOpen(t, Options{Path: path})
	value := func(i int) []byte { return bytes.Repeat([]byte{byte(i)}, 1<<20) }
	const last = 199
	for i := range last + 1 {
		update(t, s, func(tx *Tx) error { return tx.SetMeta("a", value(i)) })
	}
	if info, err := os.Stat(path + "-wal"); err != nil || info.Size() > 64<<20 {
		t.Errorf("after 200 MB the WAL has %d bytes, %v", info.Size(), err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if files, err := filepath.Glob(path + "*"); err != nil || len(files) != 1 {
		t.Errorf("Close leaves %v, %v", files, err)
	}
	view(t, mustOpen(t, Options{Path: path}), func(tx *Tx) error {
		got, err := tx.Meta("a")
		if !bytes.Equal(got, value(last)) {
			t.Error("the last value is lost")
		}
		return err
	})
}
