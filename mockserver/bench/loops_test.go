package main

import (
	"bufio"
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

func TestQuantile_IsTheSmallestLatencyOfTheShare(t *testing.T) {
	t.Parallel()
	var hundred result
	for i := range 100 {
		hundred.latencies = append(hundred.latencies, time.Duration(i+1))
	}
	cases := []struct {
		of   result
		q    float64
		want time.Duration
	}{
		{result{}, 0.5, 0},
		{result{latencies: []time.Duration{7}}, 0, 7},
		{result{latencies: []time.Duration{7}}, 0.999, 7},
		{hundred, 0, 1},
		{hundred, 0.5, 50},
		{hundred, 0.99, 99},
		{hundred, 0.999, 100},
		{hundred, 1, 100},
	}
	for _, c := range cases {
		if got := c.of.quantile(c.q); got != c.want {
			t.Errorf("quantile %v of %d latencies is %d, want %d", c.q, len(c.of.latencies), got, c.want)
		}
	}
}

// Requests that are due while the only connection waits for a response are charged with that wait, which a closed loop
// leaves out.
func TestOpenLoop_CountsLatencyFromTheDueTime(t *testing.T) {
	t.Parallel()
	const requests, rate = 200, 1e6 // all are due long before the first had a response
	var arrived []time.Time         // one connection: one after the other
	slow := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		arrived = append(arrived, time.Now())
		w.Header().Set("Content-Length", "0")
	}))
	length := time.Duration(requests / rate * float64(time.Second))
	got, err := openLoop(t.Context(), slow.Listener.Addr().String(), 1, rate, length, same(get("/", "")))
	slow.Close() // its handlers are done
	if err != nil {
		t.Fatal(err)
	}
	if len(got.latencies) != requests || len(arrived) != requests {
		t.Fatalf("%d latencies, %d requests arrived, want %d", len(got.latencies), len(arrived), requests)
	}
	for n, got := range got.latencies {
		due := time.Duration(float64(n) / rate * float64(time.Second))
		if least := arrived[n].Sub(arrived[0]) - due; got < least {
			t.Errorf("latency %d is %s, though the request arrived %s after it was due", n, got, least)
		}
	}
}

func TestClosedLoop_CountsAllConnections(t *testing.T) {
	t.Parallel()
	var arrivals atomic.Int64
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if arrivals.Add(1) == 100 {
			cancel()
		}
		w.Header().Set("Content-Length", "3")
		_, _ = io.WriteString(w, "abc") // a client that is gone is got by the count
	}))
	defer s.Close()
	got, err := closedLoop(ctx, s.Listener.Addr().String(), 4, time.Hour, same(get("/", "")))
	if err != nil {
		t.Fatal(err)
	}
	if want := int(arrivals.Load()); got.responses != want || len(got.latencies) != want || got.bytes != int64(3*want) {
		t.Errorf("%d responses, %d latencies, %d bytes; the server got %d requests", got.responses, len(got.latencies),
			got.bytes, want)
	}
}

func TestReadResponse_ReadsSizeBodyAndTotal(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, sent string
		want       response
		err        string
	}{
		{"a body", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", response{size: 2, body: []byte("hi"), total: -1}, ""},
		{"a page", "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nContent-Range: 1-2/37\r\n\r\n[]", response{size: 2,
			body: []byte("[]"), total: 37}, ""},
		{"nothing", "HTTP/1.1 204 No Content\r\n\r\n", response{body: []byte{}, total: -1}, ""},
		{"a refusal", "HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nno", response{size: -1, total: -1}, "401"},
		{"no length", "HTTP/1.1 200 OK\r\n\r\n", response{size: -1, total: -1}, "without Content-Length"},
		{"half a body", "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhi", response{size: 4, total: -1}, "unexpected EOF"},
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
			got, err := readResponse(bufio.NewReader(here), true)
			if c.err != "" {
				if err == nil || !strings.Contains(err.Error(), c.err) {
					t.Fatalf("error %v, want one with %q", err, c.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got, cmp.AllowUnexported(response{})); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// noContentServer returns a connection to a server that responds with 204 to everything.
func noContentServer(t *testing.T) (*client, func()) {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter,
		_ *http.Request) {
		w.WriteHeader(http.StatusNoContent)
	}))
	c, err := dial(t.Context(), s.Listener.Addr().String())
	if err != nil {
		s.Close()
		t.Fatal(err)
	}
	return c, func() { _ = c.conn.Close(); s.Close() } // the connection ends either way
}
