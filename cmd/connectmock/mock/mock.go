// Package mock starts a mock in this process from flags: its store, its listeners for Connect and for the control, and
// what it says about itself. It gives the console the suites that it can run. It does not know how Connect behaves: that
// is package mockserver.
package mock

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
	"github.com/connectmock/connectmock/cmd/connectmock/locate"
	"github.com/connectmock/connectmock/internal/environment"
	"github.com/connectmock/connectmock/internal/gather"
	"github.com/connectmock/connectmock/mockserver"
	"github.com/connectmock/connectmock/mockserver/console"
	"github.com/spf13/cobra"
)

// Mock is a server with its listeners.
type Mock struct {
	std         *cli.Streams
	settings    *Settings
	Server      *mockserver.Server
	http        *http.Server
	control     *controlServer // nil: off
	url         string
	Token       string                          // for clients: the first of --token, or one with all permissions
	consoleLink string                          // secret that opens the console once; empty: none
	console     atomic.Pointer[console.Console] // nil until its first request
	ended       chan error                      // receives the error of a listener that ended by itself

	Authority []byte // of the self-made certificate, PEM; nil without one
}

// Address returns where the mock is, for programs on this machine.
func (m *Mock) Address() environment.Server {
	s := environment.Server{Host: m.url, Token: m.Token}
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
func (s *Settings) plan(std *cli.Streams) (p startPlan, err error) {
	if p.config, err = s.config(); err != nil {
		return p, err
	}
	if err := p.config.Validate(); err != nil {
		return p, asUsageError(err)
	}
	if p.addr, err = Address(std, s.Addr, s.TLS.on()); err != nil {
		return p, err
	}
	if p.controlAddr, err = s.control.address(); err != nil {
		return p, err
	}
	if err = s.Console.check(p.controlAddr != ""); err != nil {
		return p, err
	}
	err = errors.Join(cli.CheckPlace("--ready-file", s.ReadyFile), cli.CheckPlace("--tls-cert-out", s.TLS.CertOut))
	if s.Store != mockserver.MemoryStore {
		err = errors.Join(err, cli.CheckPlace("--store", s.Store))
	}
	if err != nil {
		return p, err
	}
	host, _, _ := net.SplitHostPort(p.addr) // as address made it
	p.tls, p.authority, err = s.TLS.config(host, time.Now())
	return p, err
}

// Start starts a server. It first checks every flag, and listens before it opens
// the store, so that a taken port changes nothing.
func (s *Settings) Start(ctx context.Context, std *cli.Streams, logRequests bool) (*Mock, error) {
	p, err := s.plan(std)
	if err != nil {
		return nil, err
	}
	// Early, so that nobody takes the file of an earlier start for that of this one.
	if err := locate.RemoveReady(s.ReadyFile); err != nil {
		return nil, err
	}
	config := p.config
	config.Log = s.Log.logger(std.Err)
	if logRequests {
		config.OnResponse = s.Log.onResponse(std.Err, config.Log)
	}
	listener, err := openPort(std, p.addr)
	if err != nil {
		return nil, listenError(err, p.addr, "--addr", "")
	}
	m := &Mock{
		std: std, settings: s, url: baseURL(listener, p.tls != nil), ended: make(chan error, 2), Authority: p.authority,
	}
	if m.control, err = s.control.listen(std, p.controlAddr); err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	if err := s.TLS.writeAuthority(p.authority); err != nil {
		return nil, errors.Join(err, listener.Close(), m.control.close(s.Store))
	}
	progress := newProgress(std.Err, cli.IsTerminal(std.Err), time.Now)
	config.OnProgress = progress.report
	m.Server, err = mockserver.New(ctx, config)
	progress.end()
	if err != nil {
		return nil, errors.Join(s.explainStore(startError(ctx, asUsageError(err))), listener.Close(), m.control.close(s.Store))
	}
	if given := s.Tokens.List; len(given) > 0 {
		m.Token = given[0].Value
	} else if m.Token, err = m.Server.FirstToken(ctx); err != nil {
		return nil, errors.Join(err, listener.Close(), m.control.close(s.Store), m.Server.Close())
	}
	handler := http.Handler(m.Server)
	if s.Wrap != nil {
		handler = s.Wrap(handler)
	}
	m.http = m.newHTTP(m.withFront(handler))
	m.http.TLSConfig = p.tls
	go m.serveListener(m.http, listener, m.url)
	if err := errors.Join(m.serveControl(), m.warnFixtureIgnored(ctx), m.writeReady(ctx, s.ReadyFile)); err != nil {
		return nil, errors.Join(err, m.Close())
	}
	return m, nil
}

// asUsageError gives an error about the configuration of a server exit code 2.
func asUsageError(err error) error {
	if errors.As(err, new(*mockserver.ConfigError)) {
		return cli.AsUsageError(err)
	}
	return err
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
func (s *Settings) explainStore(err error) error {
	denied := errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS)
	if !denied || s.Store == mockserver.MemoryStore {
		return err
	}
	folder := filepath.Dir(s.Store)
	if abs, failed := filepath.Abs(folder); failed == nil {
		folder = abs
	}
	return cli.Usage("%w. The database and the files beside it are written by user %d: let that user write to %s, "+
		`run as the owner of that folder (in a container: docker run --user "$(id -u):$(id -g)"), `+
		"or keep nothing with --store %s",
		err, os.Getuid(), folder, mockserver.MemoryStore)
}

// serveListener serves a listener until it is closed.
func (m *Mock) serveListener(h *http.Server, l net.Listener, url string) {
	var err error
	l = &retryListener{Listener: l, log: m.settings.Log.logger(m.std.Err)}
	if h.TLSConfig != nil {
		err = h.ServeTLS(l, "", "")
	} else {
		err = h.Serve(gather.Listener{Listener: l})
	}
	m.ended <- fmt.Errorf("serving %s: %w", url, err)
}

// newHTTP returns a server without a limit on the time of a response: files may
// be large and clients slow.
func (m *Mock) newHTTP(handler http.Handler) *http.Server {
	return &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       2 * time.Minute,
		ConnContext:       gather.ConnContext,
		ErrorLog:          slog.NewLogLogger(m.settings.Log.logger(m.std.Err).Handler(), slog.LevelWarn),
	}
}

