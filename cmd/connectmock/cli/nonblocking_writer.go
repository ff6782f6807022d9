package cli

import (
	"fmt"
	"io"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"
)

const (
	// maxBufferedBytes is the number of bytes that wait for a slow reader.
	maxBufferedBytes = 1 << 20
	// flushTimeout is the time that the program waits at its end for a reader that
	// reads nothing.
	flushTimeout = 2 * time.Second
)

// nonblockingWriter writes to a stream whose reader may be slow or gone. Writing to
// it neither waits nor fails: when the buffer is full, lines are dropped, and their
// number is written as soon as there is room.
type nonblockingWriter struct {
	to io.Writer

	mu      sync.Mutex
	lines   [][]byte
	bytes   int           // of lines
	dropped int           // lines
	idle    chan struct{} // closed when all is written; nil: nothing waits
	written int           // lines that the stream took
}

// Write adds p to the buffer. It never fails.
func (w *nonblockingWriter) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.bytes+len(p) > maxBufferedBytes {
		w.dropped++
		return len(p), nil
	}
	w.lines = append(w.lines, append([]byte(nil), p...))
	w.bytes += len(p)
	if w.idle == nil {
		w.idle = make(chan struct{})
		go w.drain()
	}
	return len(p), nil
}

// drain writes the buffer until it is empty.
func (w *nonblockingWriter) drain() {
	for {
		line := w.next()
		if line == nil {
			return
		}
		_, _ = w.to.Write(line) // nobody can be told about an error
		w.mu.Lock()
		w.written++
		w.mu.Unlock()
	}
}

// next removes the next line from the buffer and returns it, nil if there is none.
func (w *nonblockingWriter) next() []byte {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case len(w.lines) > 0:
		line := w.lines[0]
		w.lines[0], w.lines = nil, w.lines[1:]
		w.bytes -= len(line)
		return line
	case w.dropped > 0:
		line := fmt.Appendf(nil, "connectmock: %s dropped here: nobody read them in time\n", Count(w.dropped, "line"))
		w.dropped = 0
		return line
	}
	close(w.idle)
	w.idle, w.lines = nil, nil
	return nil
}

// flush waits until all is written. It gives up when nothing was written for the
// time of the timeout.
func (w *nonblockingWriter) flush(timeout time.Duration) {
	for {
		w.mu.Lock()
		idle, before := w.idle, w.written
		w.mu.Unlock()
		if idle == nil {
			return
		}
		select {
		case <-idle:
			return
		case <-time.After(timeout):
		}
		w.mu.Lock()
		stuck := w.written == before
		w.mu.Unlock()
		if stuck {
			return
		}
	}
}

// IgnoreSlowReaders keeps a server from waiting, or ending, because nobody reads
// its standard error or output.
func (std *Streams) IgnoreSlowReaders() {
	if _, is := std.Err.(*nonblockingWriter); is {
		return
	}
	std.Err = &nonblockingWriter{to: std.Err}
	// Notify keeps SIGPIPE from ending the process. Commands that exec starts would
	// inherit signal.Ignore.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
}

// Flush writes what is buffered for standard error.
func (std *Streams) Flush() {
	if w, is := std.Err.(*nonblockingWriter); is {
		w.flush(flushTimeout)
	}
}

// Stderr returns standard error without a buffer, for commands that inherit it.
func (std *Streams) Stderr() io.Writer {
	if w, is := std.Err.(*nonblockingWriter); is {
		return w.to
	}
	return std.Err
}
