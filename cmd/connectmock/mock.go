package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/internal/environment"
	"github.com/connectmock/connectmock/mockserver"
	"github.com/connectmock/connectmock/mockserver/console"
	"github.com/spf13/cobra"
)

// mock is a server with its listeners.
type mock struct {
	std         *cli.Streams
	settings    *settings
	server      *mockserver.Server
	http        *http.Server
	control     *controlServer // nil: off
	url         string
	token       string                          // for clients: the first of --token, or one with all permissions
	consoleLink string                          // secret that opens the console once; empty: none
	console     atomic.Pointer[console.Console] // nil until its first request
	ended       chan error                      // receives the error of a listener that ended by itself

	authority []byte // of the self-made certificate, PEM; nil without one
}

// address returns where the mock is, for programs on this machine.
func (m *mock) address() environment.Server {
	s := environment.Server{Host: m.url, Token: m.token}
	if m.control != nil {
		s.Control, s.ControlToken = m.control.url(), m.control.token
	}
	return s
}

// startPlan is the result of checking all flags of a start.
type startPlan struct {
	config            mockserver.Config
	addr, controlAddr string      // controlAddr is empty if the control is off
	tls               *tls.Config // nil for plain HTTP
	authority         []byte      // of a self-made certificate, PEM
}

// plan checks every flag. It reads files; it does not listen, write or remove
// anything.
func (s *settings) plan(std *cli.Streams) (p startPlan, err error) {
	if p.config, err = s.config(); err != nil {
		return p, err
	}
	if err := p.config.Validate(); err != nil {
		return p, err
	}
	if p.addr, err = address(std, s.addr, s.tls.on()); err != nil {
		return p, err
	}
	if p.controlAddr, err = s.control.address(); err != nil {
		return p, err
	}
	if err = s.console.check(p.controlAddr != ""); err != nil {
		return p, err
	}
	err = errors.Join(cli.CheckPlace("--ready-file", s.readyFile), cli.CheckPlace("--tls-cert-out", s.tls.certOut))
	if s.store != mockserver.MemoryStore {
		err = errors.Join(err, cli.CheckPlace("--store", s.store))
	}
	if err != nil {
		return p, err
	}
	host, _, _ := net.SplitHostPort(p.addr) // as address made it
	p.tls, p.authority, err = s.tls.config(host, time.Now())
	return p, err
}

// start starts a server. It first checks every flag, and listens before it opens
// the store, so that a taken port changes nothing.
func (s *settings) start(ctx context.Context, std *cli.Streams, logRequests bool) (*mock, error) {
	p, err := s.plan(std)
	if err != nil {
		return nil, err
	}
	// Early, so that nobody takes the file of an earlier start for that of this one.
	if err := removeReady(s.readyFile); err != nil {
		return nil, err
	}
	config := p.config
	config.Log = s.log.logger(std.Err)
	if logRequests {
		config.OnResponse = s.log.onResponse(std.Err, config.Log)
	}
	listener, err := openPort(std, p.addr)
	if err != nil {
		return nil, listenError(err, p.addr, "--addr", "")
	}
	m := &mock{
		std: std, settings: s, url: baseURL(listener, p.tls != nil), ended: make(chan error, 2), authority: p.authority,
	}
	if m.control, err = s.control.listen(std, p.controlAddr); err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	if err := s.tls.writeAuthority(p.authority); err != nil {
		return nil, errors.Join(err, listener.Close(), m.control.close(s.store))
	}
	progress := newProgress(std.Err, cli.IsTerminal(std.Err), time.Now)
	config.OnProgress = progress.report
	m.server, err = mockserver.New(ctx, config)
	progress.end()
	if err != nil {
		return nil, errors.Join(s.explainStore(startError(ctx, err)), listener.Close(), m.control.close(s.store))
	}
	if given := s.tokens.List; len(given) > 0 {
		m.token = given[0].Value
	} else if m.token, err = m.server.FirstToken(ctx); err != nil {
		return nil, errors.Join(err, listener.Close(), m.control.close(s.store), m.server.Close())
	}
	handler := http.Handler(m.server)
	if s.wrap != nil {
		handler = s.wrap(handler)
	}
	m.http = m.newHTTP(m.withFront(handler))
	m.http.TLSConfig = p.tls
	go m.serveListener(m.http, listener, m.url)
	if err := errors.Join(m.serveControl(), m.warnFixtureIgnored(ctx), m.writeReady(ctx, s.readyFile)); err != nil {
		return nil, errors.Join(err, m.close())
	}
	return m, nil
}

