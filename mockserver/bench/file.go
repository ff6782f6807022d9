package main

import (
	"context"
	"fmt"
	"os"
	"slices"
)

// measureFile downloads a file of 64 MiB from the mock's store, and from the file system through net/http.
func measureFile(ctx context.Context, r *run) error {
	bare, mock, d, err := r.startBoth(ctx)
	if err != nil {
		return err
	}
	defer bare.stop()
	defer mock.stop()
	before := mock.memory()
	request := get(d.content, d.token)
	whole, err := fetch(ctx, mock.Addr, request)
	if err != nil {
		return err
	}
	if err := os.WriteFile(r.path(servedFile), whole.body, 0o600); err != nil {
		return err
	}
	t := r.table("file", "clients at once", "bare MB/s", "mock MB/s", "ratio", "spread", "mock's memory", "target")
	for _, conns := range []int{1, 4, connections} {
		c, err := r.compare(
			func() (result, error) { return bare.closedLoop(ctx, conns, r.length, same(get("/file", "none"))) },
			func() (result, error) { return mock.closedLoop(ctx, conns, r.length, same(request)) })
		if err != nil {
			return err
		}
		t.add(slices.Concat([]string{fmt.Sprint(conns)}, c.cells(result.megabytes),
			[]string{mebibytes(mock.memory().resident), atLeast(0.7, "0.70").verdict(median(c.ratios(result.megabytes)))})...)
	}
	t.note("Before the first response the server held %s, at most %s.", mebibytes(before.resident),
		mebibytes(mock.memory().peak))
	return nil
}
