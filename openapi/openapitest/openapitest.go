// Package openapitest has an HTTP client for tests that checks each response against an OpenAPI document, with two
// validators that share no code.
//
// It does not check requests, and does not know the server, which may be behind a socket or a RoundTripper.
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

// Client returns a client that checks responses against doc. It reports violations with t.Errorf, naming operation,
// status and member, and returns the response unchanged. The response to a request that doc does not have must be an
// error of Connect or the text of a 404, with the headers that all responses in doc must have. A nil base means
// http.DefaultTransport. The client does not follow redirects: a Connect server sends none.
//
// The client reads bodies, except those that doc calls binary. It may be used by many goroutines while t runs.
func Client(t testing.TB, doc *openapi.Document, base http.RoundTripper) *http.Client {
	t.Helper()
	if base == nil {
		base = http.DefaultTransport
	}
	second, err := secondValidatorFor(doc)
	if err != nil {
		t.Fatalf("openapitest: %v", err)
	}
	return &http.Client{
		Transport:     &checker{t: t, doc: doc, base: base, second: second, requiredHeaders: commonHeaders(doc)},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

type checker struct {
	t               testing.TB
	doc             *openapi.Document
	base            http.RoundTripper
	second          *secondValidator
	requiredHeaders []string // that every response must have
}

// RoundTrip sends the request and checks the response.
func (c *checker) RoundTrip(r *http.Request) (*http.Response, error) {
	c.t.Helper()
	response, err := c.base.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	op, _ := c.doc.Match(r.Method, r.URL.EscapedPath())
	var body []byte
	if op == nil || !op.IsBinary(response.StatusCode, response.Header) {
		if body, err = readBody(response); err != nil {
			return nil, err
		}
	}
	if op == nil {
		if rule := checkUnknownRoute(c.requiredHeaders, r, response, body); rule != "" {
			c.t.Errorf("%s %s, which is not an operation, responded with %d: %s",
				r.Method, r.URL.Path, response.StatusCode, rule)
		}
		return response, nil
	}
	if err := op.CheckResponse(r, response.StatusCode, response.Header, body); err != nil {
		c.t.Errorf("%s %s: %v", r.Method, r.URL.Path, err)
	}
	for _, text := range c.second.check(op, r, response, body) {
		c.t.Errorf("%s %s: %s responded with %d: second opinion: %s", r.Method, r.URL.Path, op.ID,
			response.StatusCode, text)
	}
	return response, nil
}

// readBody reads the body and replaces it by a copy.
func readBody(response *http.Response) ([]byte, error) {
	body, err := io.ReadAll(response.Body)
	if closeErr := response.Body.Close(); err == nil {
		err = closeErr
	}
	response.Body = io.NopCloser(bytes.NewReader(body))
	return body, err
}

// checkUnknownRoute returns the rule that the response to a request without an operation violates, or "".
func checkUnknownRoute(requiredHeaders []string, r *http.Request, response *http.Response, body []byte) string {
	if response.StatusCode < 400 {
		return "it must be refused"
	}
	kind, _, err := mime.ParseMediaType(response.Header.Get("Content-Type"))
	isText := response.StatusCode == http.StatusNotFound && kind == "text/plain"
	if err != nil || kind != "application/json" && !isText {
		return "the media type must be application/json, or of a 404 text/plain"
	}
	for _, name := range requiredHeaders {
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

// commonHeaders returns the headers that the document requires of all responses.
func commonHeaders(doc *openapi.Document) []string {
	responses, times := 0, map[string]int{}
	for _, op := range doc.Operations {
		for _, response := range op.Spec().Responses.Map() {
			responses++
			for name, header := range response.Value.Headers {
				if header.Value.Required {
					times[name]++
				}
			}
		}
	}
	maps.DeleteFunc(times, func(_ string, n int) bool { return n < responses })
	return slices.Sorted(maps.Keys(times))
}
