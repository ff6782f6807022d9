package suite

import (
	"context"
	"fmt"
	"time"
)

// CleanUp is how long a run may clean up after its time is over or somebody
// pressed Ctrl-C.
const CleanUp = time.Minute

// Grace returns a context for cleaning up: it goes on when ctx ends, for as
// long as limit. Call stop when the cleaning is done.
func Grace(ctx context.Context, limit time.Duration) (grace context.Context, stop func()) {
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

// Until returns a context with the values of ctx that ends when limit ends,
// not when ctx does. Call stop when it is not needed any more.
func Until(ctx, limit context.Context) (both context.Context, stop func()) {
	both, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	unhook := context.AfterFunc(limit, func() { cancel(context.Cause(limit)) })
	return both, func() {
		unhook()
		cancel(nil)
	}
}
