package mockserver

import (
	"bytes"
	"context"
	"io"
	"slices"
	"sync"
)

const (
	smallBody  = 64 << 10  // bytes of a request that nobody waits for
	bodiesRoom = 128 << 20 // bytes of larger bodies that are held at once
)

// bodies bounds what the bodies of requests take in memory together, however
// many clients send large ones, and however slowly. Who finds no room waits in
// line; small bodies, which all but a few are, never do.
type bodies struct {
	mu   sync.Mutex
	size int64
	free int64
	line []*bodyWait
}

type bodyWait struct {
	size  int64
	ready chan struct{} // closed when there is room, which is taken then
}

func newBodies(size int64) *bodies { return &bodies{size: size, free: size} }

// take waits for room, and answers how much to give back. A body larger than
// all room is let in alone.
func (b *bodies) take(ctx context.Context, size int64) (int64, error) {
	size = min(size, b.size)
	w := &bodyWait{size, make(chan struct{})}
	b.mu.Lock()
	b.line = append(b.line, w)
	b.admit()
	b.mu.Unlock()
	select {
	case <-w.ready:
		return size, nil
	case <-ctx.Done():
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if i := slices.Index(b.line, w); i >= 0 {
		b.line = slices.Delete(b.line, i, i+1)
	} else {
		b.free += size // it came in the last moment
	}
	b.admit()
	return 0, ctx.Err()
}

func (b *bodies) give(size int64) {
	if size == 0 {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.free += size
	b.admit()
}

// admit lets in who is first in line, as long as there is room.
func (b *bodies) admit() {
	for len(b.line) > 0 && b.line[0].size <= b.free {
		b.free -= b.line[0].size
		close(b.line[0].ready)
		b.line = b.line[1:]
	}
}

// wholeBody reads the body of a request, and a byte more than the limit where it
// is longer.
func (s *Server) wholeBody(x *exchange) ([]byte, error) {
	from := io.LimitReader(x.request.Body, s.maxBody+1)
	first, err := io.ReadAll(io.LimitReader(from, smallBody))
	if err != nil || len(first) < smallBody {
		return first, err
	}
	known := x.request.ContentLength
	if x.room == 0 { // a fault may have made it wait for its room before
		size := known
		if size < 0 {
			size = s.maxBody
		}
		if x.room, err = s.bodies.take(x.context(), size); err != nil {
			return first, err
		}
	}
	whole := bytes.NewBuffer(first)
	if known > 0 {
		whole.Grow(int(known) - len(first) + bytes.MinRead) // else it would take twice as much for a while
	}
	_, err = whole.ReadFrom(from)
	return whole.Bytes(), err
}
