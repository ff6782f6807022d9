package main

import (
	"fmt"
	"slices"
	"time"
)

// result is what one measurement saw.
type result struct {
	answers int
	bytes   int64
	took    time.Duration
	each    []time.Duration // sorted
}

func (r result) perSecond() float64 { return float64(r.answers) / r.took.Seconds() }

func (r result) megabytes() float64 { return float64(r.bytes) / 1e6 / r.took.Seconds() }

// quantile is the smallest latency that the share q of all did not exceed.
func (r result) quantile(q float64) time.Duration {
	if len(r.each) == 0 {
		return 0
	}
	n := int(q * float64(len(r.each)))
	if float64(n) < q*float64(len(r.each)) {
		n++
	}
	return r.each[min(max(n-1, 0), len(r.each)-1)]
}

// merged is several measurements as one.
func merged(all []result) (sum result) {
	for _, r := range all {
		sum.answers += r.answers
		sum.bytes += r.bytes
		sum.took += r.took
		sum.each = append(sum.each, r.each...)
	}
	slices.Sort(sum.each)
	return sum
}

func median[T float64 | time.Duration](values []T) T {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}

// spread is the smallest and the largest.
func spread(values []float64) string {
	return fmt.Sprintf("%.2f..%.2f", slices.Min(values), slices.Max(values))
}

// short is a duration for a table.
func short(d time.Duration) string {
	switch {
	case d < 10*time.Millisecond:
		return fmt.Sprintf("%d µs", d.Microseconds())
	case d < time.Second:
		return fmt.Sprintf("%.1f ms", d.Seconds()*1000)
	}
	return fmt.Sprintf("%.2f s", d.Seconds())
}
