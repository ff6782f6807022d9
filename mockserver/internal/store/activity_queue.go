package store

import (
	"fmt"
	"sync"

	"github.com/connectmock/connectmock/openapi/connect"
)

// maxQueueBytes bounds what is accepted and not yet committed, in bytes as size
// estimates them: about ten thousand records.
const maxQueueBytes = 8 << 20

// maxSpare is how many entries' room is kept for the next ones.
const maxSpare = 2048

// entry is one record on its way to an account's log.
type entry struct {
	account string
	record  connect.Activity
}

// size is about what the entry takes in memory. Only the user agent can be long.
func (e *entry) size() int { return 768 + len(e.record.Actor.UserAgent) }

// queue holds the records that are accepted until a transaction has them.
// Whoever takes them holds the writer, so their order is that of acceptance.
type queue struct {
	mu       sync.Mutex
	changed  *sync.Cond // room was made, somebody who waited is in, or it was closed
	pending  []entry
	spare    []entry // room of entries that are stored, to be pending again
	bytes    int     // bytes of pending and of those taken and not yet stored
	inFlight int     // entries taken and not yet stored
	waiting  int     // callers of add
	closed   bool    // nobody waits any more
	failing  bool    // the last attempt to store failed
	dropped  int

	wake  chan struct{} // something is pending
	hurry chan struct{} // half of the room is used
}

func newQueue() *queue {
	q := &queue{wake: make(chan struct{}, 1), hurry: make(chan struct{}, 1)}
	q.changed = sync.NewCond(&q.mu)
	return q
}

// add accepts an entry; it waits for room. It says false if the entry is
// dropped, which happens when the database does not take any (waiting for it
// would stop everything) and after close.
func (q *queue) add(e entry) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.waiting++
	late := q.closed
	for q.bytes > maxQueueBytes && !q.closed && !q.failing {
		q.changed.Wait()
	}
	q.waiting--
	if q.closed {
		q.changed.Broadcast() // close waits for those who waited
	}
	if late {
		return false
	}
	if q.bytes > maxQueueBytes && !q.closed {
		q.dropped++
		return false
	}
	q.pending = append(q.pending, e)
	q.bytes += e.size()
	if len(q.pending) == 1 {
		signal(q.wake)
	}
	if q.bytes > maxQueueBytes/2 {
		signal(q.hurry)
	}
	return true
}

// take is all that is pending; end it with stored or putBack.
func (q *queue) take() []entry {
	q.mu.Lock()
	defer q.mu.Unlock()
	taken := q.pending
	q.pending, q.spare = q.spare, nil
	q.inFlight += len(taken)
	return taken
}

// stored says that entries are committed.
func (q *queue) stored(taken []entry) {
	if len(taken) == 0 {
		return
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	for i := range taken {
		q.bytes -= taken[i].size()
	}
	q.inFlight -= len(taken)
	if cap(taken) <= maxSpare {
		clear(taken) // what the records point to is not kept
		q.spare = taken[:0]
	}
	q.failing = false
	q.changed.Broadcast()
}

// putBack says that entries are not committed.
func (q *queue) putBack(taken []entry) {
	if len(taken) == 0 {
		return
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	q.pending = append(taken, q.pending...)
	q.inFlight -= len(taken)
	signal(q.wake)
}

// fail says that the database does not take entries.
func (q *queue) fail() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.failing = true
	q.changed.Broadcast()
}

// empty says that all that was accepted is committed.
func (q *queue) empty() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.pending) == 0 && q.inFlight == 0
}

// Backlog is what was accepted for the activity log and is not yet committed.
type Backlog struct {
	Records int
	Bytes   int // about what they take in memory
	Dropped int // records lost since the store was opened
}

// Backlog is how things stand at the moment.
func (s *Store) Backlog() Backlog {
	q := s.queue
	q.mu.Lock()
	defer q.mu.Unlock()
	return Backlog{Records: len(q.pending) + q.inFlight, Bytes: q.bytes, Dropped: q.dropped}
}

// close lets those in who wait for room, and nobody after them.
func (q *queue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.changed.Broadcast()
	for q.waiting > 0 {
		q.changed.Wait()
	}
}

// lost is an error if entries were dropped or are still pending.
func (q *queue) lost() error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if n := q.dropped + len(q.pending); n > 0 {
		return fmt.Errorf("%d records of the activity log were lost", n)
	}
	return nil
}

func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
