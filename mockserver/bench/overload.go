package main

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// measureOverload opens thousands of connections at once and asks on all of them
// for some seconds. An answer may be late; an error ends the run.
func measureOverload(ctx context.Context, r *run) error {
	if err := manyFiles(); err != nil {
		return err
	}
	bare, mock, s, err := r.both(ctx)
	if err != nil {
		return err
	}
	defer bare.stop()
	defer mock.stop()
	var mixed work
	for _, w := range works(s) {
		if w.name == "get 90 %, patch 10 %" {
			mixed = w
		}
	}
	if err := warmed(ctx, mock.Addr, r.conns, 2*time.Second, mixed.request); err != nil {
		return err
	}
	t := r.table("overload", "connections", "server", "answers/s", "errors", "p50", "p99", "max", "resident before", "most", "afterwards")
	length := 10 * r.length
	for _, conns := range []int{2000, 10_000} {
		for _, of := range []struct {
			name    string
			server  *server
			request source
		}{{"bare, get", bare, limit(s.token)}, {"mock, get", mock, works(s)[1].request}, {"mock, 10 % patch", mock, mixed.request}} {
			before := memoryOf(of.server.pid()).resident
			seen, errors, most := flood(ctx, of.server, conns, length, of.request)
			row := []string{count(conns), of.name, fmt.Sprintf("%.0f", seen.perSecond()), fmt.Sprint(errors), short(seen.quantile(0.5)),
				short(seen.quantile(0.99)), short(seen.quantile(1)), mebibytes(before), mebibytes(most)}
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(3 * length):
			}
			row = append(row, mebibytes(memoryOf(of.server.pid()).resident))
			t.add(row...)
			if errors > 0 && of.server == mock {
				return fmt.Errorf("%d of %d connections ended with an error", errors, conns)
			}
		}
	}
	t.note("Each row took %s; the last column is the memory %s later.", length, 3*length)
	return nil
}

// flood asks on all connections, each opened on its own, counts those that end
// with an error and watches how much memory the server needs at most.
func flood(ctx context.Context, s *server, conns int, length time.Duration, request source) (seen result, errors int, most int64) {
	ctx, stop := context.WithTimeout(ctx, length)
	defer stop()
	var mu sync.Mutex
	var all []result
	var group sync.WaitGroup
	began := time.Now()
	for c := range conns {
		group.Go(func() {
			each, err := one(ctx, s.Addr, func(n int) []byte { return request(n*conns + c) })
			mu.Lock()
			defer mu.Unlock()
			if all = append(all, each); err != nil {
				errors++
			}
		})
	}
	done := make(chan struct{})
	go func() { group.Wait(); close(done) }()
	for {
		select {
		case <-done:
			seen = merged(all)
			seen.took = time.Since(began)
			return seen, errors, most
		case <-time.After(100 * time.Millisecond):
			most = max(most, memoryOf(s.pid()).resident)
		}
	}
}

// one asks on a connection of its own until ctx ends. An answer under way is
// waited for.
func one(ctx context.Context, addr string, request source) (result, error) {
	l, err := dial(context.WithoutCancel(ctx), addr)
	if err != nil {
		return result{}, err
	}
	defer l.conn.Close()
	for n := 0; ctx.Err() == nil && err == nil; n++ {
		err = l.exchange(request(n), time.Now())
	}
	return result{answers: len(l.each), each: l.each}, err
}
