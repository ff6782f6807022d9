package store

import (
	"context"
	"errors"
)

// pool hands out sessions, each to one holder at a time, in the order of
// asking. Sessions are opened when first needed, up to the size of the pool.
type pool struct {
	open   func(context.Context) (*session, error)
	idle   chan *session
	opened chan struct{} // as many as there are sessions
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

// take waits for a session. Give it back with put.
func (p *pool) take(ctx context.Context) (*session, error) {
	s, err := p.join(ctx)
	if err == nil {
		s.commitGroup()
	}
	return s, err
}

// join is take for who comes to the group that may be open.
func (p *pool) join(ctx context.Context) (*session, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	select {
	case <-p.closed:
		return nil, ErrClosed
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
		return nil, ErrClosed
	}
}

func (p *pool) put(s *session) { p.idle <- s }

// rest closes the sessions that nobody holds. Others are opened when needed.
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

// hold waits for a session of a pool of one, closes it, and keeps everybody from
// opening another until release is called.
func (p *pool) block(ctx context.Context) (release func(), err error) {
	select {
	case s := <-p.idle:
		if err := s.close(); err != nil {
			<-p.opened
			return nil, err
		}
	case p.opened <- struct{}{}: // there was none
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-p.closed:
		return nil, ErrClosed
	}
	return func() { <-p.opened }, nil
}

// close refuses those who ask from now on, waits for the sessions that are out
// and closes them all.
func (p *pool) close() error {
	close(p.closed)
	var errs []error
	for range cap(p.idle) {
		select {
		case s := <-p.idle:
			errs = append(errs, s.close())
		case p.opened <- struct{}{}: // one that was never opened, and now never is
		}
	}
	return errors.Join(errs...)
}