// Serve serves until ctx ends, then lets requests under way finish until the
// timeout.
func (m *Mock) Serve(ctx context.Context, timeout time.Duration) error {
	select {
	case err := <-m.ended:
		return errors.Join(err, m.Close())
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
		return errors.Join(fmt.Errorf("requests were still under way after %s and were cut off", timeout), m.Close())
	}
	return m.Close()
}

// Close ends everything at once.
func (m *Mock) Close() error {
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	m.stopConsole(ended)
	_ = m.http.Close() // nobody needs its listener and connections any more
	return errors.Join(m.removeOwnReady(), m.control.close(m.settings.Store), m.Server.Close())
}

// StartInMemory starts a mock in memory with the demo data, and with its control. The
// variables of serve have no effect on it. The caller must close it.
func StartInMemory(ctx context.Context, std *cli.Streams) (*Mock, error) {
	var s Settings
	s.Bind(&cobra.Command{}, "127.0.0.1:0", mockserver.MemoryStore, "127.0.0.1:0") // for the defaults
	s.Log.level = slog.LevelWarn
	return s.Start(ctx, std, false)
}

// CloseAfterRun closes a mock that a suite or a command has used. An error is only a
// message, because the run is done.
func (m *Mock) CloseAfterRun() {
	if err := m.Close(); err != nil {
		m.std.Say("%v", err)
	}
}

// warnFixtureIgnored warns if a fixture was named and not loaded, because the
// store had data.
func (m *Mock) warnFixtureIgnored(ctx context.Context) error {
	if m.settings.fixtureName() == demoName {
		return nil
	}
	status, err := m.Server.Status(ctx)
	if err == nil && !status.Seeded {
		m.std.Say("%s was kept as it was; %s was not loaded, --reset starts again from it",
			m.settings.Store, m.settings.fixtureName())
	}
	return err
}
