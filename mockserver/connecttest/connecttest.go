// Package connecttest starts Connect servers for Go tests: in memory, on a free loopback port or without a socket, with
// the demo fixture, in a few milliseconds.
//
// Tests can share one server: each creates an [Account] of its own, which its token selects.
//
// The package does not know any client of Connect: all of them work with URL and Token.
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

// Server is a running mock. Create one with [NewServer] or [Start].
type Server struct {
	URL    string             // base address without a slash at its end, as for OP_CONNECT_HOST
	Token  string             // can read and write every vault of the first account
	Client *http.Client       // sends Token where a request has no Authorization of its own
	Mock   *mockserver.Server // the server itself

	// Transport sends requests to the server unchanged.
	Transport http.RoundTripper

	listener *httptest.Server // nil without a socket
}

// Option changes how a server is started.
type Option func(*settings)

type settings struct {
	config   mockserver.Config
	noSocket bool
}

// WithFixture starts with a fixture instead of the demo fixture. Several servers may share it.
func WithFixture(f *fixtures.Fixture) Option { return func(s *settings) { s.config.Fixture = f } }

// WithClock sets the server's clock, which timestamps, expiry and one-time codes follow.
func WithClock(now func() time.Time) Option { return func(s *settings) { s.config.Now = now } }

// WithSeed makes the server generate the same values, such as ids and passwords, for the same seed.
func WithSeed(seed uint64) Option { return func(s *settings) { s.config.Seed = seed } }

// WithQuirk selects a behaviour by name. See [mockserver.Quirks] for names and values.
func WithQuirk(name, value string) Option {
	return func(s *settings) {
		if s.config.Quirks == nil {
			s.config.Quirks = map[string]string{}
		}
		s.config.Quirks[name] = value
	}
}

// WithConnectVersion makes the server behave as a version of Connect, such as "1.7.2". See [mockserver.VersionChanges].
// WithQuirk overrides it.
func WithConnectVersion(version string) Option {
	return func(s *settings) { s.config.ConnectVersion = version }
}

// WithConfig changes any member of the server's configuration.
func WithConfig(change func(*mockserver.Config)) Option {
	return func(s *settings) { change(&s.config) }
}

// WithoutSocket opens no port: only Client reaches the server.
func WithoutSocket() Option { return func(s *settings) { s.noSocket = true } }

// NewServer starts a server and closes it when the test ends. It fails the test if the server can't start. Tests may
// run in parallel, each with a server of its own.
func NewServer(t testing.TB, options ...Option) *Server {
	t.Helper()
	s, err := Start(options...)
	check(t, err)
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("connecttest: %v", err)
		}
	})
	return s
}

// Start starts a server without a test, as in TestMain or an example. Call Close when it is no longer needed.
func Start(options ...Option) (*Server, error) {
	var set settings
	for _, option := range options {
		option(&set)
	}
	mock, err := mockserver.New(context.Background(), set.config)
	if err != nil {
		return nil, err
	}
	s := &Server{Mock: mock, URL: "http://connectmock.invalid"}
	if s.Token, err = mock.FirstToken(context.Background()); err != nil {
		return nil, errors.Join(err, mock.Close())
	}
	s.Transport = handlerTransport{mock}
	if !set.noSocket {
		s.listener = httptest.NewServer(mock)
		s.URL = s.listener.URL
		s.Transport = s.listener.Client().Transport
	}
	s.Client = &http.Client{Transport: bearer{s.Token, s.Transport}}
	return s, nil
}

// Close stops the server and closes its store.
func (s *Server) Close() error {
	if s.listener != nil {
		s.listener.Close()
	}
	return s.Mock.Close()
}

// NewToken issues another token and returns its value. It fails the test if the server returns an error.
func (s *Server) NewToken(t testing.TB, spec controlapi.Token) string {
	t.Helper()
	issued, err := s.Mock.IssueToken(t.Context(), spec)
	check(t, err)
	return issued.Value
}

// bearer is a RoundTripper that adds a token to requests that have none.
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
