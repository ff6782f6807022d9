package contract

import (
	"net/http"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/connectmock/connectmock/internal/report"
)

// On a server that is 50 ms away the rules that only read take less than 8 s, all rules less than 20 s. Time is that of
// the bubble, which passes only while the run waits: it is the number of requests that were sent one after the other.
func TestRun_IsFastOnAServerFarAway(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the whole contract twice")
	}
	t.Parallel()
	const delay = 50 * time.Millisecond
	for name, limit := range map[string]time.Duration{"all rules": 20 * time.Second, "rules that only read": 8 * time.Second} {
		synctest.Test(t, func(t *testing.T) {
			time.Sleep(time.Until(time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC))) // a bubble begins in 2000
			var requests atomic.Int64
			target := wrappedTarget(t, func(next http.Handler) http.Handler {
				return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					requests.Add(1)
					time.Sleep(delay)
					next.ServeHTTP(w, r)
				})
			})
			target.AllowWrites = name == "all rules"
			run := mustRun(t, target, Options{})
			t.Logf("%s: %d requests, %d one after the other, %s", name, requests.Load(), run.Took/delay, run.Headline())
			if run.Took >= limit || run.Count()[report.Fail] > 0 {
				t.Errorf("%s: %s, want less than %s; %s", name, run.Took, limit, run.Headline())
			}
		})
	}
}
