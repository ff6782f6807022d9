package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/connectmock/connectmock/mockserver"
)

// mock is a server that listens.
type mock struct {
	std      *streams
	settings *settings
	server   *mockserver.Server
	http     *http.Server
	control  *controlServer // nil where it is off
	url      string
	token    string     // the one to hand out
	ended    chan error // gets the error of a listener that ended by itself

	authority []byte // of the self-made certificate, PEM; nil without one
}

// start does everything up to the first answer. Every mistake in a flag is found
// first. The ports are tried before the store is opened, so that a taken port
// changes nothing.
func (s *settings) start(ctx context.Context, std *streams, logRequests bool) (*mock, error) {
	p, err := s.plan(std)
	if err != nil {
		return nil, err
	}
	// Early, so that nobody takes what an earlier start left for this one's.
	if err := removeReady(s.readyFile); err != nil {
		return nil, err
	}
	config := p.config
	config.Log = s.log.logger(std.err)
	if logRequests {
		config.OnResponse = s.log.onResponse(std.err, config.Log)
	}
	listener, err := listen(std, p.addr)
	if err != nil {
		return nil, err
	}
	m := &mock{std: std, settings: s, url: baseURL(listener, p.tls != nil), ended: make(chan error, 2), authority: p.authority}
	if m.control, err = s.control.listen(std, p.controlAddr); err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	if err := s.tls.writeAuthority(p.authority); err != nil {
		return nil, errors.Join(err, listener.Close(), m.control.close(s.store))
	}
	progress := newProgress(std.err, isTerminal(std.err), time.Now)
	config.OnProgress = progress.report
	m.server, err = mockserver.NewContext(ctx, config)
	progress.end()
	if err != nil {
		return nil, errors.Join(s.explainStore(startError(ctx, err)), listener.Close(), m.control.close(s.store))
	}
	if m.token, err = m.firstToken(ctx); err != nil {
		return nil, errors.Join(err, listener.Close(), m.control.close(s.store), m.server.Close())
	}
	m.http = m.newHTTP(m.server)
	m.http.TLSConfig = p.tls
	go m.serveListener(m.http, listener, m.url)
	if err := errors.Join(m.serveControl(), m.warnFixtureIgnored(ctx), m.writeReady(ctx, s.readyFile)); err != nil {
		return nil, errors.Join(err, m.close())
	}
	return m, nil
}

// startError says of a start that was given up what is left: nothing.
func startError(ctx context.Context, err error) error {
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		return errors.New("stopped before the server was up; nothing of a fixture that was being loaded was kept, the next start loads it again")
	}
	return err
}

// serveListener answers on a listener until it is closed.
func (m *mock) serveListener(h *http.Server, l net.Listener, url string) {
	var err error
	l = &retryListener{Listener: l, log: m.settings.log.logger(m.std.err)}
	if h.TLSConfig != nil {
		err = h.ServeTLS(l, "", "")
	} else {
		err = h.Serve(l)
	}
	m.ended <- fmt.Errorf("serving %s: %w", url, err)
}

// newHTTP has no limit on how long an answer takes: files may be large and
// clients slow.
func (m *mock) newHTTP(handler http.Handler) *http.Server {
	return &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       2 * time.Minute,
		ErrorLog:          slog.NewLogLogger(m.settings.log.logger(m.std.err).Handler(), slog.LevelWarn),
	}
}

// firstToken is the token that clients are given: the first of --token, else
// one of the store's that may do everything.
func (m *mock) firstToken(ctx context.Context) (string, error) {
	if given := m.settings.tokens.list; len(given) > 0 {
		return given[0].value, nil
	}
	return m.server.FirstToken(ctx)
}

// serve answers until ctx ends, then lets requests under way finish for as long
// as patience.
func (m *mock) serve(ctx context.Context, patience time.Duration) error {
	select {
	case err := <-m.ended:
		return errors.Join(err, m.close())
	case <-ctx.Done():
	}
	slow := time.AfterFunc(time.Second, func() {
		m.std.say("waiting up to %s for requests under way; once more to stop at once", patience)
	})
	defer slow.Stop()
	limit, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := m.http.Shutdown(limit); err != nil {
		return errors.Join(fmt.Errorf("requests were still under way after %s and were cut off", patience), m.close())
	}
	return m.close()
}

// close ends everything at once.
func (m *mock) close() error {
	_ = m.http.Close() // of listener and connections, which are of no use to anybody any more
	return errors.Join(m.removeOwnReady(), m.control.close(m.settings.store), m.server.Close())
}
