package suite

import (
	"context"
	"fmt"
	"time"
)

// cleanUpTime is how long a run may clean up after its time is over or it was
// interrupted.
const cleanUpTime = time.Minute

// RunContexts returns two contexts for a run: run ends when ctx ends or after total, grace a
// minute later, so that the run can clean up. Call stop after the run has cleaned up.
func RunContexts(ctx context.Context, total time.Duration) (run, grace context.Context, stop func()) {
	run, cancel := context.WithTimeoutCause(ctx, total, fmt.Errorf("the run did not end within %s", total))
	grace, stopGrace := withGrace(run, cleanUpTime)
	return run, grace, func() {
		stopGrace()
		cancel()
	}
}

// withGrace returns a context that ends a while after ctx.
func withGrace(ctx context.Context, limit time.Duration) (grace context.Context, stop func()) {
	grace, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	stopWatching := context.AfterFunc(ctx, func() {
		timer := time.AfterFunc(limit, func() {
			cancel(fmt.Errorf("cleaning up took longer than %s", limit))
		})
		context.AfterFunc(grace, func() { timer.Stop() })
	})
	return grace, func() {
		stopWatching()
		cancel(nil)
	}
}

// WithEndOf returns a context with the values of ctx that ends when limit ends, even if
// ctx ends earlier. Call stop when it is no longer needed.
func WithEndOf(ctx, limit context.Context) (both context.Context, stop func()) {
	both, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	stopWatching := context.AfterFunc(limit, func() { cancel(context.Cause(limit)) })
	return both, func() {
		stopWatching()
		cancel(nil)
	}
}
