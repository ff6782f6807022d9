package main

import (
	"fmt"
	"slices"
	"time"
)

// result is what one measurement found.
type result struct {
	responses int
	bytes     int64
	took      time.Duration
	latencies []time.Duration // sorted by merge
}

func (r result) perSecond() float64 { return float64(r.responses) / r.took.Seconds() }

func (r result) megabytes() float64 { return float64(r.bytes) / 1e6 / r.took.Seconds() }

func (r result) p99() float64 { return r.quantile(0.99).Seconds() }

// quantile returns the smallest latency that the share q of all does not exceed.
func (r result) quantile(q float64) time.Duration {
	if len(r.latencies) == 0 {
		return 0
	}
	n := int(q * float64(len(r.latencies)))
	if float64(n) < q*float64(len(r.latencies)) {
		n++
	}
	return r.latencies[min(max(n-1, 0), len(r.latencies)-1)]
}

// merge returns several measurements as one.
func merge(results []result) (sum result) {
	for _, r := range results {
		sum.responses += r.responses
		sum.bytes += r.bytes
		sum.took += r.took
		sum.latencies = append(sum.latencies, r.latencies...)
	}
	slices.Sort(sum.latencies)
	return sum
}

// comparison is what rounds of measuring the bare handler and the mock in turns found.
type comparison struct {
	bare, mock               result    // of all rounds
	bareFigures, mockFigures []float64 // of each round
	ratios                   []float64 // of the mock's figure to the bare handler's before it
}

// compare measures both in turns. A ratio is between neighbours in time, so that what else the machine does affects
// both.
func (r *run) compare(figure func(result) float64, bare, mock func() (result, error)) (c comparison, err error) {
	var bares, mocks []result
	for range r.rounds {
		b, err := bare()
		if err != nil {
			return c, err
		}
		m, err := mock()
		if err != nil {
			return c, err
		}
		bares, mocks = append(bares, b), append(mocks, m)
		c.bareFigures, c.mockFigures = append(c.bareFigures, figure(b)), append(c.mockFigures, figure(m))
		c.ratios = append(c.ratios, figure(m)/figure(b))
	}
	c.bare, c.mock = merge(bares), merge(mocks)
	return c, nil
}

// cells are the median figures, the median ratio and its spread.
func (c comparison) cells() []string {
	return []string{fmt.Sprintf("%.0f", median(c.bareFigures)), fmt.Sprintf("%.0f", median(c.mockFigures)),
		fmt.Sprintf("%.2f", median(c.ratios)), spread(c.ratios)}
}

func median[T float64 | time.Duration](values []T) T {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}

// spread formats the smallest and the largest value.
func spread(values []float64) string {
	return fmt.Sprintf("%.2f..%.2f", slices.Min(values), slices.Max(values))
}

// short formats a duration for a table.
func short(d time.Duration) string {
	switch {
	case d < 10*time.Millisecond:
		return fmt.Sprintf("%d µs", d.Microseconds())
	case d < time.Second:
		return fmt.Sprintf("%.1f ms", d.Seconds()*1000)
	}
	return fmt.Sprintf("%.2f s", d.Seconds())
}
