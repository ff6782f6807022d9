package store

import (
	"context"
	"errors"
)

// pool lends sessions, each to one caller at a time, in the order of requests. It
// opens sessions when they are first needed, up to its size.
type pool struct {
	open   func(context.Context) (*session, error)
	idle   chan *session
	opened chan struct{} // holds one value for each open session
	closed chan struct{}
}

func newPool(size int, open func(context.Context) (*session, error)) *pool {
	return &pool{
		open:   open,
		idle:   make(chan *session, size),
		opened: make(chan struct{}, size),
		closed: make(chan struct{}),
	}
}

// take waits for a session, and commits a group that is open in it. Return the
// session with put.
func (p *pool) take(ctx context.Context) (*session, error) {
	s, err := p.join(ctx)
	if err == nil {
		s.commitGroup()
	}
	return s, err
}

// join is like take, but leaves a group open so that the caller can join it.
func (p *pool) join(ctx context.Context) (*session, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	select {
	case <-p.closed:
		return nil, errClosed
	default:
	}
	select {
	case s := <-p.idle:
		return s, nil
	default:
	}
	select {
	case s := <-p.idle:
		return s, nil
	case p.opened <- struct{}{}:
		s, err := p.open(ctx)
		if err != nil {
			<-p.opened
		}
		return s, err
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-p.closed:
		return nil, errClosed
	}
}

// put returns a session to the pool.
func (p *pool) put(s *session) { p.idle <- s }

// closeIdle closes the sessions that are not in use. The pool opens new ones when
// they are needed.
func (p *pool) closeIdle() error {
	for {
		select {
		case s := <-p.idle:
			<-p.opened
			if err := s.close(); err != nil {
				return err
			}
		default:
			return nil
		}
	}
}

// close makes later calls of take and join fail, waits until all sessions are
// returned, and closes them.
func (p *pool) close() error {
	close(p.closed)
	var errs []error
	for range cap(p.idle) {
		select {
		case s := <-p.idle:
			errs = append(errs, s.close())
		case p.opened <- struct{}{}: // no session: none can be opened any more
		}
	}
	return errors.Join(errs...)
}
