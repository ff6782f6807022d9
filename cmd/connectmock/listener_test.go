package main

import (
	"bytes"
	"errors"
	"log/slog"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"
)

// failingListener fails with an error several times, and then is closed.
type failingListener struct {
	net.Listener
	times int
	error syscall.Errno
}

func (l *failingListener) Accept() (net.Conn, error) {
	if l.times == 0 {
		return nil, net.ErrClosed
	}
	l.times--
	return nil, &net.OpError{Op: "accept", Net: "tcp", Err: os.NewSyscallError("accept4", l.error)}
}

func TestRetryListener_WaitsForFilesAndLogsOnce(t *testing.T) {
	t.Parallel()
	for _, refused := range []syscall.Errno{syscall.EMFILE, syscall.ENFILE} {
		var log bytes.Buffer
		l := &retryListener{Listener: &failingListener{times: 3, error: refused}, log: slog.New(slog.NewTextHandler(&log, nil))}
		if _, err := l.Accept(); !errors.Is(err, net.ErrClosed) {
			t.Errorf("%v: it ended with %v", refused, err)
		}
		if lines := strings.Count(log.String(), "\n"); lines != 1 || !strings.Contains(log.String(), "ulimit -n") {
			t.Errorf("%v: the log is\n%s", refused, &log)
		}
	}
}

func TestRetryListener_EndsWithOtherErrors(t *testing.T) {
	t.Parallel()
	l := &retryListener{Listener: &failingListener{times: 1, error: syscall.EINVAL}, log: slog.New(slog.DiscardHandler)}
	if _, err := l.Accept(); !errors.Is(err, syscall.EINVAL) {
		t.Errorf("it ended with %v", err)
	}
}
