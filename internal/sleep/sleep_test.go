package sleep_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/connectmock/connectmock/internal/sleep"
)

func TestFor_WaitsForTheDuration(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		if err := sleep.For(t.Context(), time.Hour); err != nil || time.Since(start) != time.Hour {
			t.Errorf("waited %v: %v", time.Since(start), err)
		}
	})
}

func TestFor_EndsWithTheContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancelCause(t.Context())
	cause := errors.New("the client has disconnected")
	cancel(cause)
	for _, d := range []time.Duration{-1, 0, time.Hour} {
		if err := sleep.For(ctx, d); !errors.Is(err, cause) {
			t.Errorf("%v: error %v, want %v", d, err, cause)
		}
	}
	if err := sleep.For(context.Background(), 0); err != nil {
		t.Error(err)
	}
}
