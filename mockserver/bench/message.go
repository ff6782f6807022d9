package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
)

// Requests are written and answers read by hand: a full HTTP client would take
// more of the machine than the server it measures.

func get(path, token string) []byte { return message("GET", path, token, "") }

func message(method, path, token, body string) []byte {
	text := make([]byte, 0, 160+len(path)+len(token)+len(body))
	text = append(text, method...)
	text = append(append(append(text, ' '), path...), " HTTP/1.1\r\nHost: bench\r\nUser-Agent: bench\r\n"...)
	if token != "" {
		text = append(append(append(text, "Authorization: Bearer "...), token...), "\r\n"...)
	}
	if body != "" {
		text = append(text, "Content-Type: application/json\r\nContent-Length: "...)
		text = append(strconv.AppendInt(text, int64(len(body)), 10), "\r\n"...)
	}
	return append(append(text, "\r\n"...), body...)
}

// answer is what was read of one.
type answer struct {
	bytes int64  // of the body
	body  []byte // nil unless it was kept
	total int64  // of Content-Range, -1 without one
}

// readAnswer reads one answer to its end; anything but 2xx is an error.
func readAnswer(in *bufio.Reader, keep bool) (a answer, err error) {
	line, err := in.ReadSlice('\n')
	if err != nil {
		return a, err
	}
	if len(line) < 12 || line[9] != '2' {
		rest, _ := in.Peek(min(in.Buffered(), 600))
		return a, fmt.Errorf("answered %q %s", line, rest)
	}
	empty := bytes.HasPrefix(line[9:], []byte("204"))
	a.bytes, a.total = -1, -1
	for {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return a, err
		}
		line = bytes.TrimRight(line, "\r\n")
		if len(line) == 0 {
			break
		}
		name, value, _ := bytes.Cut(line, []byte(": "))
		switch {
		case bytes.EqualFold(name, []byte("Content-Length")):
			a.bytes, err = strconv.ParseInt(string(value), 10, 64)
		case bytes.EqualFold(name, []byte("Content-Range")):
			_, after, _ := bytes.Cut(value, []byte("/"))
			a.total, err = strconv.ParseInt(string(after), 10, 64)
		}
		if err != nil {
			return a, err
		}
	}
	if empty {
		a.bytes = 0
	}
	if a.bytes < 0 {
		return a, errors.New("an answer without Content-Length")
	}
	if keep {
		a.body = make([]byte, a.bytes)
		_, err = io.ReadFull(in, a.body)
		return a, err
	}
	_, err = io.CopyN(io.Discard, in, a.bytes)
	return a, err
}
