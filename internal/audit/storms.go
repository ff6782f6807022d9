package audit

import (
	"slices"
	"time"
)

// findStorms finds the second in which each token was used most often. Times of a clock that stands still say nothing.
func (a *analysis) findStorms() {
	for _, requests := range a.callers {
		if busiest := busiestSecond(requests); len(busiest) > maxRequestsPerSecond {
			a.add(Storm, occurrence{count: len(busiest), at: busiest})
		}
	}
}

// busiestSecond returns the requests of the second with the most of them.
func busiestSecond(requests []*exchange) (busiest []*exchange) {
	byTime := slices.SortedStableFunc(slices.Values(requests),
		func(x, y *exchange) int { return x.Time.Compare(y.Time) })
	start := 0
	for end, x := range byTime {
		for x.Time.Sub(byTime[start].Time) >= time.Second {
			start++
		}
		stoodStill := x.Time.Equal(byTime[start].Time)
		if n := end + 1 - start; n > len(busiest) && !stoodStill {
			busiest = byTime[start : end+1]
		}
	}
	return busiest
}
