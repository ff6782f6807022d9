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

// copyFrom is the size from which a content is copied: smaller ones are a few
// chunks, which cost less than opening a file.
const copyFrom = 1 << 20

// errNoCopy says that a copy is of no use, and the chunks are to be read.
var errNoCopy = errors.New("no copy")

// copies holds large contents a second time, each in a file without a name
// beside the store: what is in a file of its own the system sends by itself,
// what is in chunks takes the engine three times as long. A content number
// names bytes that never change, so a copy can't be wrong.
//
// A copy is made when its content is first read, while whoever reads it follows.
// Copies that nobody reads make room for new ones; where there is no room the
// chunks are read.
type copies struct {
	dir   string
	limit int64 // bytes
	log   *slog.Logger
	stop  context.CancelFunc // ends the making
	ctx   context.Context
	made  sync.WaitGroup

	mu    sync.Mutex
	held  map[int64]*contentCopy
	bytes int64 // of held, those that are being made in full
	uses  uint64
	over  bool // no more are made: closed, or a write failed
	told  bool // that something fails
}

// contentCopy is the content of one file, whole or still being made.
type contentCopy struct {
	file    *tempfile.File
	size    int64
	readers int    // and who makes it
	used    uint64 // the last use

	mu   sync.Mutex
	done int64         // bytes
	more chan struct{} // closed when done or err has changed
	err  error         // why there will be no more
}

func newCopies(path string, limit int64, log *slog.Logger) *copies {
	c := &copies{dir: filepath.Dir(path), limit: limit, log: log, held: map[int64]*contentCopy{}}
	c.ctx, c.stop = context.WithCancel(context.Background())
	return c
}

// take is the copy of a content, or nil. Give it back with put.
func (c *copies) take(f *fileReader) *contentCopy {
	if c == nil || f.size < copyFrom || f.size > c.limit {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	k := c.held[f.content]
	if k == nil {
		if k = c.begin(f); k == nil {
			return nil
		}
	}
	k.readers++
	c.uses++
	k.used = c.uses
	return k
}

// begin starts a copy, or answers nil where there can be none.
func (c *copies) begin(f *fileReader) *contentCopy {
	if c.over || !c.makeRoom(f.size) {
		return nil
	}
	file, err := tempfile.CreateUnnamed(c.dir)
	if err != nil {
		c.warn(err)
		return nil
	}
	k := &contentCopy{file: file, size: f.size, readers: 1, more: make(chan struct{})}
	c.held[f.content] = k
	c.bytes += f.size
	source := &fileReader{ctx: c.ctx, store: f.store, account: f.account, name: f.name, content: f.content, size: f.size, loaded: -1}
	c.made.Go(func() { c.fill(k, source) })
	return k
}

// put gives back what was taken.
func (c *copies) put(content int64, k *contentCopy) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if k.readers--; k.readers == 0 && (c.over || k.failed() != nil) {
		c.drop(content, k)
	}
}

// makeRoom drops the copies that were not used for longest until there is room.
func (c *copies) makeRoom(size int64) bool {
	for c.bytes+size > c.limit {
		var oldest *contentCopy
		var content int64
		for n, k := range c.held {
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

func (c *copies) drop(content int64, k *contentCopy) {
	delete(c.held, content)
	c.bytes -= k.size
	_ = k.file.Close() // nothing of it is needed
}

// warn tells of the first failure: the others will be the same.
func (c *copies) warn(err error) {
	if !c.told && !c.over {
		c.log.Warn("large files are sent more slowly: no copies of them can be kept beside the store", "error", err)
	}
	c.told = true
}

// giveUp makes no more copies after a write that failed: the next would fail as
// late, and take the last room from the store.
func (c *copies) giveUp(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.warn(err)
	c.over = true
}

// fill makes a copy from the chunks. It may fail because the content is gone.
func (c *copies) fill(k *contentCopy, source *fileReader) {
	defer c.put(source.content, k)
	for k.done < k.size { // nobody else changes it
		err := source.load(k.done / chunkSize)
		if err == nil {
			if _, err = k.file.Write(source.chunk); err != nil {
				c.giveUp(err)
			}
		}
		k.advance(int64(len(source.chunk)), err)
		if err != nil {
			return
		}
	}
}

func (k *contentCopy) advance(n int64, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.err = err; err == nil {
		k.done += n
	}
	close(k.more)
	k.more = make(chan struct{})
}

func (k *contentCopy) failed() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.err
}

// reaches waits until there is more than that offset, and says up to where.
func (k *contentCopy) reaches(ctx context.Context, offset int64) (int64, error) {
	for {
		k.mu.Lock()
		done, err, more := k.done, k.err, k.more
		k.mu.Unlock()
		switch {
		case done > offset:
			return done, nil
		case err != nil:
			return 0, errNoCopy
		}
		select {
		case <-more:
		case <-ctx.Done():
			return 0, ctx.Err()
		}
	}
}

// writeTo writes what is from offset on, as it comes to be there.
func (k *contentCopy) writeTo(ctx context.Context, w io.Writer, offset int64) (written int64, err error) {
	var from io.ReadSeeker = io.NewSectionReader(k.file, 0, k.size)
	if own, err := k.open(); err == nil {
		defer own.Close()
		from = own
	}
	if _, err := from.Seek(offset, io.SeekStart); err != nil {
		return 0, err
	}
	for offset < k.size {
		done, err := k.reaches(ctx, offset)
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
func (k *contentCopy) open() (*os.File, error) {
	if runtime.GOOS != "linux" {
		return nil, errors.ErrUnsupported
	}
	return os.Open("/proc/self/fd/" + strconv.Itoa(int(k.file.Fd())))
}

// close ends the making of copies and drops those that nobody reads; the others
// go with their last reader.
func (c *copies) close() {
	if c == nil {
		return
	}
	c.mu.Lock()
	c.over = true
	c.mu.Unlock()
	c.stop()
	c.made.Wait()
	c.mu.Lock()
	defer c.mu.Unlock()
	for content, k := range c.held {
		if k.readers == 0 {
			c.drop(content, k)
		}
	}
}

// FileCacheSize says how many large files are held a second time, so that they are
// sent fast, and the bytes they take beside the store.
func (s *Store) FileCacheSize() (files int, bytes int64) {
	if s.copies == nil {
		return 0, 0
	}
	s.copies.mu.Lock()
	defer s.copies.mu.Unlock()
	return len(s.copies.held), s.copies.bytes
}
