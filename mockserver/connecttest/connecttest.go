// Package connecttest gives Go tests a Connect server of their own: in memory,
// on a free port of loopback or without a socket at all, with the demo world,
// in a few milliseconds.
//
// Many tests can share one server: each makes a [Account] of its own in it, chosen
// by the token alone.
//
// It knows nothing of Connect clients: any of them works with URL and Token.
package connecttest

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/mockserver"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// Server is a running mock.
type Server struct {
	URL    string             // base address, no slash at its end; what clients call OP_CONNECT_HOST
	Token  string             // may read and write every vault of the first account
	Client *http.Client       // sends Token where a request has no Authorization of its own
	Mock   *mockserver.Server // the server itself: tokens, overview

	// Transport reaches the server and adds nothing to a request.
	Transport http.RoundTripper

	listener *httptest.Server // nil without a socket
}

// Option changes how a server is made.
type Option func(*settings)

type settings struct {
	config   mockserver.Config
	noSocket bool
}

// WithFixture starts from that world instead of the demo world.
func WithFixture(w *fixtures.Fixture) Option { return func(s *settings) { s.config.Fixture = w } }

// WithClock makes now the server's clock: timestamps, expiry, one-time codes.
func WithClock(now func() time.Time) Option { return func(s *settings) { s.config.Now = now } }

// WithSeed makes everything the server makes up the same for the same seed.
func WithSeed(seed uint64) Option { return func(s *settings) { s.config.Seed = seed } }

// WithQuirk selects a behaviour by name; see mockserver.Quirks.
func WithQuirk(name, value string) Option {
	return func(s *settings) {
		if s.config.Quirks == nil {
			s.config.Quirks = map[string]string{}
		}
		s.config.Quirks[name] = value
	}
}

// WithConnectVersion answers as that version of Connect, as "1.7.2"; see
// mockserver.VersionChanges. What WithQuirk selects counts before it.
func WithConnectVersion(version string) Option {
	return func(s *settings) { s.config.ConnectVersion = version }
}

// WithConfig changes anything else of the server's configuration.
func WithConfig(change func(*mockserver.Config)) Option {
	return func(s *settings) { change(&s.config) }
}

// WithoutSocket opens no port: only Client reaches the server.
func WithoutSocket() Option { return func(s *settings) { s.noSocket = true } }

// NewServer starts a server that ends with the test. It fails the test where it
// can't be started. Tests may run in parallel, each with a server of its own.
func NewServer(t testing.TB, options ...Option) *Server {
	t.Helper()
	s, err := Start(options...)
	if err != nil {
		t.Fatalf("connecttest: %v", err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("connecttest: %v", err)
		}
	})
	return s
}

// Start is NewServer where there is no test: in TestMain, in an example. Close
// must be called.
func Start(options ...Option) (*Server, error) {
	var set settings
	for _, option := range options {
		option(&set)
	}
	mock, err := mockserver.New(set.config)
	if err != nil {
		return nil, err
	}
	s := &Server{Mock: mock, URL: "http://connectmock.invalid"}
	if s.Token, err = mock.FirstToken(context.Background()); err != nil {
		return nil, errors.Join(err, mock.Close())
	}
	s.Transport = direct{mock}
	if !set.noSocket {
		s.listener = httptest.NewServer(mock)
		s.URL = s.listener.URL
		s.Transport = s.listener.Client().Transport
	}
	s.Client = &http.Client{Transport: bearer{s.Token, s.Transport}}
	return s, nil
}

// Close ends the server.
func (s *Server) Close() error {
	if s.listener != nil {
		s.listener.Close()
	}
	return s.Mock.Close()
}

// NewToken issues one more token and answers its value. It fails the test where
// it can't be issued.
func (s *Server) NewToken(t testing.TB, spec controlapi.Token) string {
	t.Helper()
	made, err := s.Mock.IssueToken(t.Context(), spec)
	if err != nil {
		t.Fatalf("connecttest: %v", err)
	}
	return made.Value
}

// bearer adds a token to requests that have none.
type bearer struct {
	token string
	next  http.RoundTripper
}

func (b bearer) RoundTrip(r *http.Request) (*http.Response, error) {
	if _, has := r.Header["Authorization"]; !has {
		r = r.Clone(r.Context())
		r.Header.Set("Authorization", "Bearer "+b.token)
	}
	return b.next.RoundTrip(r)
}
