package store

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"testing"
	"testing/iotest"
)

func randomBytes(n int) []byte {
	b := make([]byte, n)
	rand.NewChaCha8([32]byte{byte(n)}).Read(b)
	return b
}

func TestFiles_AreStoredInChunks(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, s *Store) {
		ctx := context.Background()
		for _, size := range []int{0, 1, chunkSize - 1, chunkSize, chunkSize + 1, 3*chunkSize + 17} {
			want := randomBytes(size)
			update(t, s, func(tx *Tx) error {
				n, err := tx.PutFile("A", "item", "file", iotest.HalfReader(bytes.NewReader(want)))
				if n != int64(size) {
					t.Errorf("PutFile: %d of %d bytes", n, size)
				}
				return err
			})
			f, n, err := s.OpenFile(ctx, "A", "item", "file")
			if err != nil || n != int64(size) {
				t.Fatalf("OpenFile: %d, %v", n, err)
			}
			if err := iotest.TestReader(f, want); err != nil {
				t.Errorf("%d bytes: %v", size, err)
			}
			from := min(int64(size), chunkSize/2+1)
			if _, err := f.Seek(from, io.SeekStart); err != nil {
				t.Error(err)
			}
			var rest bytes.Buffer
			if n, err := f.(io.WriterTo).WriteTo(&rest); err != nil || n != int64(size)-from || !bytes.Equal(rest.Bytes(), want[from:]) {
				t.Errorf("%d bytes, WriteTo: %d, %v", size, n, err)
			}
			if n, err := f.Read(make([]byte, 1)); n != 0 || err != io.EOF {
				t.Errorf("%d bytes, Read after WriteTo: %d, %v", size, n, err)
			}
			f.Close()
			if _, err := f.Read(make([]byte, 1)); err == nil || err == io.EOF {
				t.Errorf("Read after Close: %v", err)
			}
		}
		var chunks int
		view(t, s, func(tx *Tx) error { return tx.session.queryRow(`SELECT count(*) FROM chunks`, nil, &chunks) })
		if chunks != 4 {
			t.Errorf("%d chunks: what was replaced is still there", chunks)
		}
		for _, at := range [][3]string{{"B", "item", "file"}, {"A", "other", "file"}, {"A", "item", "other"}} {
			if _, _, err := s.OpenFile(ctx, at[0], at[1], at[2]); !errors.Is(err, ErrNotFound) {
				t.Errorf("OpenFile(%v): %v", at, err)
			}
		}
		broken := errors.New("broken")
		err := s.Update(ctx, func(tx *Tx) error {
			_, err := tx.PutFile("A", "item", "file", iotest.ErrReader(broken))
			return err
		})
		if !errors.Is(err, broken) {
			t.Errorf("PutFile of a broken reader: %v", err)
		}
		if _, n, err := s.OpenFile(ctx, "A", "item", "file"); err != nil || n != 3*chunkSize+17 {
			t.Errorf("after a failed replacement: %d, %v", n, err)
		}
	})
}

// A reader never gets bytes of what came after the file it opened.
func TestOpenFile_NeverReadsAnotherContent(t *testing.T) {
	t.Parallel()
	put := func(content []byte) func(*Tx) error {
		return func(tx *Tx) error {
			_, err := tx.PutFile("A", "item", "file", bytes.NewReader(content))
			return errors.Join(err, tx.PutItem("A", login("item", "v", "x")))
		}
	}
	old, young := randomBytes(2*chunkSize), bytes.Repeat([]byte("new"), chunkSize)
	for name, change := range map[string]func(t *testing.T, s *Store){
		"replaced": func(t *testing.T, s *Store) { update(t, s, put(young)) },
		"deleted":  func(t *testing.T, s *Store) { update(t, s, func(tx *Tx) error { return tx.DeleteItem("A", "item") }) },
		"deleted and put again": func(t *testing.T, s *Store) {
			update(t, s, func(tx *Tx) error { return tx.DeleteItem("A", "item") })
			update(t, s, put(young))
		},
		"reset and put again": func(t *testing.T, s *Store) {
			if err := s.Reset(context.Background()); err != nil {
				t.Fatal(err)
			}
			putAccounts(t, s)
			update(t, s, put(young))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			engines(t, func(t *testing.T, s *Store) {
				update(t, s, put(old))
				f, _, err := s.OpenFile(context.Background(), "A", "item", "file")
				if err != nil {
					t.Fatal(err)
				}
				defer f.Close()
				first := make([]byte, 100)
				if _, err := io.ReadFull(f, first); err != nil || !bytes.Equal(first, old[:100]) {
					t.Fatal("wrong bytes", err)
				}
				change(t, s)
				var contentOf bytes.Buffer
				_, err = f.(io.WriterTo).WriteTo(&contentOf)
				rest := contentOf.Bytes()
				if !errors.Is(err, ErrNotFound) {
					t.Errorf("reading on: %v", err)
				}
				if !bytes.Equal(rest, old[100:100+len(rest)]) {
					t.Error("wrong bytes")
				}
			})
		})
	}
}
