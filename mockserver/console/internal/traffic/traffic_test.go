package traffic

import (
	"testing"
	"time"

	"github.com/connectmock/connectmock/openapi/controlapi"
)

func TestSummarize_CountsByTime(t *testing.T) {
	t.Parallel()
	now := time.Date(2030, 1, 1, 12, 0, 0, 0, time.UTC)
	entry := func(age time.Duration, status int, took time.Duration) controlapi.Entry {
		return controlapi.Entry{Time: now.Add(-age), Status: status, Took: controlapi.Duration(took)}
	}
	got := Summarize([]controlapi.Entry{
		entry(time.Hour, 200, time.Hour), entry(-time.Second, 200, time.Hour), // outside
		entry(25*time.Second, 200, time.Millisecond), entry(24*time.Second, 404, 2*time.Millisecond),
		entry(0, 0, 4*time.Millisecond), entry(time.Second, 200, 3*time.Millisecond),
		entry(9*time.Second, 200, time.Millisecond), entry(2*time.Second, 200, time.Millisecond),
	}, now)
	if got.Requests != 6 || got.Refused != 2 || got.Median != 2*time.Millisecond || got.Slowest != 4*time.Millisecond {
		t.Errorf("%+v", got)
	}
	if last := got.Rate[chartBars-1]; last != (Bar{X: 295, Y: 0, Height: 40, RefusedY: 30, Refused: 10}) {
		t.Errorf("the last bar is %+v", last)
	}
	if third := got.Rate[chartBars-3]; third != (Bar{X: 285, Y: 20, Height: 20, RefusedY: 30, Refused: 10}) {
		t.Errorf("the bar of 20 to 30 seconds ago is %+v", third)
	}
	if third := got.Latency[chartBars-3]; third.Height != 20 {
		t.Errorf("its latency is %+v", third)
	}
}
