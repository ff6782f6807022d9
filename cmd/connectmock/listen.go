package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"syscall"
)

// openPort listens on a TCP address.
func (std *streams) openPort(addr string) (net.Listener, error) {
	if std.listen == nil {
		return net.Listen("tcp", addr)
	}
	return std.listen(addr)
}

// listen opens the address. Its errors say which and what to do.
func listen(std *streams, addr string) (net.Listener, error) {
	l, err := std.openPort(addr)
	if err != nil {
		return nil, listenError(err, addr, "--addr", "")
	}
	return l, nil
}

// listenError is why the address of a flag can't be listened on, and what to
// do.
func listenError(err error, addr, flag, otherwise string) error {
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		host, _, _ := net.SplitHostPort(addr) // it was just used
		return fmt.Errorf("listen %s: the port is taken; choose another with %s %s (any free port)%s",
			addr, flag, net.JoinHostPort(host, "0"), otherwise)
	case errors.Is(err, os.ErrPermission):
		return fmt.Errorf("listen %s: not permitted; ports below 1024 are usually kept for the system", addr)
	case errors.Is(err, syscall.EADDRNOTAVAIL):
		return fmt.Errorf("listen %s: this machine has no such address; 127.0.0.1 is itself, 0.0.0.0 all it has", addr)
	}
	return fmt.Errorf("listen %s: %w", addr, unwrapNetError(err))
}

// address is --addr with the port that a real server would listen on where it
// has none [D].
func address(std *streams, addr string, secure bool) (string, error) {
	host, port, err := net.SplitHostPort(addr)
	if isPort(addr) {
		return "", addressError(addr)
	}
	if missing := new(net.AddrError); errors.As(err, &missing) && missing.Err == "missing port in address" {
		variable, standard := "OP_HTTP_PORT", "8080"
		if secure {
			variable, standard = "OP_HTTPS_PORT", "8443"
		}
		port = standard
		if given, set := std.variable(variable); set {
			if !isPort(given) {
				return "", usage("%s: %q is not a port from 0 to 65535", variable, given)
			}
			port = given
		}
		return net.JoinHostPort(trimBrackets(addr), port), nil
	}
	if err != nil || !isPort(port) {
		return "", addressError(addr)
	}
	return net.JoinHostPort(host, port), nil
}

func addressError(addr string) error {
	return usage("--addr: %q is not HOST:PORT as 127.0.0.1:8080 or [::1]:8080, the port from 0 to 65535", addr)
}

func isPort(text string) bool {
	_, err := strconv.ParseUint(text, 10, 16)
	return err == nil
}

func trimBrackets(host string) string {
	if n := len(host); n > 1 && host[0] == '[' && host[n-1] == ']' {
		return host[1 : n-1]
	}
	return host
}

// baseURL is where clients of this machine find the listener: one that listens
// everywhere is found at the loopback.
func baseURL(l net.Listener, secure bool) string {
	scheme := "http"
	if secure {
		scheme = "https"
	}
	at := l.Addr().(*net.TCPAddr) // as listen made it
	host := at.IP.String()
	if at.IP.IsUnspecified() {
		host = "127.0.0.1"
	}
	return scheme + "://" + net.JoinHostPort(host, strconv.Itoa(at.Port))
}

// unwrapNetError is an error without the words that net puts around it.
func unwrapNetError(err error) error {
	if op := new(net.OpError); errors.As(err, &op) {
		return op.Err
	}
	return err
}
