package main

import (
	"context"
	"fmt"
	"slices"
)

// measureLoad measures how fast the binary fills a store with generated data, and pages of a long activity log.
func measureLoad(ctx context.Context, r *run) error {
	t := r.table("load", "generated and loaded", "took", "a second", "most memory", "file", "target")
	for _, c := range []struct {
		items, records int
		count          int
		what           string
		target         target
	}{
		{r.maxItems, 0, r.maxItems, "items", atLeast(100_000, "100,000/s")},
		{1000, r.maxRecords, r.maxRecords, "activity records", target{}},
	} {
		d, err := r.generate(ctx, c.items, c.records)
		if err != nil {
			return err
		}
		rate := float64(c.count) / d.took.Seconds()
		t.add(thousands(c.count)+" "+c.what, fmt.Sprintf("%.1f s", d.took.Seconds()), thousands(int(rate)),
			mebibytes(d.peak), mebibytes(d.size), c.target.verdict(rate))
	}
	return measureActivity(ctx, r)
}

// measureActivity reads pages at both ends of the log.
func measureActivity(ctx context.Context, r *run) error {
	d, err := r.generate(ctx, 1000, r.maxRecords)
	if err != nil {
		return err
	}
	bare, err := r.startBare(ctx)
	if err != nil {
		return err
	}
	defer bare.stop()
	mock, err := r.startMock(ctx, d.file)
	if err != nil {
		return err
	}
	defer mock.stop()
	t := r.table("activity", "page of 50 records at offset", "p50, one client", "p99, one client", "bare µs", "mock µs",
		"share", "target")
	first := 0.0
	for _, offset := range []int{0, r.maxRecords - r.maxRecords/100} {
		page := same(get(fmt.Sprint("/v1/activity?limit=50&offset=", offset), d.token))
		if err := mock.warmUp(ctx, 1, r.length, page); err != nil {
			return err
		}
		alone, err := mock.closedLoop(ctx, 1, r.length, page)
		if err != nil {
			return err
		}
		c, err := r.compareRates(ctx, bare, mock, d.token, page)
		if err != nil {
			return err
		}
		p50 := alone.quantile(0.5).Seconds()
		verdict := atMost(0.005, "5 ms").verdict(p50)
		if first == 0 {
			first = p50
		} else {
			verdict += fmt.Sprintf("; %.2f of the first, ", p50/first) + atMost(2, "2x").verdict(max(p50/first, first/p50))
		}
		t.add(slices.Concat([]string{thousands(offset), short(alone.quantile(0.5)), short(alone.quantile(0.99))},
			c.processorCells()[:3], []string{verdict})...)
	}
	return nil
}

// thousands formats a number with commas.
func thousands(n int) string {
	text := fmt.Sprint(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}
