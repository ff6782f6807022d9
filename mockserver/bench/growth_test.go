package main

import (
	"context"
	"testing"
	"time"
)

func TestJudged(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name  string
		costs []time.Duration
		why   string
		want  string
	}{
		{"flat", []time.Duration{100, 100, 100, 100, 110}, "", "1.1x"},
		{"logarithmic", []time.Duration{100, 150, 200, 250, 300}, "", "2.0x"},
		{"linear", []time.Duration{10, 100, 1000, 10_000, 100_000}, "", "**1000.0x: worse than logarithmic**"},
		{"linear, and known to be", []time.Duration{10, 100, 1000, 10_000, 100_000}, "must look at all", "1000.0x: must look at all"},
		{"known to grow, and does not", []time.Duration{10, 10, 10, 10}, "must look at all", "1.0x"},
		{"what is below a thousandth does not count", []time.Duration{1, 100, 100, 100, 100}, "", "1.0x"},
		{"few sizes", []time.Duration{100, 500}, "", "**5.0x: worse than logarithmic**"},
		{"one size", []time.Duration{100}, "", "1.0x"},
	}
	for _, c := range cases {
		if got := judged(c.costs, c.why); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestTenfold(t *testing.T) {
	t.Parallel()
	if got := tenfold(100, 50_000); len(got) != 3 || got[0] != 100 || got[2] != 10_000 {
		t.Errorf("sizes %v", got)
	}
}

func TestSettled(t *testing.T) {
	t.Parallel()
	var all []sample
	for minute := range 10 {
		all = append(all, sample{at: time.Duration(minute+1) * time.Minute, memory: memory{resident: int64(minute + 1)}})
	}
	if early, late := settled(all, 10*time.Minute); early != 2 || late != 10 {
		t.Errorf("minutes 2 and 10 hold %d and %d", early, late)
	}
}

// An interrupted growth must not look measured.
func TestRepeatEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	l, stop := answering(t)
	defer stop()
	r := &run{settings: settings{length: time.Hour}}
	if _, err := repeat(r, always(get("/", "")))(ctx, l); err == nil {
		t.Error("no error")
	}
}
