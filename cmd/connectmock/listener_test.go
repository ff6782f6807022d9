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

// crowded is a listener that finds no file to have a connection in, so often.
type crowded struct {
	net.Listener
	times int
	error syscall.Errno
}

func (l *crowded) Accept() (net.Conn, error) {
	if l.times == 0 {
		return nil, net.ErrClosed
	}
	l.times--
	return nil, &net.OpError{Op: "accept", Net: "tcp", Err: os.NewSyscallError("accept4", l.error)}
}

func TestNoMoreFilesIsWaitedForAndToldOnce(t *testing.T) {
	t.Parallel()
	for _, refused := range []syscall.Errno{syscall.EMFILE, syscall.ENFILE} {
		var log bytes.Buffer
		l := &retryListener{Listener: &crowded{times: 3, error: refused}, log: slog.New(slog.NewTextHandler(&log, nil))}
		if _, err := l.Accept(); !errors.Is(err, net.ErrClosed) {
			t.Errorf("%v: it ended with %v", refused, err)
		}
		if lines := strings.Count(log.String(), "\n"); lines != 1 || !strings.Contains(log.String(), "ulimit -n") {
			t.Errorf("%v: it told\n%s", refused, &log)
		}
	}
}

func TestOtherErrorsOfAListenerEndIt(t *testing.T) {
	t.Parallel()
	l := &retryListener{Listener: &crowded{times: 1, error: syscall.EINVAL}, log: slog.New(slog.DiscardHandler)}
	if _, err := l.Accept(); !errors.Is(err, syscall.EINVAL) {
		t.Errorf("it ended with %v", err)
	}
}
