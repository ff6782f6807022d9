// Package openapitest gives tests an HTTP client that holds every answer to
// an OpenAPI document, by two implementations that share no code.
//
// It does not check requests: tests send what they like. It knows nothing of
// the server, which may be behind a socket or behind a RoundTripper.
package openapitest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"mime"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/openapi"
	"github.com/connectmock/connectmock/openapi/connect"
)

// Client is a client whose exchanges are checked against doc. What is wrong is
// reported with t.Errorf, naming operation, status and member, and the answer
// is handed on as it came. An answer to a request the document does not have
// must be an error as Connect's or the text of a 404, with the headers that every
// answer of the document must have. Base nil means http.DefaultTransport. The client does not
// follow redirects: a Connect server sends none.
//
// Bodies are read before they are handed on, except those the document calls
// binary. The client may be used by many goroutines, as long as t runs.
func Client(t testing.TB, doc *openapi.Document, base http.RoundTripper) *http.Client {
	t.Helper()
	if base == nil {
		base = http.DefaultTransport
	}
	second, err := opinionOn(doc)
	if err != nil {
		t.Fatalf("openapitest: %v", err)
	}
	return &http.Client{
		Transport:     &checker{t: t, doc: doc, base: base, second: second, always: headersOfAll(doc)},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

type checker struct {
	t      testing.TB
	doc    *openapi.Document
	base   http.RoundTripper
	second *opinion
	always []string // headers that every answer has
}

// RoundTrip does the exchange and checks the answer.
func (c *checker) RoundTrip(r *http.Request) (*http.Response, error) {
	c.t.Helper()
	response, err := c.base.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	op, _ := c.doc.Match(r.Method, r.URL.EscapedPath())
	var body []byte
	if op == nil || !op.IsBinary(response.StatusCode, response.Header) {
		if body, err = drain(response); err != nil {
			return nil, err
		}
	}
	if op == nil {
		if rule := strangerFault(c.always, r, response, body); rule != "" {
			c.t.Errorf("%s %s, which is no operation, answered %d: %s", r.Method, r.URL.Path, response.StatusCode, rule)
		}
		return response, nil
	}
	if err := op.CheckResponse(r, response.StatusCode, response.Header, body); err != nil {
		c.t.Errorf("%s %s: %v", r.Method, r.URL.Path, err)
	}
	for _, fault := range c.second.faults(op, r, response, body) {
		c.t.Errorf("%s %s: %s answered %d: second opinion: %s", r.Method, r.URL.Path, op.ID, response.StatusCode, fault)
	}
	return response, nil
}

// drain reads the body and puts it back.
func drain(response *http.Response) ([]byte, error) {
	body, err := io.ReadAll(response.Body)
	if closeErr := response.Body.Close(); err == nil {
		err = closeErr
	}
	response.Body = io.NopCloser(bytes.NewReader(body))
	return body, err
}

// strangerFault is what is wrong with the answer to a request outside the
// document, "" if nothing is.
func strangerFault(always []string, r *http.Request, response *http.Response, body []byte) string {
	if response.StatusCode < 400 {
		return "it must be refused"
	}
	kind, _, err := mime.ParseMediaType(response.Header.Get("Content-Type"))
	isText := response.StatusCode == http.StatusNotFound && kind == "text/plain"
	if err != nil || kind != "application/json" && !isText {
		return "the media type must be application/json, or of a 404 text/plain"
	}
	for _, name := range always {
		if response.Header.Get(name) == "" {
			return "header " + name + " is required"
		}
	}
	if r.Method == http.MethodHead {
		if len(body) > 0 {
			return "there is a body where none may be"
		}
		return ""
	}
	if isText {
		if strings.TrimSpace(string(body)) != connect.PageNotFound {
			return "the text must be " + connect.PageNotFound
		}
		return ""
	}
	var e connect.Error
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&e); err != nil || decoder.More() {
		return "the body must be Connect's error"
	}
	if e.Status != response.StatusCode || e.Message == "" {
		return fmt.Sprintf("the body must have the status %d and a message", response.StatusCode)
	}
	return ""
}

// headersOfAll are the headers that the document requires of every answer.
func headersOfAll(doc *openapi.Document) []string {
	answers, times := 0, map[string]int{}
	for _, op := range doc.Operations {
		for _, answer := range op.Spec().Responses.Map() {
			answers++
			for name, header := range answer.Value.Headers {
				if header.Value.Required {
					times[name]++
				}
			}
		}
	}
	maps.DeleteFunc(times, func(_ string, n int) bool { return n < answers })
	return slices.Sorted(maps.Keys(times))
}