// startError adds to the error of a start that was stopped that nothing is left
// of it.
func startError(ctx context.Context, err error) error {
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		return errors.New("stopped before the server was up; nothing of a fixture that was being loaded was kept," +
			" the next start loads it again")
	}
	return err
}

// explainStore adds to the error about a store that can't be written how to mend
// that.
func (s *settings) explainStore(err error) error {
	denied := errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS)
	if !denied || s.store == mockserver.MemoryStore {
		return err
	}
	folder := filepath.Dir(s.store)
	if abs, failed := filepath.Abs(folder); failed == nil {
		folder = abs
	}
	return cli.Usage("%w. The database and the files beside it are written by user %d: let that user write to %s, "+
		`run as the owner of that folder (in a container: docker run --user "$(id -u):$(id -g)"), `+
		"or keep nothing with --store %s",
		err, os.Getuid(), folder, mockserver.MemoryStore)
}

// serveListener serves a listener until it is closed.
func (m *mock) serveListener(h *http.Server, l net.Listener, url string) {
	var err error
	l = &retryListener{Listener: l, log: m.settings.log.logger(m.std.Err)}
	if h.TLSConfig != nil {
		err = h.ServeTLS(l, "", "")
	} else {
		err = h.Serve(l)
	}
	m.ended <- fmt.Errorf("serving %s: %w", url, err)
}

// newHTTP returns a server without a limit on the time of a response: files may
// be large and clients slow.
func (m *mock) newHTTP(handler http.Handler) *http.Server {
	return &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       2 * time.Minute,
		ErrorLog:          slog.NewLogLogger(m.settings.log.logger(m.std.Err).Handler(), slog.LevelWarn),
	}
}

// serve serves until ctx ends, then lets requests under way finish until the
// timeout.
func (m *mock) serve(ctx context.Context, timeout time.Duration) error {
	select {
	case err := <-m.ended:
		return errors.Join(err, m.close())
	case <-ctx.Done():
	}
	slow := time.AfterFunc(time.Second, func() {
		m.std.Say("waiting up to %s for requests under way; once more to stop at once", timeout)
	})
	defer slow.Stop()
	limit, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	m.stopConsole(limit)
	if err := m.http.Shutdown(limit); err != nil {
		return errors.Join(fmt.Errorf("requests were still under way after %s and were cut off", timeout), m.close())
	}
	return m.close()
}

// close ends everything at once.
func (m *mock) close() error {
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	m.stopConsole(ended)
	_ = m.http.Close() // nobody needs its listener and connections any more
	return errors.Join(m.removeOwnReady(), m.control.close(m.settings.store), m.server.Close())
}

// startInMemory starts a mock in memory with the demo data, and with its control. The
// variables of serve have no effect on it. The caller must close it.
func startInMemory(ctx context.Context, std *cli.Streams) (*mock, error) {
	var s settings
	s.bind(&cobra.Command{}, "127.0.0.1:0", mockserver.MemoryStore, "127.0.0.1:0") // for the defaults
	s.log.level = slog.LevelWarn
	return s.start(ctx, std, false)
}

// closeAfterRun closes a mock that a suite or a command has used. An error is only a
// message, because the run is done.
func (m *mock) closeAfterRun() {
	if err := m.close(); err != nil {
		m.std.Say("%v", err)
	}
}

// warnFixtureIgnored warns if a fixture was named and not loaded, because the
// store had data.
func (m *mock) warnFixtureIgnored(ctx context.Context) error {
	if m.settings.fixtureName() == demoName {
		return nil
	}
	status, err := m.server.Status(ctx)
	if err == nil && !status.Seeded {
		m.std.Say("%s was kept as it was; %s was not loaded, --reset starts again from it",
			m.settings.store, m.settings.fixtureName())
	}
	return err
}
