package check

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/connectmock/connectmock/contract/internal/call"
	"github.com/connectmock/connectmock/internal/suite"
)

// Do calls an operation. If there is no response, the check ends with an error, not
// with a failure.
func (s *Session) Do(operation string, options ...call.Option) *Response {
	res, err := s.Try(operation, options...)
	if err != nil {
		Abort(err)
	}
	return res
}

// Try calls an operation and returns the error if there is no response.
func (s *Session) Try(operation string, options ...call.Option) (*Response, error) {
	op := s.Document.Operation(operation)
	if op == nil {
		return nil, fmt.Errorf("the document has no operation %s", operation)
	}
	r := call.Request{Path: map[string]string{"vaultUuid": s.Vault()}, Header: http.Header{}}
	for _, o := range options {
		o(&r)
	}
	path := op.Path
	for name, value := range r.Path {
		path = strings.ReplaceAll(path, "{"+name+"}", url.PathEscape(value))
	}
	send := s.send
	if s.isNew(r) {
		send = s.sendToNew
	}
	res, err := send(op.Method, path+r.Suffix, r)
	if res != nil {
		res.operation = operation
	}
	if err == nil && operation == "CreateVaultItem" {
		s.track(r.Path["vaultUuid"], res)
	}
	return res, err
}

// DoRaw sends a request to any path.
func (s *Session) DoRaw(method, path string, options ...call.Option) *Response {
	r := call.Request{Path: map[string]string{}, Header: http.Header{}}
	for _, o := range options {
		o(&r)
	}
	res, err := s.send(method, path, r)
	if err != nil {
		Abort(err)
	}
	return res
}

// send sends a request and reads the whole response.
func (s *Session) send(method, path string, r call.Request) (*Response, error) {
	address := strings.TrimSuffix(s.Server.URL, "/") + path
	if r.Query != "" {
		address += "?" + r.Query
	}
	ctx := s.Ctx
	if s.Scope != nil {
		ctx = s.Scope.Context(ctx)
	}
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if method == http.MethodDelete {
		release, err := s.acquireDelete(ctx, r.Path["itemUuid"])
		if err != nil {
			return nil, err
		}
		defer release()
	}
	if method == http.MethodPost {
		// Only the response says which item was created, so wait for it even after
		// the run was interrupted.
		var stop func()
		ctx, stop = suite.WithEndOf(ctx, s.Grace)
		defer stop()
	}
	req, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(r.Body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", "Bearer "+s.Server.Token)
	req.Header.Set("User-Agent", "connectmock-contract")
	if r.ContentType != "" {
		req.Header.Set("Content-Type", r.ContentType)
	}
	for name, values := range r.Header {
		req.Header[name] = values
		if values == nil {
			delete(req.Header, name)
		}
	}
	began := time.Now()
	received, err := s.Client.Do(req)
	s.Patience.addResponse(time.Since(began))
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", method, path, err)
	}
	defer received.Body.Close()
	data, err := io.ReadAll(received.Body)
	res := &Response{
		session: s, Request: method + " " + path, Status: received.StatusCode, Header: received.Header, Body: data,
	}
	s.rememberResponse(res)
	return res, err
}
