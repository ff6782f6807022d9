package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

func TestVerdict_MarksGrowthWithoutReason(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name   string
		costs  []time.Duration
		reason string
		want   string
	}{
		{"flat", []time.Duration{100, 100, 100, 100, 110}, "", "1.1x"},
		{"logarithmic", []time.Duration{100, 150, 200, 250, 300}, "", "2.0x"},
		{"linear", []time.Duration{10, 100, 1000, 10_000, 100_000}, "", "**1000.0x: worse than logarithmic**"},
		{"linear with a reason", []time.Duration{10, 100, 1000, 10_000, 100_000}, "looks at everything",
			"1000.0x: looks at everything"},
		{"flat with a reason", []time.Duration{10, 10, 10, 10}, "looks at everything", "1.0x"},
		{"sizes below a thousandth do not count", []time.Duration{1, 100, 100, 100, 100}, "", "1.0x"},
		{"few sizes", []time.Duration{100, 500}, "", "**5.0x: worse than logarithmic**"},
		{"one size", []time.Duration{100}, "", "1.0x"},
	}
	for _, c := range cases {
		if got := (growthRow{operation{reason: c.reason}, c.costs}).verdict(); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestTenfold_EndsAtTheLargestSize(t *testing.T) {
	t.Parallel()
	if got := tenfold(100, 50_000); len(got) != 3 || got[0] != 100 || got[2] != 10_000 {
		t.Errorf("sizes %v", got)
	}
}

func TestPeaks_AreOfTheSecondAndTheLastTwoTenths(t *testing.T) {
	t.Parallel()
	var samples []int64
	for n := range 100 {
		samples = append(samples, int64(n))
	}
	if early, late := peaks(samples); early != 19 || late != 99 {
		t.Errorf("peaks %d and %d, want 19 and 99", early, late)
	}
	if early, late := peaks(nil); early != 0 || late != 0 {
		t.Errorf("peaks %d and %d without samples", early, late)
	}
}

// An interrupted measurement must not look complete.
func TestMedianOf_FailsWhenItsContextEnds(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	c, stop := noContentServer(t)
	defer stop()
	r := &run{settings: settings{length: time.Hour}}
	if _, err := r.medianOf(same(get("/", "")))(ctx, c); err == nil {
		t.Error("no error")
	}
}

// noContentServer returns a connection to a server that responds with 204 to everything.
func noContentServer(t *testing.T) (*client, func()) {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter,
		_ *http.Request) {
		w.WriteHeader(http.StatusNoContent)
	}))
	c, err := dial(t.Context(), s.Listener.Addr().String())
	if err != nil {
		s.Close()
		t.Fatal(err)
	}
	return c, func() { _ = c.conn.Close(); s.Close() } // the connection ends either way
}
