package mock

import (
	"bytes"
	"testing"
	"time"

	"github.com/connectmock/connectmock/mockserver"
)

func TestProgress_WritesLinesNowAndThen(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		terminal bool
		want     string
	}{
		{"terminal", true, "\rconnectmock: filling the store: 10 of 3000 items, 1s\x1b[K" +
			"\rconnectmock: filling the store: 20 of 3000 items, 2s\x1b[K" +
			"\rconnectmock: filling the store: 5 of 9 records of activity, 3s\x1b[K" +
			"\rconnectmock: filling the store: 9 records of activity, finishing, 9s\x1b[K\n"},
		{"file", false, "connectmock: filling the store: 10 of 3000 items, 1s\n" +
			"connectmock: filling the store: 9 records of activity, finishing, 9s\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			now := time.Unix(0, 0)
			var out bytes.Buffer
			p := newProgress(&out, c.terminal, func() time.Time { return now })
			for _, step := range []struct {
				at   time.Duration
				done mockserver.Progress
			}{
				{900 * time.Millisecond, mockserver.Progress{Items: 9, AllItems: 3000, AllRecords: 9}},
				{1000 * time.Millisecond, mockserver.Progress{Items: 10, AllItems: 3000, AllRecords: 9}},
				{1100 * time.Millisecond, mockserver.Progress{Items: 11, AllItems: 3000, AllRecords: 9}},
				{2000 * time.Millisecond, mockserver.Progress{Items: 20, AllItems: 3000, AllRecords: 9}},
				{3000 * time.Millisecond, mockserver.Progress{Items: 3000, AllItems: 3000, Records: 5, AllRecords: 9}},
				{9000 * time.Millisecond, mockserver.Progress{Items: 3000, AllItems: 3000, Records: 9, AllRecords: 9}},
			} {
				now = time.Unix(0, 0).Add(step.at)
				p.report(step.done)
			}
			p.end()
			if out.String() != c.want {
				t.Errorf("got %q, want %q", out.String(), c.want)
			}
		})
	}
}

func TestProgress_SkipsSmallFixtures(t *testing.T) {
	t.Parallel()
	now := time.Unix(0, 0)
	var out bytes.Buffer
	p := newProgress(&out, false, func() time.Time { return now })
	now = now.Add(time.Hour)
	p.report(mockserver.Progress{Items: 1, AllItems: 30, AllRecords: 240})
	p.end()
	if out.Len() > 0 {
		t.Errorf("got %q, want nothing", out.String())
	}
}
