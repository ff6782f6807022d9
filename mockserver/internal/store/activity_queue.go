package store

import (
	"fmt"
	"sync"

	"github.com/connectmock/connectmock/openapi/connect"
)

// maxQueueBytes bounds the records that are accepted and not committed yet, in bytes
// as estimated by size: about ten thousand records.
const maxQueueBytes = 8 << 20

// maxSpare is the largest capacity of a slice that is reused.
const maxSpare = 2048

// entry is a record that is to be added to an account's log.
type entry struct {
	account string
	record  connect.Activity
}

// size returns the approximate memory of the entry. Only the user agent can be long.
func (e *entry) size() int { return 768 + len(e.record.Actor.UserAgent) }

// queue holds accepted records until a transaction takes them. Only the holder of
// the writer takes records, so that they keep the order in which they came.
type queue struct {
	mu       sync.Mutex
	changed  *sync.Cond // bytes, waiting, failing or closed have changed
	pending  []entry
	spare    []entry // memory of stored entries, to be reused
	bytes    int     // size of entries that are pending or in flight
	inFlight int     // number of entries taken and not stored yet
	waiting  int     // number of callers in add
	closed   bool    // add does not wait any more
	failing  bool    // the last attempt to store failed
	dropped  int

	wake  chan struct{} // receives a value when something is pending
	hurry chan struct{} // receives a value when the queue is half full
}

func newQueue() *queue {
	q := &queue{wake: make(chan struct{}, 1), hurry: make(chan struct{}, 1)}
	q.changed = sync.NewCond(&q.mu)
	return q
}

// add adds an entry, and waits while the queue is full. It returns false if the
// entry is dropped: while the database cannot be written (waiting would block
// every request), and after close.
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
		q.changed.Broadcast() // close waits for the callers in add
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

// take returns all pending entries. Call stored or putBack for them later.
func (q *queue) take() []entry {
	q.mu.Lock()
	defer q.mu.Unlock()
	taken := q.pending
	q.pending, q.spare = q.spare, nil
	q.inFlight += len(taken)
	return taken
}

// stored removes entries that are committed.
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
		clear(taken) // free the memory that the records refer to
		q.spare = taken[:0]
	}
	q.failing = false
	q.changed.Broadcast()
}

// putBack makes entries pending again because they were not committed.
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

// fail notes that the database cannot be written.
func (q *queue) fail() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.failing = true
	q.changed.Broadcast()
}

// empty reports whether all accepted entries are committed.
func (q *queue) empty() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.pending) == 0 && q.inFlight == 0
}

// Backlog is the accepted activity that is not committed yet.
type Backlog struct {
	Records int
	Bytes   int // approximate memory of the records
	Dropped int // records lost since the store was opened
}

// Backlog returns the current backlog.
func (s *Store) Backlog() Backlog {
	q := s.queue
	q.mu.Lock()
	defer q.mu.Unlock()
	return Backlog{Records: len(q.pending) + q.inFlight, Bytes: q.bytes, Dropped: q.dropped}
}

// close accepts the entries of the callers in add, and none after them.
func (q *queue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.changed.Broadcast()
	for q.waiting > 0 {
		q.changed.Wait()
	}
}

// lost returns an error if entries were dropped or are still pending.
func (q *queue) lost() error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if n := q.dropped + len(q.pending); n > 0 {
		return fmt.Errorf("%d records of the activity log were lost", n)
	}
	return nil
}

// signal sends to a channel of capacity 1 unless a value is waiting in it.
func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
