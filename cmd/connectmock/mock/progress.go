package mock

import (
	"fmt"
	"io"
	"time"

	"github.com/connectmock/connectmock/mockserver"
)

// When the filling of a store is first reported, and how often after that: on a
// terminal one line is written again and again, elsewhere each is a new line.
const (
	progressAfter  = time.Second
	progressEvery  = 200 * time.Millisecond
	progressSeldom = 5 * time.Second

	progressFrom = 1000 // items and records; filling a store with fewer is never reported
)

// progress reports how far the filling of a store is. It writes less often than it
// is called.
type progress struct {
	out      io.Writer
	terminal bool
	now      func() time.Time
	started  time.Time
	next     time.Time // of the next line
	written  bool      // the last line has no end yet
}

func newProgress(out io.Writer, terminal bool, now func() time.Time) *progress {
	started := now()
	return &progress{out: out, terminal: terminal, now: now, started: started, next: started.Add(progressAfter)}
}

func (p *progress) report(done mockserver.Progress) {
	now := p.now()
	if now.Before(p.next) || done.AllItems+done.AllRecords < progressFrom {
		return
	}
	line := "connectmock: filling the store: " + progressText(done, now.Sub(p.started))
	if p.terminal {
		p.next, p.written = now.Add(progressEvery), true
		fmt.Fprint(p.out, "\r"+line+"\x1b[K")
		return
	}
	p.next = now.Add(progressSeldom)
	fmt.Fprintln(p.out, line)
}

// end ends the line, if there is one.
func (p *progress) end() {
	if p.written {
		fmt.Fprintln(p.out)
	}
}

func progressText(p mockserver.Progress, took time.Duration) string {
	text := "items"
	done, all := p.Items, p.AllItems
	if p.Items == p.AllItems && p.AllRecords > 0 {
		text, done, all = "records of activity", p.Records, p.AllRecords
	}
	if done == all {
		return fmt.Sprintf("%d %s, finishing, %s", all, text, took.Round(time.Second))
	}
	return fmt.Sprintf("%d of %d %s, %s", done, all, text, took.Round(time.Second))
}
