package main

import (
	"context"
	"fmt"
	"slices"
)

// pacedConnections is the number of connections of an open loop: enough that one is free whenever a server keeps up.
const pacedConnections = 4 * connections

// measureLatencies sends requests at half and at four fifths of the mock's maximum rate, to the bare handler and the
// mock in turns.
func measureLatencies(ctx context.Context, r *run) error {
	bare, mock, d, err := r.startBoth(ctx)
	if err != nil {
		return err
	}
	defer bare.stop()
	defer mock.stop()
	t := r.table("latency", "workload, share of the maximum", "rate/s", "server", "p50", "p99", "p99.9", "max",
		"p99 ratio", "spread", "target")
	for _, w := range workloads(d) {
		if !w.isPaced || !r.isSelected(w) {
			continue
		}
		most, err := r.maxRate(ctx, mock, w)
		if err != nil {
			return fmt.Errorf("%s: %w", w.name, err)
		}
		for _, share := range []float64{0.5, 0.8} {
			rate := most * share
			c, err := r.compare(
				func() (result, error) {
					return bare.openLoop(ctx, pacedConnections, rate, r.length, bareItem(w.token))
				},
				func() (result, error) { return mock.openLoop(ctx, pacedConnections, rate, r.length, w.next) })
			if err != nil {
				return fmt.Errorf("%s: %w", w.name, err)
			}
			ratios := c.ratios(result.p99)
			ratio := median(ratios)
			name := fmt.Sprintf("%s, %.0f %%", w.name, 100*share)
			t.add(slices.Concat([]string{name, fmt.Sprintf("%.0f", rate), "mock"}, quantiles(c.mock),
				[]string{fmt.Sprintf("%.2f", ratio), spread(ratios), w.p99.verdict(ratio)})...)
			t.add(slices.Concat([]string{"", "", "bare"}, quantiles(c.bare), []string{"", "", ""})...)
		}
	}
	return nil
}

// maxRate returns the most responses a second of several rounds: what else the machine does can only make it fewer.
func (r *run) maxRate(ctx context.Context, mock *server, w workload) (best float64, err error) {
	if err := mock.warmUp(ctx, connections, r.length, w.next); err != nil {
		return 0, err
	}
	for range r.rounds {
		got, err := mock.closedLoop(ctx, connections, r.length/2, w.next)
		if err != nil {
			return 0, err
		}
		best = max(best, got.perSecond())
	}
	return best, nil
}

func quantiles(r result) (cells []string) {
	for _, q := range []float64{0.5, 0.99, 0.999, 1} {
		cells = append(cells, short(r.quantile(q)))
	}
	return cells
}
