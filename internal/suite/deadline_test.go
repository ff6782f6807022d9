package suite_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/connectmock/connectmock/internal/suite"
)

func TestRunContexts_LeaveAMinuteForCleaningUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		run, grace, stop := suite.RunContexts(ctx, 24*time.Hour)
		defer stop()
		time.Sleep(time.Hour)
		if run.Err() != nil || grace.Err() != nil {
			t.Fatal("they ended while the run went on")
		}
		cancel()
		time.Sleep(59 * time.Second)
		if run.Err() == nil || grace.Err() != nil {
			t.Fatalf("run: %v, grace: %v", run.Err(), grace.Err())
		}
		time.Sleep(2 * time.Second)
		if cause := context.Cause(grace); cause == nil ||
			!strings.Contains(cause.Error(), "cleaning up took longer than 1m0s") {
			t.Errorf("it ended for %v", cause)
		}
	})
}

func TestWithEndOf_EndsOnlyWithTheLimit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		type key struct{}
		ctx, cancel := context.WithCancel(context.WithValue(t.Context(), key{}, "value"))
		limit, end := context.WithCancelCause(t.Context())
		both, stop := suite.WithEndOf(ctx, limit)
		defer stop()
		cancel()
		synctest.Wait()
		if both.Err() != nil || both.Value(key{}) != "value" {
			t.Errorf("after ctx ended: %v, value %v", both.Err(), both.Value(key{}))
		}
		why := errors.New("over")
		end(why)
		synctest.Wait()
		if context.Cause(both) != why {
			t.Errorf("after the limit: %v", context.Cause(both))
		}
	})
}

func TestRunContexts_EndAfterTheTotalTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		run, grace, stop := suite.RunContexts(t.Context(), time.Minute)
		time.Sleep(61 * time.Second)
		if cause := context.Cause(run); cause == nil || cause.Error() != "the run did not end within 1m0s" {
			t.Errorf("it ended for %v", cause)
		}
		stop()
		if grace.Err() == nil {
			t.Error("grace goes on after stop")
		}
	})
}
