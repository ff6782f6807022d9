package mock

import (
	"context"
	"net"
	"net/http"
	"os/exec"
	"runtime"
	"sync"

	"github.com/connectmock/connectmock/cmd/connectmock/buildinfo"
	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/cmd/connectmock/cliflag"
	"github.com/connectmock/connectmock/cmd/connectmock/locate"
	"github.com/connectmock/connectmock/mockserver/console"
	"github.com/connectmock/connectmock/mockserver/control"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// consoleSettings are the flags for the console. It is on the listener of the
// control.
type consoleSettings struct {
	on   cliflag.OnOff // the zero value is off
	open bool
	flag *pflag.Flag // of on; nil: the command has no console
}

// Bind adds the flags to a command.
func (s *consoleSettings) Bind(c *cobra.Command) {
	s.on = true
	f := c.Flags()
	f.Var(&s.on, "console", "the console for browsers, on the address of the control: on, or off")
	f.BoolVar(&s.open, "open", false, "open the console in a browser")
	s.flag = f.Lookup("console")
	_ = c.RegisterFlagCompletionFunc("console", cobra.FixedCompletions([]string{"on", "off"}, cobra.ShellCompDirectiveNoFileComp))
}

// check checks the flags, and turns the console off if there is no control.
func (s *consoleSettings) check(hasControl bool) error {
	switch {
	case !hasControl && bool(s.on) && s.flag != nil && s.flag.Changed:
		return cli.Usage("--console on: the console is part of the control; leave out --control %s", locate.ControlOff)
	case s.open && (!hasControl || !bool(s.on)):
		return cli.Usage("--open: there is no console to open; leave out --console off and --control %s", locate.ControlOff)
	}
	s.on = s.on && cliflag.OnOff(hasControl)
	return nil
}

// consoleAddress returns the address of the console, with the secret that opens it
// once. It is empty if the console is off.
func (m *Mock) consoleAddress() string {
	if !m.settings.Console.on {
		return ""
	}
	return console.Address(m.control.url(), m.consoleLink)
}

// newConsoleLink returns a secret that opens the console once. It is empty if other
// machines can reach the console: what a container prints is kept, and read by
// others, so they sign in with the control token, which the user chose.
func (m *Mock) newConsoleLink() string {
	addr := m.control.listener.Addr().(*net.TCPAddr) // openPort listens on TCP
	if !bool(m.settings.Console.on) || !addr.IP.IsLoopback() {
		return ""
	}
	return console.NewLink()
}

// consoleHandler returns a handler of the control API and the console. Each is
// created at its first request: that takes longer than all else of a start, and
// most mocks are never scripted.
func (m *Mock) consoleHandler() http.Handler {
	log := m.settings.Log.logger(m.std.Err)
	names := m.settings.control.names(m.control)
	api := m.createLater("control", func() (http.Handler, error) {
		return control.New(m.Server, m.control.token, log, names...)
	})
	if !m.settings.Console.on {
		return api
	}
	pages := m.createLater("console", func() (http.Handler, error) {
		c, err := console.New(console.Options{
			Server: m.Server, Link: m.consoleLink, ControlToken: m.control.token, Hosts: names, Log: log, About: m.about(),
			Suites: m.consoleSuites(),
		})
		if err == nil {
			m.console.Store(c)
		}
		return c, err
	})
	return console.Beside(pages, api)
}

// stopConsole stops what the console runs, and waits until that has cleaned up or ctx ends.
func (m *Mock) stopConsole(ctx context.Context) {
	c := m.console.Load()
	if c == nil {
		return
	}
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		c.Close()
	}()
	select {
	case <-stopped:
	case <-ctx.Done():
	}
}

// about describes the mock for its console.
func (m *Mock) about() console.About {
	return console.About{
		Build: buildinfo.Read().Version, URL: m.url, Control: m.control.url(), Store: m.settings.Store,
		Document: m.settings.documentName(), Token: m.Token,
	}
}

// withFront returns a handler that serves a page to browsers that open the address
// of Connect.
func (m *Mock) withFront(connect http.Handler) http.Handler {
	if !m.settings.Console.on {
		return console.Front(connect, "")
	}
	return console.Front(connect, console.Address(m.control.url(), ""))
}

// createLater returns a handler that creates another one at its first request.
func (m *Mock) createLater(name string, create func() (http.Handler, error)) http.Handler {
	created := sync.OnceValues(create)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		handler, err := created()
		if err != nil { // not expected: tests create both, and address checked the token
			m.settings.Log.logger(m.std.Err).Error("the "+name+" can't be served", "error", err)
			http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
			return
		}
		handler.ServeHTTP(w, r)
	})
}

// OpenConsole opens the console in the user's browser. That it can't is no error:
// the banner has the address.
func (m *Mock) OpenConsole() {
	if !m.settings.Console.open {
		return
	}
	command := openCommand(runtime.GOOS, m.consoleAddress())
	if err := command.Start(); err != nil {
		m.std.Say("no browser was opened: %v; open the address of the console yourself", err)
		return
	}
	go func() {
		if err := command.Wait(); err != nil {
			m.std.Say("no browser was opened: %s: %v; open the address of the console yourself", command.Args[0], err)
		}
	}()
}

// openCommand returns the command that opens an address in the browser of a system.
func openCommand(system, address string) *exec.Cmd {
	switch system {
	case "darwin":
		return exec.Command("open", address)
	case "windows":
		return exec.Command("rundll32", "url.dll,FileProtocolHandler", address)
	}
	return exec.Command("xdg-open", address)
}
