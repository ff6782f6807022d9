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

func TestGrace_GoesOnAfterTheRunForItsTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		run, cancel := context.WithCancel(t.Context())
		grace, stop := suite.Grace(run, time.Minute)
		defer stop()
		time.Sleep(time.Hour)
		if grace.Err() != nil {
			t.Fatal("it ended while the run went on")
		}
		cancel()
		time.Sleep(59 * time.Second)
		if grace.Err() != nil {
			t.Fatal("it ended with the run")
		}
		time.Sleep(2 * time.Second)
		if cause := context.Cause(grace); cause == nil || !strings.Contains(cause.Error(), "cleaning up took longer than 1m0s") {
			t.Errorf("it ended for %v", cause)
		}
	})
}

func TestUntil_EndsWithTheLimitOnly(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		type key struct{}
		ctx, cancel := context.WithCancel(context.WithValue(t.Context(), key{}, "value"))
		limit, end := context.WithCancelCause(t.Context())
		both, stop := suite.Until(ctx, limit)
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
