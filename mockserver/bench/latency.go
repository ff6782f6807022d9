package main

import (
	"context"
	"fmt"
)

// measureLatencies sends requests at half and at four fifths of what the server
// could answer at most, and asks the bare handler at the same rate in turns.
func measureLatencies(ctx context.Context, r *run) error {
	bare, mock, s, err := r.both(ctx)
	if err != nil {
		return err
	}
	defer bare.stop()
	defer mock.stop()
	t := r.table("latency", "work, share of the most", "rate/s", "server", "p50", "p99", "p99.9", "max", "p99 ratio", "spread    ", "target")
	for _, w := range works(s) {
		if !w.isPaced || !r.selected(w) {
			continue
		}
		if err := warmed(ctx, mock.Addr, r.conns, r.length, w.request); err != nil {
			return fmt.Errorf("%s: %w", w.name, err)
		}
		most, err := r.most(ctx, mock, w)
		if err != nil {
			return fmt.Errorf("%s: %w", w.name, err)
		}
		for _, share := range []float64{0.5, 0.8} {
			if err := r.compareLatencies(ctx, t, bare, mock, w, share, most*share); err != nil {
				return fmt.Errorf("%s: %w", w.name, err)
			}
		}
	}
	return nil
}

// most is how many requests a second were answered at best: what else the
// machine does can only make it fewer.
func (r *run) most(ctx context.Context, mock *server, w work) (best float64, err error) {
	for range r.rounds {
		seen, err := closed(ctx, mock.Addr, r.conns, r.length/2, w.request)
		if err != nil {
			return 0, err
		}
		best = max(best, seen.perSecond())
	}
	return best, nil
}

func (r *run) compareLatencies(ctx context.Context, t *table, bare, mock *server, w work, share, rate float64) error {
	var bares, mocks []result
	var ratios []float64
	for range r.rounds {
		b, err := open(ctx, bare.Addr, r.paced(), rate, r.length, limit(w.token))
		if err != nil {
			return err
		}
		m, err := open(ctx, mock.Addr, r.paced(), rate, r.length, w.request)
		if err != nil {
			return err
		}
		bares, mocks = append(bares, b), append(mocks, m)
		ratios = append(ratios, m.quantile(0.99).Seconds()/b.quantile(0.99).Seconds())
	}
	b, m := merged(bares), merged(mocks)
	ratio := median(ratios)
	name := fmt.Sprintf("%s, %.0f %%", w.name, 100*share)
	t.add(append(append([]string{name, fmt.Sprintf("%.0f", rate), "mock"}, tail(m)...),
		fmt.Sprintf("%.2f", ratio), spread(ratios), w.tail.verdict(ratio))...)
	t.add(append(append([]string{"", "", "bare"}, tail(b)...), "", "", "")...)
	return nil
}

// paced is how many connections an open loop may use: enough that one is free
// whenever a server keeps up.
func (r *run) paced() int { return 4 * r.conns }

func tail(r result) []string {
	return []string{short(r.quantile(0.5)), short(r.quantile(0.99)), short(r.quantile(0.999)), short(r.quantile(1))}
}
