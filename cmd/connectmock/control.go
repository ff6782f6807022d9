package main

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"regexp"
	"strings"
	"sync"
	"syscall"

	"github.com/connectmock/connectmock/mockserver"
	"github.com/connectmock/connectmock/mockserver/control"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

const (
	controlOff  = "off"
	controlPort = "8081"
)

// controlSettings decide where a mock is scripted. That is a listener of its
// own, because the API's speaks Connect and nothing else.
type controlSettings struct {
	addr, token string
	hosts       words
	flag        *pflag.Flag // addr's, which knows whether somebody chose it
}

func (s *controlSettings) bind(c *cobra.Command, addr string) {
	f := c.Flags()
	f.StringVar(&s.addr, "control", addr, "`host:port` of the control, see connectmock ctl; or "+controlOff)
	bindOnlyVariable(f, "control", "CONNECTMOCK_CONTROL_ADDR") // CONNECTMOCK_CONTROL tells clients the URL
	f.StringVar(&s.token, "control-token", "", "`token` of the control; required if other machines can reach it (default random)")
	s.hosts.form = "name"
	f.Var(&s.hosts, "control-host", "further name that clients call the control's host by; more with commas, or several times")
	s.flag = f.Lookup("control")
}

// controlServer is where a mock is scripted.
type controlServer struct {
	listener net.Listener
	http     *http.Server // from serve on
	token    string
	given    bool // the token was chosen, so it need not be told
}

// url is where clients of this machine find it, "" where it is off.
func (c *controlServer) url() string {
	if c == nil {
		return ""
	}
	return baseURL(c.listener, false)
}

// listen opens an address that address returned; nil where the control is off.
func (s *controlSettings) listen(std *streams, addr string) (*controlServer, error) {
	if addr == "" {
		return nil, nil
	}
	c := &controlServer{token: s.token, given: s.token != ""}
	if !c.given {
		c.token = newControlToken()
	}
	var err error
	c.listener, err = std.openPort(addr)
	if !s.flag.Changed && errors.Is(err, syscall.EADDRINUSE) { // of another mock, most often
		host, _, _ := net.SplitHostPort(addr) // as address made it
		if c.listener, err = std.openPort(net.JoinHostPort(host, "0")); err == nil {
			std.say("%s is taken; the control is at %s", addr, c.url())
		}
	}
	if err != nil {
		return nil, listenError(err, addr, "--control", ", or "+controlOff)
	}
	return c, nil
}

// address is the one to listen on, "" where the control is off. Beyond this
// machine it needs a token that somebody chose: one by chance would be told in
// the log of the container, and who has it may do everything.
func (s *controlSettings) address() (string, error) {
	if s.token != "" && strings.ContainsFunc(s.token, func(r rune) bool { return r <= ' ' || r >= 0x7f }) {
		return "", usage("--control-token: it is ASCII without spaces") // without it: it is a secret
	}
	for _, host := range s.hosts.list {
		if !regexp.MustCompile(`^[A-Za-z0-9._\[\]:-]+$`).MatchString(host) {
			return "", usage("--control-host: %q is not the name of a host, as connect or mock.example.com", host)
		}
	}
	if s.addr == controlOff {
		return "", nil
	}
	host, port, err := net.SplitHostPort(s.addr)
	if missing := new(net.AddrError); errors.As(err, &missing) && missing.Err == "missing port in address" && !isPort(s.addr) {
		host, port, err = trimBrackets(s.addr), controlPort, nil
	}
	if err != nil || !isPort(port) || s.addr == "" {
		return "", usage("--control: %q is not HOST:PORT as 127.0.0.1:8081, the port from 0 to 65535, nor %s", s.addr, controlOff)
	}
	if !isLoopback(host) && s.token == "" {
		return "", usage("--control %s can be reached from other machines, and its token allows everything: choose one with --control-token, a random one would be printed to the log", s.addr)
	}
	return net.JoinHostPort(host, port), nil
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// names are those that requests may call the host by, beside loopback's.
func (s *controlSettings) names(c *controlServer) []string {
	names := s.hosts.list
	at := c.listener.Addr().(*net.TCPAddr) // as listen made it
	if at.IP.IsLoopback() {
		return names
	}
	if own, err := os.Hostname(); err == nil {
		names = append(names, own) // how other containers find this one
	}
	if !at.IP.IsUnspecified() {
		names = append(names, at.IP.String())
	}
	return names
}

// serveControl answers on the control's listener, and notes it beside the store
// for commands of this machine. The store is ours by now: a note that is there
// is that of an earlier server.
func (m *mock) serveControl() error {
	store := m.settings.store
	if m.control == nil {
		if store == mockserver.MemoryStore {
			return nil
		}
		return removeControl(store)
	}
	m.control.http = m.newHTTP(m.controlHandler())
	go m.serveListener(m.control.http, m.control.listener, m.control.url())
	if store == mockserver.MemoryStore {
		return nil
	}
	if err := m.control.note().write(store); err != nil {
		return fmt.Errorf("--control: %w", err)
	}
	return nil
}

// controlHandler is the control API, made when it is first asked for: reading its
// document takes longer than all else of a start, and most who start a mock
// never script it.
func (m *mock) controlHandler() http.Handler {
	log := m.settings.log.logger(m.std.err)
	names := m.settings.control.names(m.control)
	made := sync.OnceValues(func() (http.Handler, error) {
		return control.New(m.server, m.control.token, log, names...)
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		handler, err := made()
		if err != nil { // its document and its token were good when this was built, and started
			log.Error("the control can't be served", "error", err)
			http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
			return
		}
		handler.ServeHTTP(w, r)
	})
}

// close ends the control at once, and its note.
func (c *controlServer) close(store string) error {
	if c == nil {
		return nil
	}
	if c.http == nil {
		return c.listener.Close()
	}
	_ = c.http.Close() // of listener and connections, which are of no use to anybody any more
	if store == mockserver.MemoryStore {
		return nil
	}
	return c.note().removeOwn(store)
}

// note tells where the control is.
func (c *controlServer) note() controlNote { return controlNote{c.url(), c.token, os.Getpid()} }

func newControlToken() string {
	var raw [24]byte
	_, _ = rand.Read(raw[:]) // never fails
	return base64.RawURLEncoding.EncodeToString(raw[:])
}
