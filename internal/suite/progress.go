package suite

import (
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/connectmock/connectmock/internal/report"
)

// Progress shows how far a run is: on a terminal in one line that changes with each
// result, elsewhere in a line every ten seconds. It is safe for concurrent use.
type Progress struct {
	out      io.Writer
	terminal bool
	noun     string
	began    time.Time
	stop     chan struct{}
	stopped  sync.WaitGroup

	mu                    sync.Mutex
	done, total, problems int
	shown                 bool // whether the line of a terminal is not empty
}

// StartProgress returns the progress of a run that begins now. noun is what it calls
// the cases: "rules". The caller must call Stop.
func StartProgress(out io.Writer, terminal bool, noun string) *Progress {
	p := &Progress{out: out, terminal: terminal, noun: noun, began: time.Now(), stop: make(chan struct{})}
	interval := 10 * time.Second
	if terminal {
		interval = time.Second // for the time, while no result comes
	}
	p.stopped.Go(func() {
		ticker := time.NewTicker(interval)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				p.mu.Lock()
				p.write()
				p.mu.Unlock()
			case <-p.stop:
				return
			}
		}
	})
	return p
}

// Add counts a result as the done-th of total.
func (p *Progress) Add(done, total int, result report.Result) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done, p.total = done, total
	switch result.State {
	case report.Fail, report.UnexpectedPass, report.Error:
		p.problems++
	}
	if p.terminal {
		p.write()
	}
}

// write writes the line. p.mu must be held. Errors are ignored: the run goes on
// without its progress.
func (p *Progress) write() {
	line := fmt.Sprintf("%d of %d %s", p.done, p.total, p.noun)
	if p.total == 0 {
		line = "looking at the server"
	}
	if p.problems > 0 {
		line += fmt.Sprintf(", %d failed", p.problems)
	}
	line += fmt.Sprintf(", %s", time.Since(p.began).Round(time.Second))
	if !p.terminal {
		_, _ = fmt.Fprintln(p.out, line)
		return
	}
	p.shown = true
	_, _ = fmt.Fprintf(p.out, "\r%s\x1b[K", line)
}

// Stop ends the progress and empties its line of a terminal.
func (p *Progress) Stop() {
	close(p.stop)
	p.stopped.Wait()
	if p.shown {
		_, _ = fmt.Fprint(p.out, "\r\x1b[K")
	}
}
