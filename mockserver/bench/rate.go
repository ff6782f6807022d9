package main

import (
	"context"
	"fmt"
	"slices"
)

// measureRates measures works in a closed loop in turns with the bare handler.
// Each ratio is made of two neighbours in time, so that what else the machine
// does falls on both.
func measureRates(ctx context.Context, r *run) error {
	bare, mock, s, err := r.both(ctx)
	if err != nil {
		return err
	}
	defer bare.stop()
	defer mock.stop()
	t := r.table("rate", "work", "bare/s", "mock/s", "ratio", "spread    ", "p50", "p99", "target")
	for _, w := range works(s) {
		if !r.selected(w) {
			continue
		}
		if err := r.compareRates(ctx, t, bare, mock, w); err != nil {
			return fmt.Errorf("%s: %w", w.name, err)
		}
	}
	return nil
}

// both starts the two servers.
func (r *run) both(ctx context.Context) (bare, mock *server, s *stock, err error) {
	if bare, err = r.startBare(ctx); err != nil {
		return nil, nil, nil, err
	}
	if mock, s, err = r.serveStock(ctx); err != nil {
		bare.stop()
	}
	return bare, mock, s, err
}

func (r *run) compareRates(ctx context.Context, t *table, bare, mock *server, w work) error {
	if err := warmed(ctx, mock.Addr, r.conns, r.length, w.request); err != nil {
		return err
	}
	var ratios, bares, mocks []float64
	var seen []result
	for range r.rounds {
		b, err := closed(ctx, bare.Addr, r.conns, r.length, limit(w.token))
		if err != nil {
			return err
		}
		m, err := closed(ctx, mock.Addr, r.conns, r.length, w.request)
		if err != nil {
			return err
		}
		bares, mocks = append(bares, b.perSecond()), append(mocks, m.perSecond())
		ratios = append(ratios, m.perSecond()/b.perSecond())
		seen = append(seen, m)
	}
	all := merged(seen)
	ratio, rate := median(ratios), median(mocks)
	t.add(w.name, fmt.Sprintf("%.0f", median(bares)), fmt.Sprintf("%.0f", rate), fmt.Sprintf("%.2f", ratio),
		spread(ratios), short(all.quantile(0.5)), short(all.quantile(0.99)),
		slices.Max([]string{w.ratio.verdict(ratio), w.second.verdict(rate)}))
	return nil
}
