package console

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/connectmock/connectmock/openapi/controlapi"
)

// The time that the charts show.
const (
	chartBars    = 60
	chartBar     = 10 * time.Second
	chartEntries = 5000 // at most so many requests, the newest
)

// The size of the charts, in units of their SVG.
const (
	barWidth    = 5
	chartHeight = 40
)

// traffic is how many requests came in the last minutes, and how long they took.
type traffic struct {
	Requests, Refused int
	Minutes           int
	IsPart            bool // there were more
	Median, Slowest   time.Duration
	Rate, Latency     []bar
}

// bar is a bar of a chart. Refused is the part of it, from the bottom, for refused requests.
type bar struct{ X, Y, Height, RefusedY, Refused int }

// traffic returns the traffic of the minutes before now, by the clocks of the accounts.
func (req *request) traffic(ctx context.Context, now time.Time) (traffic, error) {
	journal, err := req.server.Journal(ctx, controlapi.JournalQuery{Since: now.Add(-chartBars * chartBar), Limit: chartEntries})
	if err != nil {
		return traffic{}, err
	}
	t := summarize(journal.Entries, now)
	t.IsPart = journal.Matched > len(journal.Entries)
	return t, nil
}

// summarize returns the traffic of entries. Those after now are of accounts whose clock is ahead, and left out.
func summarize(entries []controlapi.Entry, now time.Time) traffic {
	var counts, refused [chartBars]int
	var slowest [chartBars]time.Duration
	var all []time.Duration
	t := traffic{Minutes: int(chartBars * chartBar / time.Minute)}
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
func newBar(i, value, most int) bar {
	height := scale(value, most)
	return bar{X: i * barWidth, Y: chartHeight - height, Height: height}
}

// scale returns the height of a bar, at least 1 for what is not 0.
func scale(value, most int) int {
	if value == 0 || most == 0 {
		return 0
	}
	return max(1, int(int64(value)*chartHeight/int64(most)))
}

// Summary says in words what the charts show.
func (t traffic) Summary() string {
	if t.Requests == 0 {
		return fmt.Sprintf("No requests in the last %d minutes.", t.Minutes)
	}
	text := fmt.Sprintf("%s in the last %d minutes, %d refused. Half of them took %s or less, the slowest %s.",
		count(t.Requests, "request"), t.Minutes, t.Refused,
		tookText(controlapi.Duration(t.Median)), tookText(controlapi.Duration(t.Slowest)))
	if t.IsPart {
		text += " These are the newest; there were more."
	}
	return text
}
