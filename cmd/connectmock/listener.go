package main

import (
	"errors"
	"log/slog"
	"net"
	"sync"
	"syscall"
	"time"
)

// retryListener is a listener that waits where the system opens no more files, and
// tells it once. net/http waits too, but writes a line for each time that it
// finds none, which is dozens a second while clients come and go.
type retryListener struct {
	net.Listener
	log  *slog.Logger
	told sync.Once
}

// acceptRetryDelay is how long to leave a system alone that opens no more files.
const acceptRetryDelay = 10 * time.Millisecond

// Accept waits for a connection, and for a file to have it in.
func (l *retryListener) Accept() (net.Conn, error) {
	for {
		conn, err := l.Listener.Accept()
		if !errors.Is(err, syscall.EMFILE) && !errors.Is(err, syscall.ENFILE) {
			return conn, err
		}
		l.told.Do(func() {
			l.log.Warn("no more files can be opened: new clients wait until others have gone; raise the limit of open files (ulimit -n)", "error", unwrapNetError(err))
		})
		time.Sleep(acceptRetryDelay)
	}
}
