package main

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestQuantile(t *testing.T) {
	t.Parallel()
	var hundred result
	for i := range 100 {
		hundred.each = append(hundred.each, time.Duration(i+1))
	}
	cases := []struct {
		of   result
		q    float64
		want time.Duration
	}{
		{result{}, 0.5, 0},
		{result{each: []time.Duration{7}}, 0, 7},
		{result{each: []time.Duration{7}}, 0.999, 7},
		{hundred, 0, 1},
		{hundred, 0.5, 50},
		{hundred, 0.99, 99},
		{hundred, 0.999, 100},
		{hundred, 1, 100},
	}
	for _, c := range cases {
		if got := c.of.quantile(c.q); got != c.want {
			t.Errorf("quantile %v of %d latencies is %d, want %d", c.q, len(c.of.each), got, c.want)
		}
	}
}

// Requests that are due while the one connection waits for its answer must be
// charged that wait: it is what a closed loop leaves out.
func TestOpenCountsFromTheIntendedTime(t *testing.T) {
	t.Parallel()
	const requests, rate = 200, 1e6 // all are due long before the first was answered
	var arrived []time.Time         // one connection: one after the other
	slow := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		arrived = append(arrived, time.Now())
		w.Header().Set("Content-Length", "0")
	}))
	length := time.Duration(requests / rate * float64(time.Second))
	seen, err := open(t.Context(), slow.Listener.Addr().String(), 1, rate, length, always(get("/", "")))
	slow.Close() // its handlers are done
	if err != nil {
		t.Fatal(err)
	}
	if len(seen.each) != requests || len(arrived) != requests {
		t.Fatalf("%d latencies, %d requests arrived, want %d", len(seen.each), len(arrived), requests)
	}
	for n, got := range seen.each {
		due := time.Duration(float64(n) / rate * float64(time.Second))
		if least := arrived[n].Sub(arrived[0]) - due; got < least {
			t.Errorf("latency %d is %s, though the request arrived %s after it was due", n, got, least)
		}
	}
}

func TestClosedAddsUpAllConnections(t *testing.T) {
	t.Parallel()
	var asked atomic.Int64
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if asked.Add(1) == 100 {
			cancel()
		}
		w.Header().Set("Content-Length", "3")
		_, _ = io.WriteString(w, "abc") // a client that is gone is seen by the count
	}))
	defer s.Close()
	seen, err := closed(ctx, s.Listener.Addr().String(), 4, time.Hour, always(get("/", "")))
	if err != nil {
		t.Fatal(err)
	}
	if want := int(asked.Load()); seen.answers != want || len(seen.each) != want || seen.bytes != int64(3*want) {
		t.Errorf("%d answers, %d latencies, %d bytes; the server saw %d requests", seen.answers, len(seen.each), seen.bytes, want)
	}
}

func TestReadAnswer(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, sent string
		want       answer
		err        string
	}{
		{"a body", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", answer{bytes: 2, body: []byte("hi"), total: -1}, ""},
		{"a page", "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nContent-Range: 1-2/37\r\n\r\n[]", answer{bytes: 2, body: []byte("[]"), total: 37}, ""},
		{"nothing", "HTTP/1.1 204 No Content\r\n\r\n", answer{body: []byte{}, total: -1}, ""},
		{"a refusal", "HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nno", answer{}, "401"},
		{"no length", "HTTP/1.1 200 OK\r\n\r\n", answer{bytes: -1, total: -1}, "without Content-Length"},
		{"half a body", "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhi", answer{}, "unexpected EOF"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			here, there := net.Pipe()
			defer here.Close()
			go func() {
				_, _ = io.WriteString(there, c.sent) // the reader gives up on some
				_ = there.Close()
			}()
			got, err := readAnswer(newLine(here).in, true)
			if c.err != "" {
				if err == nil || !strings.Contains(err.Error(), c.err) {
					t.Fatalf("error %v, want one with %q", err, c.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got, cmp.AllowUnexported(answer{})); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// answering is a connection to a server that answers nothing but 204.
func answering(t *testing.T) (*line, func()) {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }))
	l, err := dial(t.Context(), s.Listener.Addr().String())
	if err != nil {
		s.Close()
		t.Fatal(err)
	}
	return l, func() { _ = l.conn.Close(); s.Close() } // the connection ends either way
}
