package exchange

import (
	"context"
	"slices"
	"sync"
)

// Scope collects the exchanges of one case from Recorder.Scope to Close, at most the last Recorder.Keep of them.
type Scope struct {
	recorder *Recorder
	mu       sync.Mutex
	kept     []*Exchange
	seen     int
	closed   bool
}

type scopeKey struct{}

// Scope returns an open scope. Requests with a context of Scope.Context belong only to that scope, all others to every
// open scope.
func (r *Recorder) Scope() *Scope {
	r.initialize()
	s := &Scope{recorder: r}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.open = append(r.open, s)
	return s
}

// Context returns a copy of ctx whose requests belong to the scope.
func (s *Scope) Context(ctx context.Context) context.Context {
	return context.WithValue(ctx, scopeKey{}, s)
}

// Exchanges returns copies of the exchanges, oldest first, redacted with all secrets that the Redactor knows now. After
// Close there are none.
func (s *Scope) Exchanges() []*Exchange {
	s.mu.Lock()
	kept := slices.Clone(s.kept)
	s.mu.Unlock()
	for i, e := range kept {
		kept[i] = Redact(e, s.recorder.Redactor)
	}
	return kept
}

// FirstViolation returns a copy of the first kept exchange that violates the document, redacted as by Exchanges, nil if
// there is none.
func (s *Scope) FirstViolation() *Exchange {
	s.mu.Lock()
	i := slices.IndexFunc(s.kept, func(e *Exchange) bool { return len(e.Violations) > 0 })
	var e *Exchange
	if i >= 0 {
		e = s.kept[i]
	}
	s.mu.Unlock()
	if e == nil {
		return nil
	}
	return Redact(e, s.recorder.Redactor)
}

// Seen returns the number of exchanges, including those that are no longer kept.
func (s *Scope) Seen() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.seen
}

// Close ends the scope and drops its exchanges.
func (s *Scope) Close() {
	r := s.recorder
	r.mu.Lock()
	r.open = slices.DeleteFunc(r.open, func(o *Scope) bool { return o == s })
	r.mu.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kept, s.closed = nil, true
}

func (s *Scope) add(e *Exchange) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return
	}
	s.seen++
	if len(s.kept) == s.recorder.Keep {
		copy(s.kept, s.kept[1:])
		s.kept = s.kept[:len(s.kept)-1]
	}
	s.kept = append(s.kept, e)
}

// endExchange adds a finished exchange to its scopes and calls OnExchange.
func (r *Recorder) endExchange(ctx context.Context, e *Exchange) {
	if s, ok := ctx.Value(scopeKey{}).(*Scope); ok {
		s.add(e)
	} else {
		r.mu.Lock()
		open := slices.Clone(r.open)
		r.mu.Unlock()
		for _, s := range open {
			s.add(e)
		}
	}
	if r.OnExchange != nil {
		r.OnExchange(Redact(e, r.Redactor))
	}
}
