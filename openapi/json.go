package openapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxDepth is how deep a body may nest. A full item is five deep [G].
const maxDepth = 64

// decodeJSON reads one JSON document and nothing after it. Unlike
// encoding/json it refuses a member that is there twice, because readers
// disagree about which one counts.
func (d *Document) decodeJSON(body []byte) (any, *Violation) {
	if v := wellFormed(body); v != nil {
		return nil, v
	}
	r := reader{words: d.words, rest: body}
	value, _ := r.value()
	return value, r.fault
}

// decodeRequest reads the JSON document of a request as the decoder of a Go
// server does: members are known in any case [C: a PowerShell module sends
// "Title"], and of several that are the same the last one counts [G]. The value
// has the document's spelling; respelled says that the body does not, or has a
// member twice. The control API knows exact names only, each once.
func (d *Document) decodeRequest(body []byte) (value any, respelled bool, v *Violation) {
	if v := wellFormed(body); v != nil {
		return nil, false, v
	}
	r := reader{words: d.words, rest: body, lenient: !d.strict}
	value, _ = r.value()
	return value, r.respelled, r.fault
}

// wellFormed finds what is wrong with a text that is not one JSON document.
func wellFormed(body []byte) *Violation {
	body = bytes.TrimRight(body, " \t\r\n")
	if len(body) == 0 {
		return &Violation{In: InBody, Rule: "must not be empty"}
	}
	if !utf8.Valid(body) {
		return &Violation{In: InBody, Rule: "must be UTF-8"}
	}
	if json.Valid(body) {
		return nil
	}
	var first json.RawMessage
	err := json.NewDecoder(bytes.NewReader(body)).Decode(&first)
	v := &Violation{In: InBody, Rule: "must be valid JSON"}
	var se *json.SyntaxError
	switch {
	case err == nil:
		v.Rule = "must end after the JSON document"
	case errors.Is(err, io.ErrUnexpectedEOF):
		v.Rule = "must be valid JSON: it ends too early"
	case errors.As(err, &se):
		v.Rule = fmt.Sprintf("must be valid JSON: see byte %d", se.Offset)
	}
	return v
}

// reader builds a value from a text that json.Valid has seen, so that syntax
// is no concern of it. It stops at the first fault: then its methods say false.
type reader struct {
	words     words
	rest      []byte
	lenient   bool // members in any case and more than once
	respelled bool // there was one
	path      []string
	fault     *Violation
}

func (r *reader) value() (any, bool) {
	switch c := r.next(); c {
	case '{':
		return r.object()
	case '[':
		return r.array()
	case '"':
		return r.text()
	case 't', 'f', 'n':
		word := map[byte]string{'t': "true", 'f': "false", 'n': "null"}[c]
		r.rest = r.rest[len(word):]
		if c == 'n' {
			return nil, true
		}
		return c == 't', true
	default:
		return r.number()
	}
}

func (r *reader) object() (any, bool) {
	if !r.enter() {
		return nil, false
	}
	object := map[string]any{}
	for r.next() != '}' {
		name, ok := r.text()
		if !ok {
			return nil, false
		}
		if r.lenient {
			declared := r.words.declared(name)
			r.respelled = r.respelled || declared != name
			name = declared
		}
		r.path = append(r.path, name)
		if _, twice := object[name]; twice {
			if !r.lenient {
				return nil, r.broken("must not have a member twice")
			}
			r.respelled = true
		}
		if object[name], ok = r.value(); !ok {
			return nil, false
		}
		r.path = r.path[:len(r.path)-1]
	}
	r.rest = r.rest[1:]
	return object, true
}

func (r *reader) array() (any, bool) {
	if !r.enter() {
		return nil, false
	}
	array := []any{}
	for r.next() != ']' {
		r.path = append(r.path, strconv.Itoa(len(array)))
		value, ok := r.value()
		if !ok {
			return nil, false
		}
		array = append(array, value)
		r.path = r.path[:len(r.path)-1]
	}
	r.rest = r.rest[1:]
	return array, true
}

// enter goes over an opening bracket.
func (r *reader) enter() bool {
	if len(r.path) >= maxDepth {
		return r.broken(fmt.Sprintf("must not nest more than %d deep", maxDepth))
	}
	r.rest = r.rest[1:]
	return true
}

func (r *reader) text() (string, bool) {
	end, escaped := 1, false
	for ; r.rest[end] != '"'; end++ {
		if r.rest[end] == '\\' {
			escaped = true
			end++
		}
	}
	raw := r.rest[:end+1]
	r.rest = r.rest[end+1:]
	if !escaped {
		return string(raw[1:end]), true
	}
	var s string
	if err := json.Unmarshal(raw, &s); err != nil {
		return "", r.broken("must be valid JSON")
	}
	return s, true
}

func (r *reader) number() (any, bool) {
	end := 0
	for end < len(r.rest) && strings.IndexByte("+-.0123456789eE", r.rest[end]) >= 0 {
		end++
	}
	f, err := strconv.ParseFloat(string(r.rest[:end]), 64)
	if err != nil {
		return nil, r.broken("must not have a number that is out of range")
	}
	r.rest = r.rest[end:]
	return f, true
}

// next is the byte something begins with. What parts one thing from another is
// at its place, or the text would not be valid, and is passed over.
func (r *reader) next() byte {
	r.rest = bytes.TrimLeft(r.rest, " \t\r\n,:")
	return r.rest[0]
}

func (r *reader) broken(rule string) bool {
	r.fault = &Violation{In: InBody, Name: r.words.name(r.path), Rule: rule}
	return false
}
