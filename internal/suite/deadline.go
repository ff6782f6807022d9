package suite

import (
	"context"
	"fmt"
	"time"
)

// cleanUp is how long a run may clean up after its time is over or somebody
// pressed Ctrl-C.
const cleanUp = time.Minute

// Begin returns two contexts for a run: run ends when ctx does or after total;
// grace goes on for a minute after that, so that the run can clean up. Call stop
// when the run has ended and cleaned up.
func Begin(ctx context.Context, total time.Duration) (run, grace context.Context, stop func()) {
	run, cancel := context.WithTimeoutCause(ctx, total, fmt.Errorf("the run did not end within %s", total))
	grace, stopGrace := withGrace(run, cleanUp)
	return run, grace, func() {
		stopGrace()
		cancel()
	}
}

// withGrace returns a context that ends limit after ctx ended.
func withGrace(ctx context.Context, limit time.Duration) (grace context.Context, stop func()) {
	grace, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	unhook := context.AfterFunc(ctx, func() {
		timer := time.AfterFunc(limit, func() {
			cancel(fmt.Errorf("cleaning up took longer than %s", limit))
		})
		context.AfterFunc(grace, func() { timer.Stop() })
	})
	return grace, func() {
		unhook()
		cancel(nil)
	}
}

// Until returns a context with the values of ctx that ends when limit ends, not
// when ctx does. Call stop when it is no longer needed.
func Until(ctx, limit context.Context) (both context.Context, stop func()) {
	both, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	unhook := context.AfterFunc(limit, func() { cancel(context.Cause(limit)) })
	return both, func() {
		unhook()
		cancel(nil)
	}
}

// Sleep waits for d. It returns early, with the cause, when ctx ends.
func Sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-timer.C:
		return nil
	}
}
