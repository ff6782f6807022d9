package main

import (
	"context"
	"time"

	"golang.org/x/sync/errgroup"
)

// closedLoop sends requests on every connection, each when the response to the one before has arrived.
func closedLoop(ctx context.Context, addr string, conns int, length time.Duration, next requests) (result, error) {
	ctx, cancel := context.WithTimeout(ctx, length)
	defer cancel()
	return onConnections(ctx, addr, conns, func(c *client, i int, _ time.Time) error {
		for n := i; ctx.Err() == nil; n += conns {
			if err := c.send(next(n), time.Now()); err != nil {
				return err
			}
		}
		return nil
	})
}

// warmUp runs a closed loop for half of length, so that caches are filled and the connections of a server were used
// before anything is measured.
func warmUp(ctx context.Context, addr string, conns int, length time.Duration, next requests) error {
	_, err := closedLoop(ctx, addr, conns, length/2, next)
	return err
}

// openLoop sends requests at a fixed rate, whether or not earlier ones have a response: request n is due at n/rate, and
// its latency counts from then. So a server that stops for a while is charged with every request that was due
// meanwhile; a closed loop would wait with it. There are never more requests under way than connections: one that
// finds no free connection waits, and the wait counts.
func openLoop(ctx context.Context, addr string, conns int, rate float64, length time.Duration,
	next requests) (result, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	total := int(rate * length.Seconds())
	dueAt := func(start time.Time, n int) time.Time {
		return start.Add(time.Duration(float64(n) / rate * float64(time.Second)))
	}
	due := make(chan int, total)
	return onConnections(ctx, addr, conns, func(c *client, i int, start time.Time) error {
		if i == 0 {
			go func() {
				defer close(due)
				for n := 0; n < total && ctx.Err() == nil; n++ {
					pause(time.Until(dueAt(start, n)))
					due <- n
				}
			}()
		}
		for n := range due {
			if err := c.send(next(n), dueAt(start, n)); err != nil {
				return err
			}
		}
		return ctx.Err()
	})
}

// onConnections opens all connections at once, calls send for all of them at the same time and merges the results.
func onConnections(ctx context.Context, addr string, conns int, send func(c *client, i int,
	start time.Time) error) (result, error) {
	clients, results := make([]*client, conns), make([]result, conns)
	err := inParallel(conns, func(i int) (err error) {
		clients[i], err = dial(ctx, addr)
		return err
	})
	start := time.Now()
	if err == nil {
		err = inParallel(conns, func(i int) error { return send(clients[i], i, start) })
	}
	took := time.Since(start)
	for i, c := range clients {
		if c != nil {
			results[i] = result{responses: len(c.latencies), bytes: c.bytes, latencies: c.latencies}
			_ = c.conn.Close()
		}
	}
	sum := merge(results)
	sum.took = took
	return sum, err
}

// inParallel calls do with the numbers below n at the same time, and returns the first error.
func inParallel(n int, do func(i int) error) error {
	var group errgroup.Group
	for i := range n {
		group.Go(func() error { return do(i) })
	}
	return group.Wait()
}
