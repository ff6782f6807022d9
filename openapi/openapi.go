// Package openapi holds the API of Connect as an OpenAPI document, and validates requests and responses against it.
//
// The document is the only source of routes, required members, patterns and statuses. A published document can replace
// it ([Load]); named errata make it usable.
//
// The package does not know permissions, the stored data or the handlers. It never reads a token, and its texts never
// contain a value that was sent.
package openapi

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/connectmock/connectmock/internal/textenc"
	"github.com/getkin/kin-openapi/openapi3"
)

//go:embed connect.yaml
var connectYAML []byte

// Document is an OpenAPI document that is compiled for checking requests and responses. Do not change it. It may be
// used by many goroutines.
type Document struct {
	OpenAPI    *openapi3.T
	Operations []*Operation // sorted by path, then method

	words   words
	strict  bool // requests must have the documented media type and exact names of members; set for the control API
	headers map[*openapi3.Header]*parameter
}

// ConnectYAML returns the text of our own document.
func ConnectYAML() []byte { return bytes.Clone(connectYAML) }

// connectDocument parses the document once: that takes several milliseconds, and a test binary may start hundreds of
// servers.
var connectDocument = sync.OnceValues(func() (*Document, error) {
	t, err := parse(connectYAML)
	if err != nil {
		return nil, err
	}
	return compile(t)
})

// Connect returns our own document. Every call returns the same one.
func Connect() (*Document, error) { return connectDocument() }

func parse(data []byte) (*openapi3.T, error) {
	data, err := textenc.ToUTF8(data)
	if err != nil {
		return nil, fmt.Errorf("read OpenAPI document: %w", err)
	}
	t, err := openapi3.NewLoader().LoadFromData(data)
	if err != nil {
		return nil, fmt.Errorf("read OpenAPI document: %w", err)
	}
	if t.OpenAPI == "" {
		return nil, errors.New("read OpenAPI document: no member openapi, so it is not an OpenAPI document")
	}
	if t.OpenAPIMajorMinor() != "3.0" {
		return nil, fmt.Errorf("read OpenAPI document: version %q is not supported, only 3.0: "+
			"in 3.1 readOnly no longer tells requests from responses", t.OpenAPI)
	}
	return t, nil
}

func compile(t *openapi3.T) (*Document, error) {
	doc := &Document{OpenAPI: t, words: newWords(t), headers: map[*openapi3.Header]*parameter{}}
	if t.Paths == nil || t.Paths.Len() == 0 {
		return nil, errors.New("read OpenAPI document: it has no paths")
	}
	byID := map[string]string{}
	for path, item := range t.Paths.Map() {
		for method, op := range item.Operations() {
			o, err := newOperation(doc, path, item, method, op)
			if err != nil {
				return nil, fmt.Errorf("read OpenAPI document: %s %s: %w", method, path, err)
			}
			where := method + " " + path
			if other, taken := byID[o.ID]; taken {
				return nil, fmt.Errorf("read OpenAPI document: %s and %s have the same operationId %q",
					min(other, where), max(other, where), o.ID)
			}
			byID[o.ID] = where
			doc.Operations = append(doc.Operations, o)
		}
	}
	slices.SortFunc(doc.Operations, func(a, b *Operation) int {
		return strings.Compare(a.Path+" "+a.Method, b.Path+" "+b.Method)
	})
	return doc, nil
}

// Operation returns the operation with that operationId, or nil.
func (d *Document) Operation(id string) *Operation {
	for _, op := range d.Operations {
		if op.ID == id {
			return op
		}
	}
	return nil
}

// Match returns the operation of a request with the parameters of its path by name, or nil if there is none. A trailing
// slash makes no difference [W], and HEAD belongs to the operation of GET. Servers have their own router; this one is
// for tests and observers.
func (d *Document) Match(method, path string) (*Operation, map[string]string) {
	if method == "HEAD" {
		method = "GET"
	}
	sent := strings.Split(strings.TrimSuffix(path, "/"), "/")
	var found *Operation
	var params map[string]string
	for _, op := range d.Operations {
		if op.Method != method {
			continue
		}
		p, ok := matchPath(op.segments, sent)
		// A path without parameters goes before one with them.
		if ok && (found == nil || len(p) < len(params)) {
			found, params = op, p
		}
	}
	return found, params
}

func matchPath(template, sent []string) (map[string]string, bool) {
	if len(template) != len(sent) {
		return nil, false
	}
	params := map[string]string{}
	for i, t := range template {
		if name, ok := parameterName(t); ok && sent[i] != "" {
			params[name] = sent[i]
		} else if t != sent[i] {
			return nil, false
		}
	}
	return params, true
}

func parameterName(segment string) (string, bool) {
	if strings.HasPrefix(segment, "{") && strings.HasSuffix(segment, "}") {
		return segment[1 : len(segment)-1], true
	}
	return "", false
}
