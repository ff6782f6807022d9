package main

import (
	"context"
	"fmt"
	"time"

	"github.com/connectmock/connectmock/internal/sleep"
)

// measureOverload opens thousands of connections at once and sends requests on all of them for some seconds. Slow
// responses are expected; an error ends the run. The hard limit of open files must be above 10,000.
func measureOverload(ctx context.Context, r *run) error {
	bare, mock, d, err := r.startBoth(ctx)
	if err != nil {
		return err
	}
	defer bare.stop()
	defer mock.stop()
	byName := workloadsByName(d)
	gets, mixed := byName["get item, any"], byName["get 90 %, patch 10 %"]
	if err := mock.warmUp(ctx, connections, 4*time.Second, mixed); err != nil {
		return err
	}
	t := r.table("overload", "connections", "server", "responses/s", "p50", "p99", "max", "resident before", "most",
		"afterwards")
	length := 10 * r.length
	for _, conns := range []int{2000, 10_000} {
		for _, load := range []struct {
			name   string
			server *server
			next   requests
		}{{"bare, get", bare, bareItem(d.token)}, {"mock, get", mock, gets}, {"mock, 10 % patch", mock, mixed}} {
			before := load.server.memory().resident
			loadCtx, stop := context.WithCancel(ctx)
			most := make(chan int64, 1)
			go func() { most <- load.server.watchMemory(loadCtx) }()
			got, err := load.server.closedLoop(ctx, conns, length, load.next)
			stop()
			if err != nil {
				return fmt.Errorf("%s connections, %s: %w", thousands(conns), load.name, err)
			}
			if err := sleep.For(ctx, 3*length); err != nil {
				return err
			}
			t.add(thousands(conns), load.name, fmt.Sprintf("%.0f", got.perSecond()), short(got.quantile(0.5)),
				short(got.quantile(0.99)), short(got.quantile(1)), mebibytes(before), mebibytes(<-most),
				mebibytes(load.server.memory().resident))
		}
	}
	t.note("Each row took %s; the last column is the memory %s later.", length, 3*length)
	return nil
}

// watchMemory returns the most resident memory until ctx ends.
func (s *server) watchMemory(ctx context.Context) (most int64) {
	for sleep.For(ctx, 100*time.Millisecond) == nil {
		most = max(most, s.memory().resident)
	}
	return most
}
