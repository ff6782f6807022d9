package store

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"

	"github.com/connectmock/connectmock/internal/tempfile"
)

// minCachedSize is the size from which a content is copied: smaller ones are a few
// chunks, which cost less than opening a file.
const minCachedSize = 1 << 20

// errNotCached says that a copy is of no use, and the chunks are to be read.
var errNotCached = errors.New("no copy")

// copies holds large contents a second time, each in a file without a name
// beside the store: what is in a file of its own the system sends by itself,
// what is in chunks takes the engine three times as long. A content number
// names bytes that never change, so a copy can't be wrong.
//
// A copy is made when its content is first read, while whoever reads it follows.
// Copies that nobody reads make room for new ones; where there is no room the
// chunks are read.
type fileCache struct {
	dir     string
	limit   int64 // bytes
	log     *slog.Logger
	cancel  context.CancelFunc // ends the making
	ctx     context.Context
	writers sync.WaitGroup

	mu       sync.Mutex
	entries  map[int64]*cachedFile
	bytes    int64 // of held, those that are being made in full
	uses     uint64
	disabled bool // no more are made: closed, or a write failed
	warned   bool // that something fails
}

// cachedFile is the content of one file, whole or still being made.
type cachedFile struct {
	file    *tempfile.File
	size    int64
	readers int    // and who makes it
	used    uint64 // the last use

	mu      sync.Mutex
	written int64         // bytes
	more    chan struct{} // closed when done or err has changed
	err     error         // why there will be no more
}

func newFileCache(path string, limit int64, log *slog.Logger) *fileCache {
	c := &fileCache{dir: filepath.Dir(path), limit: limit, log: log, entries: map[int64]*cachedFile{}}
	c.ctx, c.cancel = context.WithCancel(context.Background())
	return c
}

// take is the copy of a content, or nil. Give it back with put.
func (c *fileCache) take(f *fileReader) *cachedFile {
	if c == nil || f.size < minCachedSize || f.size > c.limit {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	k := c.entries[f.content]
	if k == nil {
		if k = c.start(f); k == nil {
			return nil
		}
	}
	k.readers++
	c.uses++
	k.used = c.uses
	return k
}

// begin starts a copy, or answers nil where there can be none.
func (c *fileCache) start(f *fileReader) *cachedFile {
	if c.disabled || !c.makeRoom(f.size) {
		return nil
	}
	file, err := tempfile.CreateUnnamed(c.dir)
	if err != nil {
		c.warn(err)
		return nil
	}
	k := &cachedFile{file: file, size: f.size, readers: 1, more: make(chan struct{})}
	c.entries[f.content] = k
	c.bytes += f.size
	source := &fileReader{ctx: c.ctx, store: f.store, account: f.account, name: f.name, content: f.content, size: f.size, loaded: -1}
	c.writers.Go(func() { c.write(k, source) })
	return k
}

// put gives back what was taken.
func (c *fileCache) put(content int64, k *cachedFile) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if k.readers--; k.readers == 0 && (c.disabled || k.failure() != nil) {
		c.drop(content, k)
	}
}

// makeRoom drops the copies that were not used for longest until there is room.
func (c *fileCache) makeRoom(size int64) bool {
	for c.bytes+size > c.limit {
		var oldest *cachedFile
		var content int64
		for n, k := range c.entries {
			if k.readers == 0 && (oldest == nil || k.used < oldest.used) {
				oldest, content = k, n
			}
		}
		if oldest == nil {
			return false
		}
		c.drop(content, oldest)
	}
	return true
}

func (c *fileCache) drop(content int64, k *cachedFile) {
	delete(c.entries, content)
	c.bytes -= k.size
	_ = k.file.Close() // nothing of it is needed
}

// warn tells of the first failure: the others will be the same.
func (c *fileCache) warn(err error) {
	if !c.warned && !c.disabled {
		c.log.Warn("large files are sent more slowly: no copies of them can be kept beside the store", "error", err)
	}
	c.warned = true
}

// disable makes no more copies after a write that failed: the next would fail as
// late, and take the last room from the store.
func (c *fileCache) disable(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.warn(err)
	c.disabled = true
}

// fill makes a copy from the chunks. It may fail because the content is gone.
func (c *fileCache) write(k *cachedFile, source *fileReader) {
	defer c.put(source.content, k)
	for k.written < k.size { // nobody else changes it
		err := source.load(k.written / chunkSize)
		if err == nil {
			if _, err = k.file.Write(source.chunk); err != nil {
				c.disable(err)
			}
		}
		k.addWritten(int64(len(source.chunk)), err)
		if err != nil {
			return
		}
	}
}

func (k *cachedFile) addWritten(n int64, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.err = err; err == nil {
		k.written += n
	}
	close(k.more)
	k.more = make(chan struct{})
}

func (k *cachedFile) failure() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.err
}

// reaches waits until there is more than that offset, and says up to where.
func (k *cachedFile) waitPast(ctx context.Context, offset int64) (int64, error) {
	for {
		k.mu.Lock()
		done, err, more := k.written, k.err, k.more
		k.mu.Unlock()
		switch {
		case done > offset:
			return done, nil
		case err != nil:
			return 0, errNotCached
		}
		select {
		case <-more:
		case <-ctx.Done():
			return 0, ctx.Err()
		}
	}
}

// writeTo writes what is from offset on, as it comes to be there.
func (k *cachedFile) writeTo(ctx context.Context, w io.Writer, offset int64) (written int64, err error) {
	var from io.ReadSeeker = io.NewSectionReader(k.file, 0, k.size)
	if own, err := k.open(); err == nil {
		defer own.Close()
		from = own
	}
	if _, err := from.Seek(offset, io.SeekStart); err != nil {
		return 0, err
	}
	for offset < k.size {
		done, err := k.waitPast(ctx, offset)
		if err != nil {
			return written, err
		}
		n, err := io.CopyN(w, from, done-offset)
		written, offset = written+n, offset+n
		if err != nil {
			return written, err
		}
	}
	return written, nil
}

// open opens the file once more: the system sends from where a file stands, and
// each reader stands elsewhere. Only Linux opens what has no name.
func (k *cachedFile) open() (*os.File, error) {
	if runtime.GOOS != "linux" {
		return nil, errors.ErrUnsupported
	}
	return os.Open("/proc/self/fd/" + strconv.Itoa(int(k.file.Fd())))
}

// close ends the making of copies and drops those that nobody reads; the others
// go with their last reader.
func (c *fileCache) close() {
	if c == nil {
		return
	}
	c.mu.Lock()
	c.disabled = true
	c.mu.Unlock()
	c.cancel()
	c.writers.Wait()
	c.mu.Lock()
	defer c.mu.Unlock()
	for content, k := range c.entries {
		if k.readers == 0 {
			c.drop(content, k)
		}
	}
}

// FileCacheSize says how many large files are held a second time, so that they are
// sent fast, and the bytes they take beside the store.
func (s *Store) FileCacheSize() (files int, bytes int64) {
	if s.fileCache == nil {
		return 0, 0
	}
	s.fileCache.mu.Lock()
	defer s.fileCache.mu.Unlock()
	return len(s.fileCache.entries), s.fileCache.bytes
}
