package mock

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"strconv"
	"sync"
	"syscall"
	"time"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/cmd/connectmock/cliflag"
)

// openPort listens on a TCP address.
func openPort(std *cli.Streams, addr string) (net.Listener, error) {
	if std.Listen == nil {
		return net.Listen("tcp", addr)
	}
	return std.Listen(addr)
}

// listenError explains why the address of a flag can't be listened on, and what
// to do. An alternative is a further hint for a port that is taken.
func listenError(err error, addr, flag, alternative string) error {
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		host, _, _ := net.SplitHostPort(addr) // it was just used
		return fmt.Errorf("listen %s: the port is taken; choose another with %s %s (any free port)%s",
			addr, flag, net.JoinHostPort(host, "0"), alternative)
	case errors.Is(err, os.ErrPermission):
		return fmt.Errorf("listen %s: not permitted; ports below 1024 are usually kept for the system", addr)
	case errors.Is(err, syscall.EADDRNOTAVAIL):
		return fmt.Errorf("listen %s: this machine does not have the address;"+
			" listen on 127.0.0.1 for this machine alone, on 0.0.0.0 for all its addresses", addr)
	}
	return fmt.Errorf("listen %s: %w", addr, unwrapNetError(err))
}

// Address returns --addr, with the port of a real server [D] if it has none.
func Address(std *cli.Streams, addr string, secure bool) (string, error) {
	host, port, err := net.SplitHostPort(addr)
	if cliflag.IsPort(addr) {
		return "", addressError(addr)
	}
	if isMissingPort(err) {
		variable, standard := "OP_HTTP_PORT", "8080"
		if secure {
			variable, standard = "OP_HTTPS_PORT", "8443"
		}
		port = standard
		if given, set := std.Variable(variable); set {
			if !cliflag.IsPort(given) {
				return "", cli.Usage("%s: %q is not a port from 0 to 65535", variable, given)
			}
			port = given
		}
		return net.JoinHostPort(trimBrackets(addr), port), nil
	}
	if err != nil || !cliflag.IsPort(port) {
		return "", addressError(addr)
	}
	return net.JoinHostPort(host, port), nil
}

func addressError(addr string) error {
	return cli.Usage("--addr: %q is not HOST:PORT as 127.0.0.1:8080 or [::1]:8080, the port from 0 to 65535", addr)
}

func isMissingPort(err error) bool {
	missing := new(net.AddrError)
	return errors.As(err, &missing) && missing.Err == "missing port in address"
}

func trimBrackets(host string) string {
	if n := len(host); n > 1 && host[0] == '[' && host[n-1] == ']' {
		return host[1 : n-1]
	}
	return host
}

// baseURL returns the URL of a listener for clients on this machine. For one that
// listens on all addresses it is the loopback address.
func baseURL(l net.Listener, secure bool) string {
	scheme := "http"
	if secure {
		scheme = "https"
	}
	addr := l.Addr().(*net.TCPAddr) // openPort listens on TCP
	host := addr.IP.String()
	if addr.IP.IsUnspecified() {
		host = "127.0.0.1"
	}
	return scheme + "://" + net.JoinHostPort(host, strconv.Itoa(addr.Port))
}

// unwrapNetError removes the words that package net puts around an error.
func unwrapNetError(err error) error {
	if op := new(net.OpError); errors.As(err, &op) {
		return op.Err
	}
	return err
}

// retryListener waits while the system opens no more files, and logs that once.
// net/http waits too, but logs each attempt, dozens a second under load.
type retryListener struct {
	net.Listener
	log    *slog.Logger
	logged sync.Once
}

// acceptRetryDelay is the time between two attempts.
const acceptRetryDelay = 10 * time.Millisecond

// Accept waits for a connection.
func (l *retryListener) Accept() (net.Conn, error) {
	for {
		conn, err := l.Listener.Accept()
		if !errors.Is(err, syscall.EMFILE) && !errors.Is(err, syscall.ENFILE) {
			return conn, err
		}
		l.logged.Do(func() {
			l.log.Warn("no more files can be opened: new clients wait until others have gone;"+
				" raise the limit of open files (ulimit -n)", "error", unwrapNetError(err))
		})
		time.Sleep(acceptRetryDelay)
	}
}
