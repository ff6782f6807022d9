package startgc

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
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
		runtime.GC()
		goal := []metrics.Sample{{Name: "/gc/heap/goal:bytes"}}
		if metrics.Read(goal); goal[0].Value.Uint64() < spareBytes {
			t.Errorf("the next collection is at %d bytes, want %d or more", goal[0].Value.Uint64(), spareBytes)
		}
	})
}
