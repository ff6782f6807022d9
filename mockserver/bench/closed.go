package main

import (
	"bufio"
	"context"
	"net"
	"sync"
	"time"
)

// source makes the request with that number. It is called from many goroutines.
type source func(n int) []byte

// closed sends requests on every connection one after the other for that long:
// as many as the server answers.
func closed(ctx context.Context, addr string, conns int, length time.Duration, request source) (result, error) {
	ctx, cancel := context.WithTimeout(ctx, length)
	defer cancel()
	return onAll(ctx, addr, conns, func(l *line, c int, _ time.Time) error {
		for n := c; ctx.Err() == nil; n += conns {
			if err := l.exchange(request(n), time.Now()); err != nil {
				return err
			}
		}
		return nil
	})
}

// warmed is closed without a figure: caches are filled and connections of a
// server were used before anything is counted.
func warmed(ctx context.Context, addr string, conns int, length time.Duration, request source) error {
	_, err := closed(ctx, addr, conns, length/2, request)
	return err
}

// onAll opens connections, lets each be driven from one moment on and adds up
// what they saw.
func onAll(ctx context.Context, addr string, conns int, drive func(l *line, c int, began time.Time) error) (result, error) {
	lines := make([]*line, conns)
	for c := range lines {
		l, err := dial(ctx, addr)
		if err != nil {
			return result{}, err
		}
		defer l.conn.Close()
		lines[c] = l
	}
	errs := make([]error, conns)
	began := time.Now()
	var group sync.WaitGroup
	for c, l := range lines {
		group.Go(func() { errs[c] = drive(l, c, began) })
	}
	group.Wait()
	took := time.Since(began)
	all := make([]result, conns)
	for c, l := range lines {
		all[c] = result{answers: len(l.each), bytes: l.bytes, each: l.each}
		if errs[c] != nil {
			return result{}, errs[c]
		}
	}
	sum := merged(all)
	sum.took = took
	return sum, nil
}

// line is one connection and what was seen on it.
type line struct {
	conn  net.Conn
	in    *bufio.Reader
	each  []time.Duration
	bytes int64
}

func dial(ctx context.Context, addr string) (*line, error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", addr)
	if err != nil {
		return nil, err
	}
	return newLine(conn), nil
}

func newLine(conn net.Conn) *line { return &line{conn: conn, in: bufio.NewReaderSize(conn, 16<<10)} }

// exchange sends a request and reads its answer; the latency is from since.
func (l *line) exchange(request []byte, since time.Time) error {
	if _, err := l.conn.Write(request); err != nil {
		return err
	}
	a, err := readAnswer(l.in, false)
	if err != nil {
		return err
	}
	l.each = append(l.each, time.Since(since))
	l.bytes += a.bytes
	return nil
}

// ask sends one request on a connection of its own and keeps the answer.
func ask(ctx context.Context, addr string, request []byte) (answer, error) {
	l, err := dial(ctx, addr)
	if err != nil {
		return answer{}, err
	}
	defer l.conn.Close()
	if _, err := l.conn.Write(request); err != nil {
		return answer{}, err
	}
	return readAnswer(l.in, true)
}
