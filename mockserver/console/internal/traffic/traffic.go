// Package traffic counts requests for the charts of the overview.
package traffic

import (
	"fmt"
	"slices"
	"time"

	"github.com/connectmock/connectmock/mockserver/console/internal/words"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// The time that the charts show.
const (
	chartBars = 60
	chartBar  = 10 * time.Second
	Span      = chartBars * chartBar
)

// The size of the charts, in units of their SVG.
const (
	barWidth    = 5
	chartHeight = 40
)

// Traffic is how many requests came in the last minutes, and how long they took.
type Traffic struct {
	Requests, Refused int
	Minutes           int
	IsPart            bool // there were more
	Median, Slowest   time.Duration
	Rate, Latency     []Bar
}

// Bar is a bar of a chart. Refused is the part of it, from the bottom, for refused requests.
type Bar struct{ X, Y, Height, RefusedY, Refused int }

// Summarize returns the traffic of entries. Those after now are of accounts whose clock is ahead, and left out.
func Summarize(entries []controlapi.Entry, now time.Time) Traffic {
	var counts, refused [chartBars]int
	var slowest [chartBars]time.Duration
	var all []time.Duration
	t := Traffic{Minutes: int(Span / time.Minute)}
	for _, e := range entries {
		i := chartBars - 1 - int(now.Sub(e.Time)/chartBar)
		if i < 0 || i >= chartBars || e.Time.After(now) {
			continue
		}
		took := time.Duration(e.Took)
		all = append(all, took)
		counts[i]++
		slowest[i] = max(slowest[i], took)
		if e.Status >= 400 || e.Status == 0 {
			refused[i]++
			t.Refused++
		}
	}
	t.Requests = len(all)
	if len(all) > 0 {
		slices.Sort(all)
		t.Median, t.Slowest = all[len(all)/2], all[len(all)-1]
	}
	most := slices.Max(counts[:])
	for i := range chartBars {
		b := newBar(i, counts[i], most)
		b.Refused = scale(refused[i], most)
		b.RefusedY = chartHeight - b.Refused
		t.Rate = append(t.Rate, b)
		t.Latency = append(t.Latency, newBar(i, int(slowest[i]), int(t.Slowest)))
	}
	return t
}

// newBar returns the bar with a number of a chart whose highest value is most.
func newBar(i, value, most int) Bar {
	height := scale(value, most)
	return Bar{X: i * barWidth, Y: chartHeight - height, Height: height}
}

// scale returns the height of a bar, at least 1 for what is not 0.
func scale(value, most int) int {
	if value == 0 || most == 0 {
		return 0
	}
	return max(1, int(int64(value)*chartHeight/int64(most)))
}

// Summary says in words what the charts show.
func (t Traffic) Summary() string {
	if t.Requests == 0 {
		return fmt.Sprintf("No requests in the last %d minutes.", t.Minutes)
	}
	text := fmt.Sprintf("%s in the last %d minutes, %d refused. Half of them took %s or less, the slowest %s.",
		words.Count(t.Requests, "request"), t.Minutes, t.Refused,
		words.Took(controlapi.Duration(t.Median)), words.Took(controlapi.Duration(t.Slowest)))
	if t.IsPart {
		text += " These are the newest; there were more."
	}
	return text
}
