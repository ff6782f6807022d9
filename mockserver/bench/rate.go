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
	t := r.table("rate", "workload", "bare µs", "mock µs", "share", "spread", "bare/s", "mock/s", "ratio", "spread",
		"p50", "p99", "generator µs", "target")
	for _, w := range workloads(d) {
		if !r.isSelected(w) {
			continue
		}
		c, err := r.compareRates(ctx, bare, mock, w.token, w.next)
		if err != nil {
			return fmt.Errorf("%s: %w", w.name, err)
		}
		verdict := max(w.share.verdict(median(c.ratios(result.perProcessorSecond))),
			w.rate.verdict(medianOf(c.mocks, result.perSecond))) // one is empty
		t.add(slices.Concat([]string{w.name}, c.processorCells(), c.cells(result.perSecond),
			[]string{short(c.mock.quantile(0.5)), short(c.mock.quantile(0.99)), c.mock.generatorCell(), verdict})...)
	}
	return nil
}

// compareRates compares closed loops, after warming up the mock.
func (r *run) compareRates(ctx context.Context, bare, mock *server, token string, next requests) (comparison, error) {
	if err := mock.warmUp(ctx, connections, r.length, next); err != nil {
		return comparison{}, err
	}
	return r.compare(
		func() (result, error) { return bare.closedLoop(ctx, connections, r.length, bareItem(token)) },
		func() (result, error) { return mock.closedLoop(ctx, connections, r.length, next) })
}

// generatorCell is the processor time in microseconds that the load generator itself took for a request.
func (r result) generatorCell() string {
	return fmt.Sprintf("%.1f", float64(r.generator.Microseconds())/float64(r.responses))
}
