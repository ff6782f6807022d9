package main

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
	// maxBufferedBytes is how many bytes a nonblockingWriter keeps for a reader that does
	// not read.
	maxBufferedBytes = 1 << 20
	// flushTimeout is how long the end of the program waits for a reader that
	// reads nothing at all.
	flushTimeout = 2 * time.Second
)

// nonblockingWriter hands on what is written to a stream whose reader may be slow,
// stand still or be gone. Writing to it neither waits nor fails: what finds no
// room is dropped and counted, and the count is written once there is room.
type nonblockingWriter struct {
	to io.Writer

	mu      sync.Mutex
	lines   [][]byte
	bytes   int           // of lines
	dropped int           // lines
	idle    chan struct{} // closed when all is written; nil: all is
	written int           // lines that were handed on
}

// Write keeps p to be written. It never fails.
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

// drain writes what is kept until nothing is left.
func (w *nonblockingWriter) drain() {
	for {
		line := w.next()
		if line == nil {
			return
		}
		_, _ = w.to.Write(line) // a reader that is gone misses nothing
		w.mu.Lock()
		w.written++
		w.mu.Unlock()
	}
}

// next takes the next line, nil if there is none.
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
		line := fmt.Appendf(nil, "connectmock: %s dropped here: nobody read them in time\n", count(w.dropped, "line"))
		w.dropped = 0
		return line
	}
	close(w.idle)
	w.idle, w.lines = nil, nil
	return nil
}

// flush waits until all is written. It gives up when nothing was written for as
// long as patience.
func (w *nonblockingWriter) flush(patience time.Duration) {
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
		case <-time.After(patience):
		}
		w.mu.Lock()
		stuck := w.written == before
		w.mu.Unlock()
		if stuck {
			return
		}
	}
}

// ignoreSlowReaders makes what the program says on standard error, and writes that find
// no reader, no reason to wait or to end: it is for commands that serve.
func (std *streams) ignoreSlowReaders() {
	if _, is := std.err.(*nonblockingWriter); is {
		return
	}
	std.err = &nonblockingWriter{to: std.err}
	// Somebody who listens keeps the system from ending the process. To ignore
	// the signal would make commands that exec runs ignore it too.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
}

// flush writes what is still kept for standard error.
func (std *streams) flush() {
	if w, is := std.err.(*nonblockingWriter); is {
		w.flush(flushTimeout)
	}
}

// stderr is standard error itself, for commands that get it as theirs.
func (std *streams) stderr() io.Writer {
	if w, is := std.err.(*nonblockingWriter); is {
		return w.to
	}
	return std.err
}
