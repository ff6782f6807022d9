package cli

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"
)

// blockedWriter writes nothing until open is closed.
type blockedWriter struct {
	open chan struct{}
	mu   sync.Mutex
	text strings.Builder
}

func (g *blockedWriter) Write(p []byte) (int, error) {
	<-g.open
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.text.Write(p)
}

func TestNonblockingWriter_NeverWaitsAndCountsDroppedLines(t *testing.T) {
	t.Parallel()
	g := &blockedWriter{open: make(chan struct{})}
	w := &nonblockingWriter{to: g}
	line := strings.Repeat("x", 1<<10) + "\n"
	const lines = 2 * maxBufferedBytes >> 10
	for range lines {
		if n, err := fmt.Fprint(w, line); n != len(line) || err != nil {
			t.Fatal(n, err)
		}
	}
	w.flush(time.Nanosecond) // gives up
	close(g.open)
	w.flush(time.Hour)
	g.mu.Lock()
	text := g.text.String()
	g.mu.Unlock()
	kept := strings.Count(text, line)
	last := fmt.Sprintf("connectmock: %d lines dropped here: nobody read them in time\n", lines-kept)
	if kept < lines/3 || !strings.HasSuffix(text, last) {
		t.Errorf("%d lines of %d, and at the end %q", kept, lines, text[len(text)-100:])
	}
	fmt.Fprint(w, "again\n")
	w.flush(time.Hour)
	if !strings.HasSuffix(g.text.String(), "again\n") {
		t.Error("nothing was written afterwards")
	}
}

type failingWriter struct{}

func (failingWriter) Write([]byte) (int, error) { return 0, errors.New("nobody reads") }

func TestNonblockingWriter_KeepsItsOrderAndDoesNotFail(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	want := ""
	for _, w := range []*nonblockingWriter{{to: &text}, {to: failingWriter{}}} {
		for i := range 1000 {
			if _, err := fmt.Fprintln(w, i); err != nil {
				t.Fatal(err)
			}
			if w.to != (failingWriter{}) {
				want += fmt.Sprintln(i)
			}
		}
		w.flush(time.Hour)
	}
	if text.String() != want {
		t.Error("another order, or lines are missing")
	}
}
