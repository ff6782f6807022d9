package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// sample is the server at one moment of a soak.
type sample struct {
	at         time.Duration
	answered   int64
	memory     memory
	goroutines int64
	file, wal  int64 // bytes
}

// measureSoak loads the server fully for a long time. Every request is one that
// the activity log records, so the log must grow by as many records as there
// were answers; memory must stay what it was after the first minutes. Otherwise
// it is an error.
func measureSoak(ctx context.Context, r *run) error {
	mock, s, err := r.serveStock(ctx)
	if err != nil {
		return err
	}
	defer mock.stop()
	before, err := records(ctx, mock.Addr, s.token)
	if err != nil {
		return err
	}
	t := r.table("soak", "after", "requests/s", "resident", "anonymous", "of files", "goroutines", "store", "WAL")
	var answered atomic.Int64
	samples := make(chan []sample, 1)
	loadCtx, stop := context.WithTimeout(ctx, r.soak)
	defer stop()
	go func() { samples <- r.watch(loadCtx, t, mock, &answered) }()
	kinds := map[string]source{}
	for _, w := range works(s) {
		kinds[w.name] = w.request
	}
	seen, err := onAll(ctx, mock.Addr, r.conns, func(l *line, _ int, _ time.Time) error {
		err := soakOn(loadCtx, l, s, kinds, &answered)
		if err != nil {
			stop()
		}
		return err
	})
	stop()
	all := <-samples
	if err != nil {
		return err
	}
	after, err := records(ctx, mock.Addr, s.token)
	if err != nil {
		return err
	}
	lost := int64(seen.answers) - (after - before)
	t.note("%s requests were answered, none with an error; the activity log grew by %s records: %s lost.",
		count(seen.answers), count(int(after-before)), count(int(lost)))
	early, late := settled(all, r.soak)
	bound := early + early/4 + 16<<20
	t.note("Memory: %s resident after the first fifth, %s in the last one; it may become %s: %s.", mebibytes(early), mebibytes(late),
		mebibytes(bound), mark(late <= bound, "met", "**missed**"))
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

// settled is the largest resident memory around the end of the first fifth, two
// minutes of ten, and in the last fifth.
func settled(all []sample, length time.Duration) (early, late int64) {
	for _, s := range all {
		if s.at > length/10 && s.at <= length/5 {
			early = max(early, s.memory.resident)
		}
		if s.at > length*4/5 {
			late = max(late, s.memory.resident)
		}
	}
	return early, late
}

// soakOn sends a mixture of all kinds of requests until ctx ends. What it makes
// it deletes, so that the vaults stay as large as they are.
func soakOn(ctx context.Context, l *line, s *stock, kinds map[string]source, answered *atomic.Int64) error {
	post := kinds["post item"](0)
	var made []string
	for n := 0; ctx.Err() == nil; n++ {
		began := time.Now()
		var err error
		switch dice := rand.IntN(100); {
		case dice < 60:
			err = l.exchange(kinds["get item, any"](rand.IntN(len(s.ids))), began)
		case dice < 70:
			err = l.exchange(kinds["list 100 items"](0), began)
		case dice < 80:
			err = l.exchange(kinds["patch field"](0), began)
		case len(made) < 10:
			var id string
			if id, err = l.create(post); err == nil {
				made, l.each = append(made, id), append(l.each, time.Since(began))
			}
		default:
			id := made[0]
			made = made[1:]
			err = l.exchange(message("DELETE", s.large+"/"+id, s.token, ""), began)
		}
		if err != nil {
			return err
		}
		answered.Add(1)
	}
	return nil
}

// watch looks at the server a hundred times, and tells every tenth time.
func (r *run) watch(ctx context.Context, t *table, mock *server, answered *atomic.Int64) (all []sample) {
	began := time.Now()
	tick := time.NewTicker(max(r.soak/100, 100*time.Millisecond))
	defer tick.Stop()
	var told sample
	for {
		select {
		case <-ctx.Done():
			return all
		case <-tick.C:
		}
		s := sample{at: time.Since(began), answered: answered.Load(), memory: memoryOf(mock.pid()),
			goroutines: mock.goroutines(ctx), file: sizeOf(mock.store), wal: sizeOf(mock.store + "-wal")}
		all = append(all, s)
		if len(all)%10 == 0 {
			rate := float64(s.answered-told.answered) / (s.at - told.at).Seconds()
			t.add(s.at.Round(time.Second).String(), fmt.Sprintf("%.0f", rate), mebibytes(s.memory.resident), mebibytes(s.memory.anonymous),
				mebibytes(s.memory.files), fmt.Sprint(s.goroutines), mebibytes(s.file), mebibytes(s.wal))
			told = s
		}
	}
}

// records is how long the activity log is.
func records(ctx context.Context, addr, token string) (int64, error) {
	a, err := ask(ctx, addr, get("/v1/activity?limit=1", token))
	return a.total, err
}

// goroutines is -1 where the server does not tell.
func (s *server) goroutines(ctx context.Context) int64 {
	a, err := ask(ctx, s.Addr, get("/metrics", ""))
	if err != nil {
		return -1
	}
	for line := range strings.Lines(string(a.body)) {
		if value, ok := strings.CutPrefix(line, "go_goroutines "); ok {
			if n, err := strconv.ParseInt(strings.TrimSpace(value), 10, 64); err == nil {
				return n
			}
		}
	}
	return -1
}

// sizeOf is 0 for a file that is not there.
func sizeOf(file string) int64 {
	info, err := os.Stat(file)
	if err != nil {
		return 0
	}
	return info.Size()
}
