package mock

import (
	"bytes"
	"errors"
	"log/slog"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
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
		logger := slog.New(slog.NewTextHandler(&log, nil))
		l := &retryListener{Listener: &failingListener{times: 3, error: refused}, log: logger}
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

func TestAddress_AddsTheDefaultPort(t *testing.T) {
	t.Parallel()
	set := &cli.Streams{Environ: []string{"OP_HTTP_PORT=9000", "OP_HTTPS_PORT=9443"}}
	for _, test := range []struct {
		std    *cli.Streams
		addr   string
		secure bool
		want   string
	}{
		{set, "127.0.0.1:1", false, "127.0.0.1:1"},
		{set, "0.0.0.0", false, "0.0.0.0:9000"},
		{set, "0.0.0.0", true, "0.0.0.0:9443"},
		{&cli.Streams{}, "localhost", false, "localhost:8080"},
		{&cli.Streams{}, "[::1]", true, "[::1]:8443"},
		{&cli.Streams{}, ":0", false, ":0"},
		{&cli.Streams{}, "8080", false, ""},
		{&cli.Streams{}, "a:b:c", false, ""},
		{&cli.Streams{}, "127.0.0.1:http", false, ""},
		{&cli.Streams{Environ: []string{"OP_HTTP_PORT=x"}}, "127.0.0.1", false, ""},
	} {
		got, err := Address(test.std, test.addr, test.secure)
		if got != test.want || (err == nil) != (test.want != "") {
			t.Errorf("%s: %q, %v; want %q", test.addr, got, err, test.want)
		}
	}
}
