package mock

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"syscall"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/cmd/connectmock/cliflag"
	"github.com/connectmock/connectmock/cmd/connectmock/locate"
	"github.com/connectmock/connectmock/mockserver"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// ControlPort is the port of the control, unless another is chosen.
const ControlPort = "8081"

// controlSettings are the flags for the control. It has a listener of its own,
// because the other one speaks Connect and nothing else.
type controlSettings struct {
	addr, token string
	hosts       cliflag.Words
	flag        *pflag.Flag // of addr; it knows whether the address was chosen
}

func (s *controlSettings) bind(c *cobra.Command, addr string) {
	f := c.Flags()
	f.StringVar(&s.addr, "control", addr, "`host:port` of the control, see connectmock ctl; or "+locate.ControlOff)
	cliflag.BindOnlyVariable(f, "control", "CONNECTMOCK_CONTROL_ADDR") // CONNECTMOCK_CONTROL is the URL for clients
	f.StringVar(&s.token, "control-token", "",
		"`token` of the control; required if other machines can reach it (default random)")
	s.hosts.Form = "name"
	f.Var(&s.hosts, "control-host", "another host name by which clients reach the control; "+cliflag.Repeatable)
	s.flag = f.Lookup("control")
}

// controlServer serves the control of a mock. Nil means that the control is off.
type controlServer struct {
	listener    net.Listener
	http        *http.Server // nil before it serves
	token       string
	chosenToken bool // by the user, so it need not be printed
	file        locate.ControlFile
}

// url returns the URL of the control for clients on this machine, an empty text
// if the control is off.
func (c *controlServer) url() string {
	if c == nil {
		return ""
	}
	return baseURL(c.listener, false)
}

// listen listens on an address that method address returned. It returns nil if
// the control is off.
func (s *controlSettings) listen(std *cli.Streams, addr string) (*controlServer, error) {
	if addr == "" {
		return nil, nil
	}
	c := &controlServer{token: s.token, chosenToken: s.token != ""}
	if !c.chosenToken {
		var raw [24]byte
		_, _ = rand.Read(raw[:]) // never fails
		c.token = base64.RawURLEncoding.EncodeToString(raw[:])
	}
	var err error
	c.listener, err = openPort(std, addr)
	if !s.flag.Changed && errors.Is(err, syscall.EADDRINUSE) { // most often by another mock
		host, _, _ := net.SplitHostPort(addr) // as method address made it
		if c.listener, err = openPort(std, net.JoinHostPort(host, "0")); err == nil {
			std.Say("%s is taken; the control is at %s", addr, c.url())
		}
	}
	if err != nil {
		return nil, listenError(err, addr, "--control", ", or "+locate.ControlOff)
	}
	return c, nil
}

// address returns the address to listen on, an empty text if the control is off.
// If other machines can reach it the user must choose the token: a random one
// would be printed to the log of a container, and it allows everything.
func (s *controlSettings) address() (string, error) {
	if !isHeaderWord(s.token) {
		return "", cli.Usage("--control-token: it is ASCII without spaces") // not shown: it is a secret
	}
	for _, host := range s.hosts.List {
		if !regexp.MustCompile(`^[A-Za-z0-9._\[\]:-]+$`).MatchString(host) {
			return "", cli.Usage("--control-host: %q is not the name of a host, as connect or mock.example.com", host)
		}
	}
	if s.addr == locate.ControlOff {
		return "", nil
	}
	host, port, err := net.SplitHostPort(s.addr)
	if isMissingPort(err) && !cliflag.IsPort(s.addr) {
		host, port, err = trimBrackets(s.addr), ControlPort, nil
	}
	isSwitch := slices.Contains([]string{"on", "yes", "true"}, strings.ToLower(host))
	if err != nil || !cliflag.IsPort(port) || s.addr == "" || isSwitch {
		return "", cli.Usage("--control: %q is not HOST:PORT as 127.0.0.1:8081, the port from 0 to 65535, nor %s",
			s.addr, locate.ControlOff)
	}
	if !locate.IsLoopback(host) && s.token == "" {
		return "", cli.Usage("--control %s can be reached from other machines, and its token allows everything:"+
			" choose one with --control-token, a random one would be printed to the log", s.addr)
	}
	return net.JoinHostPort(host, port), nil
}

// names returns the host names that requests may use, besides those of the
// loopback.
func (s *controlSettings) names(c *controlServer) []string {
	names := s.hosts.List
	addr := c.listener.Addr().(*net.TCPAddr) // openPort listens on TCP
	if addr.IP.IsLoopback() {
		return names
	}
	if own, err := os.Hostname(); err == nil {
		names = append(names, own) // the name of this container for others
	}
	if !addr.IP.IsUnspecified() {
		names = append(names, addr.IP.String())
	}
	return names
}

// serveControl starts to serve the control, and writes the control file of the
// store. The store is locked by now: an existing control file is of a server that
// has ended.
func (m *Mock) serveControl() error {
	store := m.settings.Store
	if m.control == nil {
		if store == mockserver.MemoryStore {
			return nil
		}
		return locate.RemoveControlFile(store)
	}
	m.consoleLink = m.newConsoleLink()
	m.control.http = m.newHTTP(m.consoleHandler())
	go m.serveListener(m.control.http, m.control.listener, m.control.url())
	if store == mockserver.MemoryStore {
		return nil
	}
	m.control.file = locate.ControlFile{
		URL: m.control.url(), Token: m.control.token, PID: os.Getpid(),
		Host: m.url, ClientToken: m.Token, Authority: string(m.Authority),
	}
	if err := m.control.file.Write(store); err != nil {
		return fmt.Errorf("--control: %w", err)
	}
	return nil
}

// close ends the control at once, and removes its file.
func (c *controlServer) close(store string) error {
	if c == nil {
		return nil
	}
	if c.http == nil {
		return c.listener.Close()
	}
	_ = c.http.Close() // nobody needs its listener and connections any more
	if store == mockserver.MemoryStore {
		return nil
	}
	return c.file.RemoveOwn(store)
}
