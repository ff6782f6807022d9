package main

import (
	"context"
	"fmt"
	"os"
)

// measureFile reads a file of 64 MiB from both servers: from the store of one,
// from the file system by net/http.
func measureFile(ctx context.Context, r *run) error {
	bare, mock, s, err := r.both(ctx)
	if err != nil {
		return err
	}
	defer bare.stop()
	defer mock.stop()
	before := memoryOf(mock.pid())
	request := get(s.content, s.token)
	whole, err := ask(ctx, mock.Addr, request)
	if err != nil {
		return err
	}
	if err := os.WriteFile(r.path(servedFile), whole.body, 0o600); err != nil {
		return err
	}
	t := r.table("file", "clients at once", "bare MB/s", "mock MB/s", "ratio", "spread    ", "mock's memory", "target")
	for _, conns := range []int{1, 4, r.conns} {
		var ratios, bares, mocks []float64
		for range r.rounds {
			b, err := closed(ctx, bare.Addr, conns, r.length, always(get("/file", "none")))
			if err != nil {
				return err
			}
			m, err := closed(ctx, mock.Addr, conns, r.length, always(request))
			if err != nil {
				return err
			}
			bares, mocks = append(bares, b.megabytes()), append(mocks, m.megabytes())
			ratios = append(ratios, m.megabytes()/b.megabytes())
		}
		ratio := median(ratios)
		t.add(fmt.Sprint(conns), fmt.Sprintf("%.0f", median(bares)), fmt.Sprintf("%.0f", median(mocks)), fmt.Sprintf("%.2f", ratio),
			spread(ratios), mebibytes(memoryOf(mock.pid()).resident), atLeast(0.7, "0.70").verdict(ratio))
	}
	t.note("Before the first answer the server held %s, at most %s.", mebibytes(before.resident), mebibytes(memoryOf(mock.pid()).peak))
	return nil
}
