package mockserver

import (
	"context"
	"slices"
	"sync"
)

const (
	smallBody  = 64 << 10  // bytes of a body that is not counted
	bodyMemory = 128 << 20 // bytes of larger bodies, of requests and responses, that are in memory at once
)

// memoryBudget bounds what the large bodies of requests and responses take in memory together, however many clients
// send or ask for large ones, and however slowly. A request that needs more than there is waits, the older before
// the younger. The oldest never waits, even beyond the limit: so one of them always gets on, and frees its memory.
type memoryBudget struct {
	mu     sync.Mutex
	limit  int64
	used   int64
	shares []*memoryShare // those that have or want some, oldest first
}

// memoryShare is what one request has of a budget. It is for one goroutine.
type memoryShare struct {
	budget *memoryBudget
	bytes  int64
	want   int64         // how much bytes is to become; 0: it does not wait
	ready  chan struct{} // closed when it has become that
}

func newMemoryBudget(limit int64) *memoryBudget { return &memoryBudget{limit: limit} }

func (b *memoryBudget) newShare() *memoryShare { return &memoryShare{budget: b} }

// isCrowded says whether somebody waits.
func (b *memoryBudget) isCrowded() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.ContainsFunc(b.shares, func(s *memoryShare) bool { return s.want > 0 })
}

// admit gives those that wait what they want, oldest first, as long as there is some.
func (b *memoryBudget) admit() {
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

// growTo makes the share at least that large, and waits where it must. The error is the context's.
func (s *memoryShare) growTo(ctx context.Context, bytes int64) error {
	if s.tryGrowTo(bytes) {
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

// tryGrowTo is growTo that does not wait. The result says whether the share is that large.
func (s *memoryShare) tryGrowTo(bytes int64) bool {
	b := s.budget
	b.mu.Lock()
	defer b.mu.Unlock()
	if bytes <= s.bytes {
		return true
	}
	oldest := len(b.shares) == 0 || b.shares[0] == s
	waiting := slices.ContainsFunc(b.shares, func(s *memoryShare) bool { return s.want > 0 })
	if !oldest && (waiting || b.used+bytes-s.bytes > b.limit) {
		return false
	}
	b.used += bytes - s.bytes
	s.bytes = bytes
	s.join()
	return true
}

// shrinkTo gives back what is more than that many bytes. A share may be nil.
func (s *memoryShare) shrinkTo(bytes int64) {
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

func (s *memoryShare) join() {
	if !slices.Contains(s.budget.shares, s) {
		s.budget.shares = append(s.budget.shares, s)
	}
}

func (s *memoryShare) leaveIfEmpty() {
	if i := slices.Index(s.budget.shares, s); i >= 0 && s.bytes == 0 {
		s.budget.shares = slices.Delete(s.budget.shares, i, i+1)
	}
}
