package check

import (
	"fmt"
	"sync"
	"time"
)

// Patience decides how long the rules of a run wait for a change to become visible. It
// learns from the waits that ended, so that a server which never shows a change is not
// waited for in full by each rule (docs/adr/0034). It is safe for concurrent use.
type Patience struct {
	Within time.Duration // the longest wait
	every  time.Duration // between two looks

	mu    sync.Mutex
	kinds map[string]*waits // by the operation that looks for the change
	all   waits             // of any kind

	inVain      time.Duration // how long the run waited in vain; waits at the same time count once
	inVainUntil time.Time     // end of the last wait in vain

	responses int
	took      time.Duration // sum over the responses
}

// waits is what the run knows about some waits.
type waits struct {
	succeeded int
	slowest   time.Duration // of those that succeeded
	gaveUp    bool          // one was in vain
}

// cleaningUp is the kind of waits for a DELETE that succeeds.
const cleaningUp = "clean up"

// NewPatience returns a patience that has seen nothing yet.
func NewPatience(within, every time.Duration) *Patience {
	return &Patience{Within: within, every: every, kinds: map[string]*waits{}}
}

// limit returns how long a wait of a kind may take, at most p.within. If it is
// less, reason says why, for messages.
func (p *Patience) limit(kind string) (limit time.Duration, reason string) {
	const (
		enough   = 3 // waits of the kind that succeeded, before their length says something
		least    = time.Second
		multiple = 10 // of the slowest wait that succeeded

		leastAfterGivingUp    = 4 // looks
		multipleAfterGivingUp = 3
		budget                = 2 // of the limit of an unknown kind, for all waits in vain together
	)
	p.mu.Lock()
	defer p.mu.Unlock()
	unknown := p.limitOfUnknown()
	limit = p.Within
	shorten := func(to time.Duration, why string, args ...any) {
		if to < limit {
			limit, reason = to, fmt.Sprintf(why, args...)
		}
	}
	w := p.kinds[kind]
	switch {
	case w != nil && w.succeeded >= enough:
		shorten(max(least, multiple*w.slowest), "such changes were visible within %s until now", shown(w.slowest))
	case kind != "":
		shorten(unknown, "other changes were visible within %s until now", shown(p.all.slowest))
	}
	if w != nil && w.gaveUp {
		shorten(max(leastAfterGivingUp*p.every, multipleAfterGivingUp*w.slowest),
			"the run already waited in vain for such a change")
	}
	if p.inVain >= budget*unknown {
		shorten(leastAfterGivingUp*p.every, "the run already waited in vain for %s", shown(p.inVain))
	}
	return limit, reason
}

// limitOfUnknown returns the limit of a kind of which too few waits ended: Within,
// or less if the server responds at once and showed changes of all other kinds at once.
// p.mu must be held.
func (p *Patience) limitOfUnknown() time.Duration {
	const (
		enough      = 20
		least       = 2 * time.Second
		multiple    = 10  // of the slowest wait that succeeded
		ofResponses = 200 // of the mean time of a response: 10 s from 50 ms on
	)
	if p.all.succeeded < enough {
		return p.Within
	}
	mean := p.took / time.Duration(max(1, p.responses))
	return min(p.Within, max(least, multiple*p.all.slowest, ofResponses*mean))
}

// shown returns a duration as messages show it.
func shown(d time.Duration) time.Duration {
	return max(d, time.Millisecond).Round(time.Millisecond)
}

// addResponse notes how long a response took.
func (p *Patience) addResponse(took time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.responses++
	p.took += took
}

// succeed notes that a wait of a kind ended with success.
func (p *Patience) succeed(kind string, took time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, w := range []*waits{p.ofKind(kind), &p.all} {
		w.succeeded++
		w.slowest = max(w.slowest, took)
	}
}

// giveUp notes that a wait of a kind, which began at that time, was in vain.
func (p *Patience) giveUp(kind string, began time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ofKind(kind).gaveUp = true
	if p.inVainUntil.After(began) {
		began = p.inVainUntil
	}
	p.inVainUntil = time.Now()
	p.inVain += p.inVainUntil.Sub(began)
}

// ofKind returns the waits of a kind. p.mu must be held.
func (p *Patience) ofKind(kind string) *waits {
	if p.kinds[kind] == nil {
		p.kinds[kind] = &waits{}
	}
	return p.kinds[kind]
}
