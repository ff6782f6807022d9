// Package memory bounds the memory that the large bodies of all requests take together. It does not know what is in
// them.
package memory

import (
	"context"
	"slices"
	"sync"
)

// SmallBody is how many bytes a body may have that is not counted.
const SmallBody = 64 << 10

// Budget bounds the memory that the large bodies of requests and responses take together, however many clients there
// are and however slow they are. A request that needs more than is left waits; the oldest one is served first. The
// oldest of all never waits, even beyond the limit, so that at least one always continues and frees its memory.
type Budget struct {
	mu     sync.Mutex
	limit  int64
	used   int64
	shares []*Share // those that have memory or wait for it, oldest first
}

// Share is the part of a budget that one request has. It is for one goroutine. A nil share is empty.
type Share struct {
	budget *Budget
	bytes  int64
	want   int64         // the size it waits for; 0: it does not wait
	ready  chan struct{} // closed when it has that size
}

// NewBudget returns a budget of limit bytes.
func NewBudget(limit int64) *Budget { return &Budget{limit: limit} }

// NewShare returns an empty share.
func (b *Budget) NewShare() *Share { return &Share{budget: b} }

// Usage returns how many bytes are taken and how many shares wait for more.
func (b *Budget) Usage() (used int64, waiting int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, s := range b.shares {
		if s.want > 0 {
			waiting++
		}
	}
	return b.used, waiting
}

// admit grows the waiting shares, oldest first, as long as memory is left.
func (b *Budget) admit() {
	for i, s := range b.shares {
		if s.want == 0 {
			continue
		}
		if i > 0 && b.used+s.want-s.bytes > b.limit {
			return
		}
		b.used += s.want - s.bytes
		s.bytes, s.want = s.want, 0
		close(s.ready)
	}
}

// GrowTo makes the share at least bytes large, and waits until there is memory. The error is the context's.
func (s *Share) GrowTo(ctx context.Context, bytes int64) error {
	if s.TryGrowTo(bytes) {
		return nil
	}
	s.budget.mu.Lock()
	s.want, s.ready = bytes, make(chan struct{})
	s.join()
	s.budget.admit()
	s.budget.mu.Unlock()
	select {
	case <-s.ready:
		return nil
	case <-ctx.Done():
	}
	s.budget.mu.Lock()
	defer s.budget.mu.Unlock()
	s.want = 0
	s.leaveIfEmpty()
	s.budget.admit()
	return ctx.Err()
}

// TryGrowTo is GrowTo without waiting. It reports whether the share is bytes large.
func (s *Share) TryGrowTo(bytes int64) bool {
	b := s.budget
	b.mu.Lock()
	defer b.mu.Unlock()
	if bytes <= s.bytes {
		return true
	}
	oldest := len(b.shares) == 0 || b.shares[0] == s
	waiting := slices.ContainsFunc(b.shares, func(s *Share) bool { return s.want > 0 })
	if !oldest && (waiting || b.used+bytes-s.bytes > b.limit) {
		return false
	}
	b.used += bytes - s.bytes
	s.bytes = bytes
	s.join()
	return true
}

// Bytes returns how large the share is.
func (s *Share) Bytes() int64 {
	if s == nil {
		return 0
	}
	return s.bytes
}

// ShrinkTo makes the share at most bytes large.
func (s *Share) ShrinkTo(bytes int64) {
	if s == nil || bytes >= s.bytes {
		return
	}
	s.budget.mu.Lock()
	defer s.budget.mu.Unlock()
	s.budget.used -= s.bytes - bytes
	s.bytes = bytes
	s.leaveIfEmpty()
	s.budget.admit()
}

// join adds the share to the list of the budget.
func (s *Share) join() {
	if !slices.Contains(s.budget.shares, s) {
		s.budget.shares = append(s.budget.shares, s)
	}
}

// leaveIfEmpty removes an empty share from the list of the budget.
func (s *Share) leaveIfEmpty() {
	if i := slices.Index(s.budget.shares, s); i >= 0 && s.bytes == 0 {
		s.budget.shares = slices.Delete(s.budget.shares, i, i+1)
	}
}
