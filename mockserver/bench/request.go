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

// requests returns the n-th request of a load.
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

// response is what is read of a response.
type response struct {
	size  int64  // of the body, in bytes
	body  []byte // only of readResponse
	total int64  // from Content-Range; -1: there is none
}

// readResponse reads one response to its end. A status other than 2xx is an error.
func readResponse(in *bufio.Reader) (response, error) {
	var head []byte
	for !bytes.HasSuffix(head, []byte("\r\n\r\n")) {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return response{}, err
		}
		head = append(head, line...)
	}
	r, err := parseHead(bytes.TrimSuffix(head, []byte("\r\n\r\n")))
	if err != nil {
		rest, _ := in.Peek(min(in.Buffered(), 600))
		return r, fmt.Errorf("%w: %s", err, rest)
	}
	r.body = make([]byte, r.size)
	_, err = io.ReadFull(in, r.body)
	return r, err
}

// parseHead reads the status line and the headers of a response, without the empty line after them. Names of headers
// must be written as Go servers write them.
func parseHead(head []byte) (response, error) {
	r := response{size: -1, total: -1}
	if len(head) < 12 || head[9] != '2' {
		line, _, _ := bytes.Cut(head, []byte("\r\n"))
		return r, fmt.Errorf("response %q", line)
	}
	if bytes.HasPrefix(head[9:], []byte("204")) {
		r.size = 0
	}
	var err error
	if length := headerValue(head, "\r\nContent-Length: "); length != nil {
		r.size, err = strconv.ParseInt(string(length), 10, 64)
	}
	if pages := headerValue(head, "\r\nContent-Range: "); pages != nil && err == nil {
		_, total, _ := bytes.Cut(pages, []byte("/"))
		r.total, err = strconv.ParseInt(string(total), 10, 64)
	}
	if err == nil && r.size < 0 {
		err = errors.New("a response without Content-Length")
	}
	return r, err
}

// headerValue returns what follows the beginning of a header's line, nil if there is none.
func headerValue(head []byte, beginning string) []byte {
	_, rest, found := bytes.Cut(head, []byte(beginning))
	if !found {
		return nil
	}
	value, _, _ := bytes.Cut(rest, []byte("\r\n"))
	return value
}
