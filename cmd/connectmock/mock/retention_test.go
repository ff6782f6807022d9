package mock

import (
	"strings"
	"testing"
	"time"

	"github.com/connectmock/connectmock/mockserver"
)

func TestParseRetention_ReadsRecordsAndAge(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	for text, want := range map[string]mockserver.ActivityRetention{
		"100000": {Records: 100_000}, "30d": {Age: 30 * day}, "720h": {Age: 30 * day}, "1s": {Age: time.Second},
		"5,1h30m": {Records: 5, Age: 90 * time.Minute}, "1d,7": {Records: 7, Age: day}, "unlimited": {Unlimited: true},
	} {
		if got, err := parseRetention(text); err != nil || got != want {
			t.Errorf("%q: %v, %v; want %v", text, got, err, want)
		}
	}
	for _, text := range []string{
		"", "0", "-1", "0d", "-3d", "1.5d", "99999999999d", "1ms", "1,2", "1h,2h", "1,", "1,unlimited", "all",
	} {
		got, err := parseRetention(text)
		isZero := got == mockserver.ActivityRetention{}
		if err == nil || !strings.Contains(err.Error(), "100000,30d, or unlimited") || !isZero {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
}
