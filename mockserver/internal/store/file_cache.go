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

// minCachedSize is the size from which on a content is cached: a smaller one has few
// chunks, which cost less than opening a file.
const minCachedSize = 1 << 20

// errNotCached means that the cached file cannot be used and the chunks must be read.
var errNotCached = errors.New("no copy")

// fileCache keeps copies of large contents, each in a file without a name beside
// the store: the system can send a file directly, while reading chunks through
// the engine takes three times as long. A content number stands for bytes that
// never change, so that a copy is never stale.
//
// A copy is written when its content is first read; the reader follows the writer.
// Copies without readers are evicted for new ones. Where there is no room the
// chunks are read.
type fileCache struct {
	dir     string
	limit   int64 // bytes
	log     *slog.Logger
	cancel  context.CancelFunc // stops the goroutines that write copies
	ctx     context.Context
	writers sync.WaitGroup

	mu       sync.Mutex
	entries  map[int64]*cachedFile
	bytes    int64 // sum of the sizes of entries, also of unfinished ones
	uses     uint64
	disabled bool // no more copies are made: closed, or a write failed
	warned   bool // a failure was logged
}

// cachedFile is a copy of a content, finished or still being written.
type cachedFile struct {
	file    *tempfile.File
	size    int64
	readers int    // including the goroutine that writes it
	used    uint64 // value of uses at the last use

	mu      sync.Mutex
	written int64         // bytes
	more    chan struct{} // closed when written or err has changed
	err     error         // why no more will be written
}

func newFileCache(path string, limit int64, log *slog.Logger) *fileCache {
	c := &fileCache{dir: filepath.Dir(path), limit: limit, log: log, entries: map[int64]*cachedFile{}}
	c.ctx, c.cancel = context.WithCancel(context.Background())
	return c
}

// take returns the copy of a content, or nil. Return it with put.
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

// start starts to write a copy. It returns nil if there can be none.
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
	source := &fileReader{
		ctx: c.ctx, store: f.store, account: f.account, name: f.name, content: f.content, size: f.size, loaded: -1,
	}
	c.writers.Go(func() { c.write(k, source) })
	return k
}

// put returns a copy that was taken.
func (c *fileCache) put(content int64, k *cachedFile) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if k.readers--; k.readers == 0 && (c.disabled || k.failure() != nil) {
		c.drop(content, k)
	}
}

// makeRoom evicts the least recently used copies until there is room.
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

// drop removes a copy from the cache.
func (c *fileCache) drop(content int64, k *cachedFile) {
	delete(c.entries, content)
	c.bytes -= k.size
	_ = k.file.Close() // its content is not needed any more
}

// warn logs the first failure: the others will be the same.
func (c *fileCache) warn(err error) {
	if !c.warned && !c.disabled {
		c.log.Warn("large files are sent more slowly: no copies of them can be kept beside the store", "error", err)
	}
	c.warned = true
}

// disable stops the cache after a write that failed: the next one would fail as
// late, and take the last free space from the store.
func (c *fileCache) disable(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.warn(err)
	c.disabled = true
}

// write writes a copy from the chunks. It fails if the content is deleted meanwhile.
func (c *fileCache) write(k *cachedFile, source *fileReader) {
	defer c.put(source.content, k)
	for k.written < k.size { // only this goroutine changes it
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

// addWritten notes that n more bytes are written, or an error.
func (k *cachedFile) addWritten(n int64, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.err = err; err == nil {
		k.written += n
	}
	close(k.more)
	k.more = make(chan struct{})
}

// failure returns the error that has ended the writing, if any.
func (k *cachedFile) failure() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.err
}

// waitPast waits until the copy goes beyond the offset, and returns its end.
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

// writeTo copies the content from offset to w, and waits for parts that are not
// written yet.
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

// open opens the file a second time, because each reader needs a file offset of
// its own. Only Linux can open a file without a name.
func (k *cachedFile) open() (*os.File, error) {
	if runtime.GOOS != "linux" {
		return nil, errors.ErrUnsupported
	}
	return os.Open("/proc/self/fd/" + strconv.Itoa(int(k.file.Fd())))
}

// close stops the writing of copies and drops those without readers. The others
// are dropped with their last reader.
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

// FileCacheSize returns the number of files in the cache of large files, and their
// size in bytes.
func (s *Store) FileCacheSize() (files int, bytes int64) {
	if s.fileCache == nil {
		return 0, 0
	}
	s.fileCache.mu.Lock()
	defer s.fileCache.mu.Unlock()
	return len(s.fileCache.entries), s.fileCache.bytes
}
