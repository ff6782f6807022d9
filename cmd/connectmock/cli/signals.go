package cli

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"syscall"
)

// StopSignals returns the signals that end a command in order. SIGHUP comes when
// a terminal or a session ends; it stays ignored where it is, as under nohup.
func StopSignals(more ...os.Signal) []os.Signal {
	all := append([]os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP}, more...)
	return slices.DeleteFunc(all, func(s os.Signal) bool { return s == syscall.SIGHUP && signal.Ignored(s) })
}

// DiscardHangups makes further SIGHUPs do nothing. If it ignored them, commands
// that are started later would ignore them too.
func DiscardHangups() {
	if !signal.Ignored(syscall.SIGHUP) {
		signal.Notify(make(chan os.Signal, 1), syscall.SIGHUP)
	}
}

// WithInterrupt ends ctx at the first stop signal, so that a run cleans up, and
// the process at the second. After stop the first one ends the process, because
// only reports are left to write.
//
// It ignores SIGPIPE: a reader that goes away would end the run and leave items
// behind. Writing to it is an error instead.
func WithInterrupt(ctx context.Context, std *Streams) (_ context.Context, stop func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	if std.NoSignals {
		return ctx, func() { cancel(nil) }
	}
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, StopSignals()...)
	signal.Ignore(syscall.SIGPIPE)
	go func() {
		select {
		case <-ctx.Done():
		case s := <-signals:
			std.Say("%s: ending the run and deleting what it created; once more to stop at once", s)
			cancel(fmt.Errorf("signal %s", s))
		}
		if n, ok := (<-signals).(syscall.Signal); ok {
			os.Exit(128 + int(n))
		}
	}()
	return ctx, func() { cancel(nil) }
}
