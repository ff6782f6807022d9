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

// maxDepth is how deep a body may nest. A full item nests five deep [G].
const maxDepth = 64

// decodeJSON decodes a text that is one JSON document. Unlike encoding/json it refuses duplicate members: readers
// disagree about which of them counts.
func (d *Document) decodeJSON(body []byte) (any, *Violation) {
	if v := checkJSON(body); v != nil {
		return nil, v
	}
	r := reader{words: d.words, rest: body}
	value, _ := r.value()
	return value, r.violation
}

// decodeRequest decodes the body of a request as a Go server does: the names of members match in any case [C: a
// PowerShell module sends "Title"], and the last of duplicate members counts [G]. The value has the names as the
// document spells them. respelled reports whether the body spells one otherwise, or has duplicates. The control API
// accepts exact names only, and no duplicates.
func (d *Document) decodeRequest(body []byte) (value any, respelled bool, v *Violation) {
	if v := checkJSON(body); v != nil {
		return nil, false, v
	}
	r := reader{words: d.words, rest: body, lenient: !d.strict}
	value, _ = r.value()
	return value, r.respelled, r.violation
}

// checkJSON returns a violation unless the body is one JSON document, in UTF-8.
func checkJSON(body []byte) *Violation {
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

// reader decodes a text that json.Valid accepted, so it does not check the syntax. It stops at the first violation; its
// methods return false from then on.
type reader struct {
	words     words
	rest      []byte
	lenient   bool // accept names in any case, and duplicates
	respelled bool // there was such a member
	path      []string
	violation *Violation
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
			declared := r.words.spelling(name)
			r.respelled = r.respelled || declared != name
			name = declared
		}
		r.path = append(r.path, name)
		if _, twice := object[name]; twice {
			if !r.lenient {
				return nil, r.fail("must not have a member twice")
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

// enter skips an opening bracket.
func (r *reader) enter() bool {
	if len(r.path) >= maxDepth {
		return r.fail(fmt.Sprintf("must not nest more than %d deep", maxDepth))
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
		return "", r.fail("must be valid JSON")
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
		return nil, r.fail("must not have a number that is out of range")
	}
	r.rest = r.rest[end:]
	return f, true
}

// next returns the first byte of the next token. It skips commas and colons, which are in the right places in a valid
// text.
func (r *reader) next() byte {
	r.rest = bytes.TrimLeft(r.rest, " \t\r\n,:")
	return r.rest[0]
}

func (r *reader) fail(rule string) bool {
	r.violation = &Violation{In: InBody, Name: r.words.memberName(r.path), Rule: rule}
	return false
}
