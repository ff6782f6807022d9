package main

import (
	"context"
	"os"
	"time"
)

// load is what is sent to a server, and on how many connections at once.
type load struct {
	addr   string
	conns  int
	length time.Duration
	rate   float64 // requests a second; 0: a connection sends its next request when it has a response
	next   requests
	// onResponse is called with each request and the body of its response, which it must not keep. Nil: bodies are
	// thrown away unread.
	onResponse func(request, body []byte) error
}

// measure sends a load to the server, and also measures the processor time of both processes.
func (s *server) measure(ctx context.Context, l load) (result, error) {
	l.addr = s.Addr
	own, servers := processorTime(os.Getpid()), processorTime(s.process.Process.Pid)
	r, err := l.run(ctx)
	r.generator, r.server = processorTime(os.Getpid())-own, processorTime(s.process.Process.Pid)-servers
	return r, err
}

// closedLoop sends requests on every connection, each when the response to the one before has arrived.
func (s *server) closedLoop(ctx context.Context, conns int, length time.Duration, next requests) (result, error) {
	return s.measure(ctx, load{conns: conns, length: length, next: next})
}

// warmUp runs a closed loop for half of length, so that caches are filled before anything is measured.
func (s *server) warmUp(ctx context.Context, conns int, length time.Duration, next requests) error {
	_, err := s.closedLoop(ctx, conns, length/2, next)
	return err
}

// openLoop sends requests at a fixed rate, whether or not earlier ones have a response: request n is due at n/rate, and
// its latency counts from then. So a server that stops for a while is charged with every request that was due
// meanwhile; a closed loop would wait with it. There are never more requests under way than connections: one that
// finds no free connection waits, and the wait counts.
func (s *server) openLoop(ctx context.Context, conns int, rate float64, length time.Duration, next requests) (
	result, error,
) {
	return s.measure(ctx, load{conns: conns, length: length, rate: rate, next: next})
}
