package main

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"time"
)

// measureSoak loads the server fully for a long time. The activity log records every request, so it must grow by the
// number of responses; memory must not grow after the first minutes. Otherwise measureSoak returns an error.
func measureSoak(ctx context.Context, r *run) error {
	mock, d, err := r.serveMain(ctx)
	if err != nil {
		return err
	}
	defer mock.stop()
	before, err := logLength(ctx, mock.Addr, d.token)
	if err != nil {
		return err
	}
	t := r.table("soak", "after", "requests/s", "resident", "anonymous", "of files", "goroutines", "store", "WAL")
	var responses atomic.Int64
	samples := make(chan []int64, 1)
	loadCtx, stop := context.WithCancel(ctx)
	defer stop()
	go func() { samples <- r.watch(loadCtx, t, mock, &responses) }()
	next, created := mix(d, workloadsByName(d))
	got, err := mock.measure(ctx, load{conns: connections, length: r.soak, next: next,
		onResponse: func(request, body []byte) error {
			responses.Add(1)
			return created(request, body)
		}})
	stop()
	early, late := peaks(<-samples)
	if err != nil {
		return err
	}
	after, err := logLength(ctx, mock.Addr, d.token)
	if err != nil {
		return err
	}
	lost := int64(got.responses) - (after - before)
	t.note("%s requests had a response, none with an error; the activity log grew by %s records: %s lost.",
		thousands(got.responses), thousands(int(after-before)), thousands(int(lost)))
	bound := early + early/4 + 16<<20
	t.note("Memory: %s resident after the first fifth, %s in the last one; %s.", mebibytes(early), mebibytes(late),
		atMost(float64(bound), "at most "+mebibytes(bound)).verdict(float64(late)))
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case lost != 0:
		return fmt.Errorf("%d activity records are missing", lost)
	case late > bound:
		return fmt.Errorf("memory grew from %s to %s", mebibytes(early), mebibytes(late))
	}
	return nil
}

// peaks returns the largest of the samples around the end of the first fifth, two minutes of ten, and in the last
// fifth.
func peaks(samples []int64) (early, late int64) {
	if len(samples) < 10 { // a trial run
		return 0, 0
	}
	tenth := len(samples) / 10
	return slices.Max(samples[tenth : 2*tenth]), slices.Max(samples[8*tenth:])
}

// mix returns a mix of requests. It deletes what it creates, so that the vaults keep their size: give created the
// responses.
func mix(d *dataset, byName map[string]requests) (next requests, created func(request, body []byte) error) {
	post := d.post("bench")
	var ids []string
	next = func(n int) []byte {
		switch percent := rand.IntN(100); {
		case percent < 60:
			return byName["get item, any"](rand.IntN(len(d.ids)))
		case percent < 70:
			return byName["list 100 items"](n)
		case percent < 80:
			return byName["patch field"](n)
		case len(ids) < 10*connections:
			return post
		}
		id := ids[0]
		ids = ids[1:]
		return newRequest("DELETE", d.items+"/"+id, d.token, "")
	}
	return next, func(request, body []byte) error {
		if !bytes.HasPrefix(request, []byte("POST")) {
			return nil
		}
		id, err := itemID(body)
		ids = append(ids, id)
		return err
	}
}

// watch returns the resident memory at a hundred moments, and adds a row to the table for every tenth.
func (r *run) watch(ctx context.Context, t *table, mock *server, responses *atomic.Int64) (resident []int64) {
	start := time.Now()
	ticker := time.NewTicker(max(r.soak/100, 100*time.Millisecond))
	defer ticker.Stop()
	var printedAt time.Duration
	var printed int64
	for {
		select {
		case <-ctx.Done():
			return resident
		case <-ticker.C:
		}
		at, m, count := time.Since(start), mock.memory(), responses.Load()
		if resident = append(resident, m.resident); len(resident)%10 == 0 {
			rate := float64(count-printed) / (at - printedAt).Seconds()
			t.add(at.Round(time.Second).String(), fmt.Sprintf("%.0f", rate), mebibytes(m.resident),
				mebibytes(m.anonymous), mebibytes(m.files), mock.goroutines(ctx),
				mebibytes(fileSizeOf(mock.store)), mebibytes(fileSizeOf(mock.store+"-wal")))
			printedAt, printed = at, count
		}
	}
}

// logLength returns the number of records in the activity log.
func logLength(ctx context.Context, addr, token string) (int64, error) {
	r, err := fetch(ctx, addr, get("/v1/activity?limit=1", token))
	return r.total, err
}

// goroutines returns the number of goroutines that /metrics reports, or "unknown".
func (s *server) goroutines(ctx context.Context) string {
	r, _ := fetch(ctx, s.Addr, get("/metrics", "")) // without a body there is no such line
	for line := range strings.Lines(string(r.body)) {
		if value, ok := strings.CutPrefix(line, "go_goroutines "); ok {
			return strings.TrimSpace(value)
		}
	}
	return "unknown"
}

// fileSizeOf returns the size of a file, or 0 if there is none.
func fileSizeOf(file string) int64 {
	info, err := os.Stat(file)
	if err != nil {
		return 0
	}
	return info.Size()
}
