package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"sync"
	"time"
)

// result is what one measurement saw.
type result struct {
	answers int
	took    time.Duration
	each    []time.Duration // sorted
}

func (r result) perSecond() float64 { return float64(r.answers) / r.took.Seconds() }

func (r result) quantile(q float64) time.Duration {
	if len(r.each) == 0 {
		return 0
	}
	return r.each[min(int(q*float64(len(r.each))), len(r.each)-1)]
}

// closed sends requests on every connection one after the other for that long.
// The requests are written and the answers read by hand: a full HTTP client
// would take more of the machine than the server it measures.
func closed(ctx context.Context, addr string, conns int, length time.Duration, request func(n int) []byte) (result, error) {
	ctx, cancel := context.WithTimeout(ctx, length)
	defer cancel()
	var mu sync.Mutex
	var all result
	var failed error
	var group sync.WaitGroup
	began := time.Now()
	for c := range conns {
		group.Go(func() {
			each, err := drive(ctx, addr, func(n int) []byte { return request(n*conns + c) })
			mu.Lock()
			defer mu.Unlock()
			all.answers += len(each)
			all.each = append(all.each, each...)
			if err != nil {
				failed = err
			}
		})
	}
	group.Wait()
	all.took = time.Since(began)
	slices.Sort(all.each)
	return all, failed
}

func drive(ctx context.Context, addr string, request func(n int) []byte) (each []time.Duration, err error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", addr)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	in := bufio.NewReaderSize(conn, 64<<10)
	for n := 0; ctx.Err() == nil; n++ {
		sent := time.Now()
		if _, err := conn.Write(request(n)); err != nil {
			return each, err
		}
		if err := readAnswer(in); err != nil {
			return each, err
		}
		each = append(each, time.Since(sent))
	}
	return each, nil
}

// readAnswer reads one answer to its end; anything but 2xx is an error.
func readAnswer(in *bufio.Reader) error {
	line, err := in.ReadSlice('\n')
	if err != nil {
		return err
	}
	if len(line) < 12 || line[9] != '2' {
		rest, _ := in.Peek(min(in.Buffered(), 600))
		return fmt.Errorf("answered %q %s", line, rest)
	}
	length := -1
	for {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return err
		}
		line = bytes.TrimRight(line, "\r\n")
		if len(line) == 0 {
			break
		}
		if name, value, _ := bytes.Cut(line, []byte(": ")); bytes.EqualFold(name, []byte("Content-Length")) {
			if length, err = strconv.Atoi(string(value)); err != nil {
				return err
			}
		}
	}
	if length < 0 {
		return errors.New("an answer without Content-Length")
	}
	_, err = io.CopyN(io.Discard, in, int64(length))
	return err
}

func get(path, token string) []byte { return message("GET", path, token, "") }

func message(method, path, token, body string) []byte {
	head := method + " " + path + " HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer " + token + "\r\nUser-Agent: bench\r\n"
	if body != "" {
		head += "Content-Type: application/json\r\nContent-Length: " + strconv.Itoa(len(body)) + "\r\n"
	}
	return []byte(head + "\r\n" + body)
}
