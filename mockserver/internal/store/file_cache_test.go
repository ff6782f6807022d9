package store

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/internal/tempfile"
)

const large = minCachedSize + chunkSize/2 // not a whole number of chunks

// newCachingStore returns a store with a file cache of that many bytes and with files of the given sizes, named a, b,
// and so on, and their contents by name.
func newCachingStore(t *testing.T, limit int64, sizes ...int) (*Store, map[string][]byte) {
	t.Helper()
	s := mustOpen(t, Options{Path: filepath.Join(t.TempDir(), "store.db"), FileCacheBytes: limit})
	putAccounts(t, s)
	contents := map[string][]byte{}
	for i, size := range sizes {
		name := string(rune('a' + i))
		contents[name] = randomBytes(size)
		putContent(t, s, name, contents[name])
	}
	return s, contents
}

func putContent(t *testing.T, s *Store, name string, content []byte) {
	t.Helper()
	update(t, s, func(tx *Tx) error {
		_, err := tx.PutFile("A", "item", name, bytes.NewReader(content))
		return errors.Join(err, tx.PutItem("A", login("item", "v", "x")))
	})
}

func openContent(t *testing.T, s *Store, name string) io.ReadSeekCloser {
	t.Helper()
	f, _, err := s.OpenFile(context.Background(), "A", "item", name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// contentOf returns what WriteTo writes of a file.
func contentOf(t *testing.T, s *Store, name string, from int64) []byte {
	t.Helper()
	f := openContent(t, s, name)
	if _, err := f.Seek(from, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if n, err := f.(io.WriterTo).WriteTo(&b); err != nil || n != int64(b.Len()) {
		t.Errorf("WriteTo: %d of %d bytes, %v", n, b.Len(), err)
	}
	return b.Bytes()
}

func holds(t *testing.T, s *Store, files int, size int64) {
	t.Helper()
	if n, bytes := s.FileCacheSize(); n != files || bytes != size {
		t.Errorf("%d copies of %d bytes, want %d of %d", n, bytes, files, size)
	}
}

// waitForCopies waits until no copy is being made any more.
func waitForCopies(s *Store) { s.fileCache.writers.Wait() }

func TestFileCache_SendsCachedFiles(t *testing.T) {
	t.Parallel()
	s, contents := newCachingStore(t, 1<<30, large, minCachedSize-1)
	openContent(t, s, "a")
	holds(t, s, 0, 0) // opened and not read
	for _, from := range []int64{0, 17, chunkSize, large - 1, large, 0} {
		if !bytes.Equal(contentOf(t, s, "a", from), contents["a"][from:]) {
			t.Errorf("other bytes from %d on", from)
		}
		if !bytes.Equal(contentOf(t, s, "b", min(from, minCachedSize-1)), contents["b"][min(from, minCachedSize-1):]) {
			t.Errorf("other bytes of a small file from %d on", from)
		}
	}
	waitForCopies(s)
	holds(t, s, 1, large)
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(s.path), "connectmock-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// A reader gets the bytes of the content that it has opened, whatever happens to the file. A later reader gets the new
// content.
func TestFileCache_FollowsChanges(t *testing.T) {
	t.Parallel()
	s, contents := newCachingStore(t, 1<<30, large)
	contentOf(t, s, "a", 0)
	waitForCopies(s)
	before, late := openContent(t, s, "a"), randomBytes(large+1)
	putContent(t, s, "a", late)
	var b bytes.Buffer
	if _, err := io.Copy(&b, before); err != nil || !bytes.Equal(b.Bytes(), contents["a"]) {
		t.Errorf("read %d bytes of what was opened, %v", b.Len(), err)
	}
	if !bytes.Equal(contentOf(t, s, "a", 0), late) {
		t.Error("what came later is read as other bytes")
	}
	deleted := openContent(t, s, "a")
	putContent(t, s, "b", randomBytes(large))
	unread := openContent(t, s, "b") // of this one there is no copy
	update(t, s, func(tx *Tx) error { return tx.DeleteItem("A", "item") })
	if n, err := io.Copy(io.Discard, deleted); n != large+1 || err != nil {
		t.Errorf("of a deleted file with a copy %d bytes, %v", n, err)
	}
	if n, err := io.Copy(io.Discard, unread); n != 0 || !errors.Is(err, ErrNotFound) {
		t.Errorf("of a deleted file without a copy %d bytes, %v", n, err)
	}
	waitForCopies(s)
	holds(t, s, 2, 2*large+1)
}

// slowClient is a client that accepts a byte, and then nothing until it is released.
type slowClient struct{ began, free chan struct{} }

func (b slowClient) Write(p []byte) (int, error) {
	select {
	case <-b.began:
	default:
		close(b.began)
	}
	<-b.free
	return len(p), nil
}

// Cached files are evicted for others, but not while they are read. If there is no room the chunks are read.
func TestFileCache_EvictsUnusedFiles(t *testing.T) {
	t.Parallel()
	s, contents := newCachingStore(t, 2*large, large, large, large, 2*large+1)
	for _, name := range []string{"a", "b", "a", "c"} { // c takes the place of b
		contentOf(t, s, name, 0)
		waitForCopies(s)
	}
	holds(t, s, 2, 2*large)
	read := func(name string) (client slowClient, done chan error) {
		client, done = slowClient{make(chan struct{}), make(chan struct{})}, make(chan error, 1)
		f := openContent(t, s, name)
		go func() { _, err := io.Copy(client, f); done <- err }()
		<-client.began
		return client, done
	}
	one, oneDone := read("a")
	two, twoDone := read("c")
	for _, name := range []string{"a", "b", "c", "d"} {
		if !bytes.Equal(contentOf(t, s, name, 0), contents[name]) {
			t.Errorf("%s: other bytes", name)
		}
	}
	waitForCopies(s)
	holds(t, s, 2, 2*large)
	close(one.free)
	close(two.free)
	if err := errors.Join(<-oneDone, <-twoDone); err != nil {
		t.Error(err)
	}
	contentOf(t, s, "b", 0)
	waitForCopies(s)
	holds(t, s, 2, 2*large)
	contentOf(t, s, "d", 0) // never fits
	holds(t, s, 2, 2*large)
}

func TestFileCache_StopsOnlyTheReaderThatDisconnects(t *testing.T) {
	t.Parallel()
	s, contents := newCachingStore(t, 1<<30, large)
	disconnected := errors.New("disconnected")
	for range 8 {
		f := openContent(t, s, "a")
		if _, err := io.Copy(refusing{disconnected}, f); !errors.Is(err, disconnected) {
			t.Errorf("got %v", err)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	f, _, err := s.OpenFile(ctx, "A", "item", "a")
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	k := &cachedFile{size: large, more: make(chan struct{})}
	if _, err := k.waitPast(ctx, 0); !errors.Is(err, context.Canceled) {
		t.Errorf("waiting ended with %v", err)
	}
	f.Close()
	if !bytes.Equal(contentOf(t, s, "a", 0), contents["a"]) {
		t.Error("other bytes")
	}
}

type refusing struct{ err error }

func (r refusing) Write([]byte) (int, error) { return 0, r.err }

// If a cached file cannot be written, the chunks are read from where it ends, and the log says so once.
func TestFileCache_ReadsChunksAfterAFailure(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	for name, spoil := range map[string]func(*fileCache){
		"no directory": func(c *fileCache) { c.dir = filepath.Join(c.dir, "gone") },
		"no room":      func(c *fileCache) { c.disabled = true },
	} {
		s, contents := newCachingStore(t, 1<<30, large)
		s.fileCache.log = slog.New(slog.NewTextHandler(&log, nil))
		spoil(s.fileCache)
		for range 2 {
			if !bytes.Equal(contentOf(t, s, "a", 0), contents["a"]) {
				t.Errorf("%s: other bytes", name)
			}
		}
		holds(t, s, 0, 0)
	}
	if n := strings.Count(log.String(), "\n"); n != 1 {
		t.Errorf("%d lines: %s", n, &log)
	}

	s, contents := newCachingStore(t, 1<<30, large)
	f := openContent(t, s, "a").(*fileReader)
	k := s.fileCache.take(f)
	waitForCopies(s)
	k.written, k.err = chunkSize, errors.New("full") // as if the place had no more room
	s.fileCache.put(f.content, k)
	holds(t, s, 0, 0)
	s.fileCache.entries[f.content], k.readers = k, 1 // and somebody is there already
	k.file = &tempfile.File{File: bytesFile(t, contents["a"][:chunkSize])}
	if !bytes.Equal(contentOf(t, s, "a", 1), contents["a"][1:]) {
		t.Error("other bytes after the end of the copy")
	}
	delete(s.fileCache.entries, f.content)
}

func bytesFile(t *testing.T, content []byte) *os.File {
	t.Helper()
	f, err := os.CreateTemp(t.TempDir(), "")
	if err == nil {
		_, err = f.Write(content)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}
