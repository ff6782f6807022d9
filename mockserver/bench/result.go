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
	latencies []time.Duration // sorted

	server, generator time.Duration // processor time of the server and of the load generator
}

func (r result) perSecond() float64 { return float64(r.responses) / r.took.Seconds() }

// perProcessorSecond returns the responses for each second of the server's processor time.
func (r result) perProcessorSecond() float64 { return float64(r.responses) / r.server.Seconds() }

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
		sum.server += r.server
		sum.generator += r.generator
		sum.latencies = append(sum.latencies, r.latencies...)
	}
	slices.Sort(sum.latencies)
	return sum
}

// comparison is what rounds of measuring the bare handler and the mock in turns found.
type comparison struct {
	bares, mocks []result // of each round
	bare, mock   result   // of all
}

// compare measures both in turns. A ratio is between neighbours in time, so that what else the machine does affects
// both.
func (r *run) compare(bare, mock func() (result, error)) (c comparison, err error) {
	for range r.rounds {
		b, err := bare()
		if err != nil {
			return c, err
		}
		m, err := mock()
		if err != nil {
			return c, err
		}
		c.bares, c.mocks = append(c.bares, b), append(c.mocks, m)
	}
	c.bare, c.mock = merge(c.bares), merge(c.mocks)
	return c, nil
}

// ratios returns the mock's figure divided by the bare handler's before it, for each round.
func (c comparison) ratios(figure func(result) float64) (ratios []float64) {
	for i := range c.mocks {
		ratios = append(ratios, figure(c.mocks[i])/figure(c.bares[i]))
	}
	return ratios
}

// medianOf returns the median of a figure of several measurements.
func medianOf(results []result, figure func(result) float64) float64 {
	var figures []float64
	for _, r := range results {
		figures = append(figures, figure(r))
	}
	return median(figures)
}

// cells are the median figures, the median ratio and its spread.
func (c comparison) cells(figure func(result) float64) []string {
	ratios := c.ratios(figure)
	return []string{fmt.Sprintf("%.0f", medianOf(c.bares, figure)), fmt.Sprintf("%.0f", medianOf(c.mocks, figure)),
		fmt.Sprintf("%.2f", median(ratios)), spread(ratios)}
}

// processorCells are the median processor times of a request in microseconds, the share of the mock's that the bare
// handler needs, and its spread.
func (c comparison) processorCells() []string {
	shares := c.ratios(result.perProcessorSecond)
	cell := func(results []result) string {
		return fmt.Sprintf("%.1f", 1e6/medianOf(results, result.perProcessorSecond))
	}
	return []string{cell(c.bares), cell(c.mocks), fmt.Sprintf("%.2f", median(shares)), spread(shares)}
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
