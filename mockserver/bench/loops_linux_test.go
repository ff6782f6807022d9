package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strconv"
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
	got, err := load{addr: slow.Listener.Addr().String(), conns: 1, rate: rate, length: requests * time.Microsecond,
		next: same(get("/", ""))}.run(t.Context())
	slow.Close() // its handlers are done
	if err != nil {
		t.Fatal(err)
	}
	if len(got.latencies) != requests || len(arrived) != requests {
		t.Fatalf("%d latencies, %d requests arrived, want %d", len(got.latencies), len(arrived), requests)
	}
	var least []time.Duration // the latencies are sorted
	for n := range requests {
		least = append(least, arrived[n].Sub(arrived[0])-time.Duration(float64(n)/rate*float64(time.Second)))
	}
	slices.Sort(least)
	for n, got := range got.latencies {
		if got < least[n] {
			t.Errorf("latency %d is %s, though a request arrived %s after it was due", n, got, least[n])
		}
	}
}

// Bodies arrive in several parts, larger than what is read at once, and are thrown away or read whole.
func TestClosedLoop_CountsAllConnections(t *testing.T) {
	t.Parallel()
	for _, size := range []int{0, 3, 100_000} {
		for _, isRead := range []bool{false, true} {
			t.Run(fmt.Sprint(size, " bytes, read: ", isRead), func(t *testing.T) {
				t.Parallel()
				body := strings.Repeat("x", size)
				var arrivals atomic.Int64
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
					if arrivals.Add(1) == 100 {
						cancel()
					}
					w.Header().Set("Content-Length", strconv.Itoa(size))
					_, _ = io.WriteString(w, body) // a client that is gone is got by the count
				}))
				defer s.Close()
				l := load{addr: s.Listener.Addr().String(), conns: 4, length: time.Hour, next: same(get("/", ""))}
				read := 0
				if isRead {
					l.onResponse = func(request, got []byte) error {
						if !bytes.HasPrefix(request, []byte("GET / ")) || string(got) != body {
							return fmt.Errorf("%d bytes for %q", len(got), request)
						}
						read++
						return nil
					}
				}
				got, err := l.run(ctx)
				if !errors.Is(err, context.Canceled) {
					t.Fatal(err)
				}
				want := int(arrivals.Load())
				if got.responses != want || len(got.latencies) != want || got.bytes != int64(size*want) || isRead && read != want {
					t.Errorf("%d responses, %d latencies, %d bytes, %d read; the server got %d requests", got.responses,
						len(got.latencies), got.bytes, read, want)
				}
			})
		}
	}
}

func TestRun_FailsForARefusal(t *testing.T) {
	t.Parallel()
	s := httptest.NewServer(http.NotFoundHandler())
	defer s.Close()
	_, err := load{addr: s.Listener.Addr().String(), conns: 2, length: time.Hour, next: same(get("/", ""))}.run(t.Context())
	if err == nil || !strings.Contains(err.Error(), "404 Not Found") {
		t.Errorf("error %v, want one with the status", err)
	}
}

func TestProcessorTime_IsKnownOfOtherProcesses(t *testing.T) {
	t.Parallel()
	if own, parent := processorTime(os.Getpid()), processorTime(os.Getppid()); own <= 0 || parent <= 0 {
		t.Errorf("own %s, parent %s", own, parent)
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
		{"a page", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Range: 1-2/37\r\n\r\n[]", response{size: 2,
			body: []byte("[]"), total: 37}, ""},
		{"nothing", "HTTP/1.1 204 No Content\r\n\r\n", response{body: []byte{}, total: -1}, ""},
		{"a refusal", "HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nno", response{size: -1, total: -1}, "401"},
		{"no length", "HTTP/1.1 200 OK\r\n\r\n", response{size: -1, total: -1}, "without Content-Length"},
		{"half a body", "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhi", response{}, "unexpected EOF"},
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
			got, err := readResponse(bufio.NewReader(here))
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
