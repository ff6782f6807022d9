package main

import (
	"context"
	"time"
)

// open sends requests at a fixed rate for that long, whether or not earlier
// ones were answered: request n is due at n/rate, and its latency counts from
// then. A server that stops for a while is so charged with every request that
// was to be sent meanwhile, not only with those that were under way; a closed
// loop would wait with it and see nothing. There are never more under way than
// connections; what is due and finds none free waits, and the wait counts.
func open(ctx context.Context, addr string, conns int, rate float64, length time.Duration, request source) (result, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	total := int(rate * length.Seconds())
	at := func(began time.Time, n int) time.Time {
		return began.Add(time.Duration(float64(n) / rate * float64(time.Second)))
	}
	due := make(chan int, total)
	return onAll(ctx, addr, conns, func(l *line, c int, began time.Time) error {
		if c == 0 {
			go func() {
				defer close(due)
				for n := 0; n < total && ctx.Err() == nil; n++ {
					pause(time.Until(at(began, n)))
					due <- n
				}
			}()
		}
		for n := range due {
			if err := l.exchange(request(n), at(began, n)); err != nil {
				return err
			}
		}
		return ctx.Err()
	})
}
