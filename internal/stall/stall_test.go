package stall_test

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/connectmock/connectmock/internal/stall"
	"github.com/google/go-cmp/cmp"
)

// connection is a ResponseWriter that records its deadlines.
type connection struct {
	http.ResponseWriter
	deadlines []time.Duration // after the start; -1: none
	start     time.Time
}

func (c *connection) set(at time.Time) error {
	after := time.Duration(-1)
	if !at.IsZero() {
		after = at.Sub(c.start)
	}
	c.deadlines = append(c.deadlines, after)
	return nil
}

func (c *connection) SetReadDeadline(at time.Time) error  { return c.set(at) }
func (c *connection) SetWriteDeadline(at time.Time) error { return c.set(at) }

// clock advances by a step at each call of Now.
type clock struct {
	now  time.Time
	step time.Duration
}

func (c *clock) Now() time.Time { c.now = c.now.Add(c.step); return c.now }

// slow returns one byte at a time, and err at the end.
type slow struct {
	io.Reader
	err error
}

func (s slow) Read(b []byte) (int, error) {
	n, err := s.Reader.Read(b[:1])
	if err == io.EOF {
		err = s.err
	}
	return n, err
}

func (slow) Close() error { return nil }

func newConnection(c *clock) *connection {
	return &connection{ResponseWriter: httptest.NewRecorder(), start: c.now}
}

func request(body io.ReadCloser) *http.Request {
	return &http.Request{Body: body}
}

func TestReader_GivesEachReadTheWholePause(t *testing.T) {
	t.Parallel()
	c := &clock{now: time.Unix(0, 0), step: 4 * time.Second}
	w := newConnection(c)
	r := stall.NewReader(w, request(slow{strings.NewReader("abc"), io.EOF}), stall.Limits{Pause: 10 * time.Second, Now: c.Now})
	if got, err := io.ReadAll(r); string(got) != "abc" || err != nil {
		t.Error(string(got), err)
	}
	const s = time.Second
	if diff := cmp.Diff([]time.Duration{18 * s, 26 * s, 34 * s, 42 * s, -1}, w.deadlines); diff != "" {
		t.Error(diff)
	}
}

func TestReader_DistinguishesPausesFromOtherErrors(t *testing.T) {
	t.Parallel()
	other := errors.New("other")
	for name, c := range map[string]struct {
		err, want error
		step      time.Duration // of the clock
		waiters   bool
	}{
		"the deadline":              {os.ErrDeadlineExceeded, stall.ErrStalled, time.Second, false},
		"an error at once":          {other, other, time.Second, false},
		"an error after the pause":  {other, stall.ErrStalled, time.Minute, false},
		"few bytes without waiters": {io.EOF, nil, time.Minute, false},
		"few bytes with waiters":    {io.EOF, stall.ErrStalled, time.Minute, true},
		"in time with waiters":      {io.EOF, nil, time.Second, true},
	} {
		at := &clock{now: time.Unix(0, 0), step: c.step}
		w := newConnection(at)
		r := stall.NewReader(w, request(slow{strings.NewReader("abc"), c.err}),
			stall.Limits{Pause: 30 * time.Second, Now: at.Now, HasWaiters: func() bool { return c.waiters }})
		if _, err := io.ReadAll(r); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		} else if last := w.deadlines[len(w.deadlines)-1]; (err == stall.ErrStalled) == (last == -1) {
			t.Errorf("%s: the last deadline is %v", name, last)
		}
	}
}

func TestWriter_GivesEachPieceTheWholePause(t *testing.T) {
	t.Parallel()
	data := bytes.Repeat([]byte("x"), 150<<10)
	for name, write := range map[string]func(w *stall.Writer) (int64, error){
		"Write":            func(w *stall.Writer) (int64, error) { n, err := w.Write(data); return int64(n), err },
		"ReadFrom":         func(w *stall.Writer) (int64, error) { return w.ReadFrom(bytes.NewReader(data)) },
		"ReadFrom a limit": func(w *stall.Writer) (int64, error) { return io.CopyN(w, bytes.NewReader(data), 150<<10) },
	} {
		c := &clock{now: time.Unix(0, 0), step: time.Second}
		to := newConnection(c)
		w := stall.NewWriter(to, stall.Limits{Pause: 10 * time.Second, Now: c.Now})
		n, err := write(w)
		w.Finish()
		if n != 150<<10 || err != nil || to.ResponseWriter.(*httptest.ResponseRecorder).Body.Len() != 150<<10 {
			t.Errorf("%s: %d, %v", name, n, err)
		}
		const s = time.Second
		if diff := cmp.Diff([]time.Duration{12 * s, 14 * s, 16 * s, -1}, to.deadlines); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestLimits_WithoutPauseSetNothing(t *testing.T) {
	t.Parallel()
	c := &clock{now: time.Unix(0, 0)}
	w := newConnection(c)
	if _, err := io.Copy(stall.NewWriter(w, stall.Limits{}), stall.NewReader(w, request(slow{strings.NewReader("abc"), io.EOF}), stall.Limits{})); err != nil {
		t.Error(err)
	}
	if len(w.deadlines) != 0 {
		t.Error(w.deadlines)
	}
}

// One client sends a part of its body and nothing more, another does not read.
func TestReaderAndWriter_StopOverHTTP1(t *testing.T) {
	t.Parallel()
	limits := stall.Limits{Pause: time.Millisecond}
	ended := make(chan error, 1)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			_, err := stall.NewWriter(w, limits).Write(make([]byte, 64<<20))
			ended <- err
			return
		}
		_, err := io.ReadAll(stall.NewReader(w, r, limits))
		ended <- err
		panic(http.ErrAbortHandler)
	}))
	t.Cleanup(s.Close)
	sender, err := net.Dial("tcp", s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = sender.Close() })
	request := "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 16777216\r\n\r\n" + strings.Repeat("x", 70<<10)
	if _, err := io.WriteString(sender, request); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; err != stall.ErrStalled {
		t.Errorf("the sender: %v", err)
	}
	if received, err := io.ReadAll(sender); len(received) > 0 { // it ends: the connection is closed
		t.Errorf("%q, %v", received, err)
	}
	response, err := http.Get(s.URL) // fails if the pause was over before the head was sent: the machine was busy
	if err := <-ended; err != stall.ErrStalled {
		t.Errorf("the reader: %v", err)
	}
	if err == nil {
		_ = response.Body.Close()
	}
}

func TestReader_StopsOverHTTP2(t *testing.T) {
	t.Parallel()
	ended := make(chan error, 1)
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ProtoMajor != 2 {
			t.Errorf("the protocol is %s", r.Proto)
		}
		_, err := io.ReadAll(stall.NewReader(w, r, stall.Limits{Pause: time.Millisecond}))
		ended <- err
		panic(http.ErrAbortHandler)
	}))
	s.EnableHTTP2 = true
	s.StartTLS()
	t.Cleanup(s.Close)
	body, sender := io.Pipe()
	responded := make(chan error, 1)
	go func() {
		response, err := s.Client().Post(s.URL, "", body)
		if err == nil {
			_ = response.Body.Close()
		}
		responded <- err
	}()
	if _, err := sender.Write(make([]byte, 10)); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; err != stall.ErrStalled {
		t.Errorf("%v", err)
	}
	_ = sender.Close()
	if err := <-responded; err == nil {
		t.Error("the client received a response")
	}
}
