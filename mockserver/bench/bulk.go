package main

import (
	"context"
	"fmt"
)

// measureBulk measures how fast the binary fills a store with made-up items, and
// pages of a long activity log.
func measureBulk(ctx context.Context, r *run) error {
	t := r.table("load", "generated and loaded", "took", "a second", "most memory", "file", "target")
	for _, of := range []struct {
		items, records int
		target         target
	}{
		{r.mostItems, 0, atLeast(50_000, "50,000/s")},
		{1000, r.mostRecords, target{}},
	} {
		g, err := r.generated(ctx, of.items, of.records)
		if err != nil {
			return err
		}
		n, what := of.items, " items"
		if of.records > 0 {
			n, what = of.records, " activity records"
		}
		rate := float64(n) / g.took.Seconds()
		t.add(count(n)+what, fmt.Sprintf("%.1f s", g.took.Seconds()), count(int(rate)), mebibytes(g.peak), mebibytes(g.bytes), of.target.verdict(rate))
	}
	return measureActivity(ctx, r)
}

// measureActivity reads pages at both ends of the log.
func measureActivity(ctx context.Context, r *run) error {
	g, err := r.generated(ctx, 1000, r.mostRecords)
	if err != nil {
		return err
	}
	bare, err := r.startBare(ctx)
	if err != nil {
		return err
	}
	defer bare.stop()
	mock, err := r.startMock(ctx, g.file)
	if err != nil {
		return err
	}
	defer mock.stop()
	t := r.table("activity", "page of 50 records at offset", "p50, one client", "p99, one client", "bare/s", "mock/s", "ratio", "target")
	first := 0.0
	for _, offset := range []int{0, r.mostRecords - r.mostRecords/100} {
		page := always(get(fmt.Sprint("/v1/activity?limit=50&offset=", offset), g.token))
		if err := warmed(ctx, mock.Addr, 1, r.length, page); err != nil {
			return err
		}
		alone, err := closed(ctx, mock.Addr, 1, r.length, page)
		if err != nil {
			return err
		}
		b, err := closed(ctx, bare.Addr, r.conns, r.length, limit(g.token))
		if err != nil {
			return err
		}
		m, err := closed(ctx, mock.Addr, r.conns, r.length, page)
		if err != nil {
			return err
		}
		p50 := alone.quantile(0.5)
		verdict := atMost(0.005, "5 ms").verdict(p50.Seconds())
		if first == 0 {
			first = p50.Seconds()
		} else {
			verdict += fmt.Sprintf("; %.2f of the first, ", p50.Seconds()/first) + atMost(2, "2x").verdict(max(p50.Seconds()/first, first/p50.Seconds()))
		}
		t.add(count(offset), short(p50), short(alone.quantile(0.99)), fmt.Sprintf("%.0f", b.perSecond()),
			fmt.Sprintf("%.0f", m.perSecond()), fmt.Sprintf("%.2f", m.perSecond()/b.perSecond()), verdict)
	}
	return nil
}
