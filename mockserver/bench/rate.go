package main

import (
	"context"
	"fmt"
	"slices"
)

// measureRates measures workloads in a closed loop in turns with the bare handler.
func measureRates(ctx context.Context, r *run) error {
	bare, mock, d, err := r.startBoth(ctx)
	if err != nil {
		return err
	}
	defer bare.stop()
	defer mock.stop()
	t := r.table("rate", "workload", "bare/s", "mock/s", "ratio", "spread", "p50", "p99", "target")
	for _, w := range workloads(d) {
		if !r.isSelected(w) {
			continue
		}
		c, err := r.compareRates(ctx, bare, mock, w.token, w.next)
		if err != nil {
			return fmt.Errorf("%s: %w", w.name, err)
		}
		verdict := max(w.ratio.verdict(median(c.ratios)), w.rate.verdict(median(c.mockFigures))) // one is empty
		t.add(slices.Concat([]string{w.name}, c.cells(),
			[]string{short(c.mock.quantile(0.5)), short(c.mock.quantile(0.99)), verdict})...)
	}
	return nil
}

// compareRates compares requests a second, after warming up the mock.
func (r *run) compareRates(ctx context.Context, bare, mock *server, token string, next requests) (comparison, error) {
	if err := warmUp(ctx, mock.Addr, connections, r.length, next); err != nil {
		return comparison{}, err
	}
	return r.compare(result.perSecond,
		func() (result, error) { return closedLoop(ctx, bare.Addr, connections, r.length, bareItem(token)) },
		func() (result, error) { return closedLoop(ctx, mock.Addr, connections, r.length, next) })
}
