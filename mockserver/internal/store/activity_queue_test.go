package store

import (
	"strings"
	"testing"
	"testing/synctest"
)

func entryOf(n int) entry { return entry{"A", record(n)} }

// fill adds entries until the queue is full, and returns their number.
func fill(q *queue) (n int) {
	for q.bytes <= maxQueueBytes {
		q.add(entryOf(n))
		n++
	}
	return n
}

func TestQueue_WaitsWhileFull(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		q := newQueue()
		n := fill(q)
		accepted := make(chan bool, 1)
		go func() { accepted <- q.add(entryOf(n)) }()
		synctest.Wait()
		select {
		case <-accepted:
			t.Fatal("there was no room")
		default:
		}
		taken := q.take()
		synctest.Wait()
		select {
		case <-accepted:
			t.Fatal("there is no room before what was taken is stored")
		default:
		}
		q.stored(taken)
		if !<-accepted {
			t.Error("dropped")
		}
		if got := q.take(); len(taken) != n || len(got) != 1 || got[0].record.RequestID != record(n).RequestID {
			t.Errorf("%d, then %d", len(taken), len(got))
		}
	})
}

func TestQueue_KeepsTheOrderOfEntriesPutBack(t *testing.T) {
	t.Parallel()
	q := newQueue()
	for i := range 3 {
		q.add(entryOf(i))
	}
	taken := q.take()
	q.add(entryOf(3))
	if q.empty() {
		t.Error("empty while something is out")
	}
	q.putBack(taken)
	for i, e := range q.take() {
		if e.record.RequestID != record(i).RequestID {
			t.Errorf("%d: %s", i, e.record.RequestID)
		}
	}
}

// A caller does not wait for a database that cannot be written, nor for a closed queue. An entry that waited when the
// queue was closed is accepted.
func TestQueue_DoesNotWaitWhenFailingOrClosed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		q := newQueue()
		n := fill(q)
		q.fail()
		if q.add(entryOf(n)) {
			t.Error("accepted without room")
		}
		q.putBack(q.take())
		if err := q.lost(); err == nil || !strings.Contains(err.Error(), "records") {
			t.Errorf("lost: %v", err)
		}
		q.stored(q.take())
		m := fill(q)
		results := make(chan bool, 3)
		for range 3 {
			go func() { results <- q.add(entryOf(0)) }()
		}
		synctest.Wait()
		q.close()
		for range 3 {
			if !<-results {
				t.Error("an entry that waited was dropped")
			}
		}
		if got := len(q.take()); got != m+3 {
			t.Errorf("%d entries, want %d", got, m+3)
		}
		if q.add(entryOf(0)) {
			t.Error("accepted after close")
		}
	})
}
