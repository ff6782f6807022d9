package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strconv"
)

// Requests and responses are encoded and read by hand: a full HTTP client would use more of the machine than the server
// it measures.

// requests returns the n-th request of a load. It is called from many goroutines.
type requests func(n int) []byte

func same(request []byte) requests { return func(int) []byte { return request } }

func inRotation(list [][]byte) requests { return func(n int) []byte { return list[n%len(list)] } }

func get(path, token string) []byte { return newRequest("GET", path, token, "") }

// newRequest encodes a request. Without a token or a body the headers for it are left out.
func newRequest(method, path, token, body string) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: bench\r\nUser-Agent: bench\r\n", method, path)
	if token != "" {
		fmt.Fprintf(&b, "Authorization: Bearer %s\r\n", token)
	}
	if body != "" {
		fmt.Fprintf(&b, "Content-Type: application/json\r\nContent-Length: %d\r\n", len(body))
	}
	b.WriteString("\r\n" + body)
	return b.Bytes()
}

func titleFilter(title string) string {
	return "?filter=" + url.QueryEscape(fmt.Sprintf("title eq %q", title))
}

// response is what readResponse returns of a response.
type response struct {
	size  int64  // of the body, in bytes
	body  []byte // nil unless it was asked for
	total int64  // from Content-Range; -1: there is none
}

// readResponse reads one response to its end. A status other than 2xx is an error.
func readResponse(in *bufio.Reader, keepBody bool) (response, error) {
	r := response{size: -1, total: -1}
	line, err := in.ReadSlice('\n')
	if err != nil {
		return r, err
	}
	if len(line) < 12 || line[9] != '2' {
		rest, _ := in.Peek(min(in.Buffered(), 600))
		return r, fmt.Errorf("response %q %s", line, rest)
	}
	if bytes.HasPrefix(line[9:], []byte("204")) {
		r.size = 0
	}
	for {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return r, err
		}
		line = bytes.TrimRight(line, "\r\n")
		if len(line) == 0 {
			break
		}
		name, value, _ := bytes.Cut(line, []byte(": "))
		switch {
		case bytes.EqualFold(name, []byte("Content-Length")):
			r.size, err = strconv.ParseInt(string(value), 10, 64)
		case bytes.EqualFold(name, []byte("Content-Range")):
			_, after, _ := bytes.Cut(value, []byte("/"))
			r.total, err = strconv.ParseInt(string(after), 10, 64)
		}
		if err != nil {
			return r, err
		}
	}
	if r.size < 0 {
		return r, errors.New("a response without Content-Length")
	}
	if keepBody {
		r.body = make([]byte, r.size)
		_, err = io.ReadFull(in, r.body)
		return r, err
	}
	_, err = io.CopyN(io.Discard, in, r.size)
	return r, err
}
