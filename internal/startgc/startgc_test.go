package startgc

import (
	"runtime/debug"
	"testing"
	"testing/synctest"
	"time"
)

func TestRaise_EndsByItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		original := debug.SetGCPercent(77)
		defer debug.SetGCPercent(original)
		raise(time.Second)
		if got := debug.SetGCPercent(percent); got != percent {
			t.Errorf("%d %% at first, want %d", got, percent)
		}
		time.Sleep(time.Second) // of the bubble's clock
		synctest.Wait()
		if got := debug.SetGCPercent(77); got != 77 {
			t.Errorf("%d %% afterwards, want 77", got)
		}
	})
}
