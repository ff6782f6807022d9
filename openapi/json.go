package openapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
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
	r := reader{words: d.words, dec: json.NewDecoder(bytes.NewReader(body))}
	value, err := r.value()
	if v := (*Violation)(nil); errors.As(err, &v) {
		return nil, v
	}
	if err != nil { // a number no float64 can hold
		return nil, r.violation("must not have a number that is out of range")
	}
	return value, nil
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

// reader builds a value from tokens and remembers where it is.
type reader struct {
	words words
	dec   *json.Decoder
	path  []string
}

func (r *reader) value() (any, error) {
	token, err := r.dec.Token()
	if err != nil {
		return nil, err
	}
	switch token {
	case json.Delim('{'):
		return r.object()
	case json.Delim('['):
		return r.array()
	default:
		return token, nil
	}
}

func (r *reader) object() (any, error) {
	if len(r.path) >= maxDepth {
		return nil, r.violation(fmt.Sprintf("must not nest more than %d deep", maxDepth))
	}
	object := map[string]any{}
	for r.dec.More() {
		token, err := r.dec.Token()
		if err != nil {
			return nil, err
		}
		name := token.(string) // of valid JSON: json.Valid has seen it
		r.path = append(r.path, name)
		if _, twice := object[name]; twice {
			return nil, r.violation("must not have a member twice")
		}
		if declared, ok := r.words.misspelt(name); ok {
			return nil, r.violation("has a member that must be spelled " + declared)
		}
		if object[name], err = r.value(); err != nil {
			return nil, err
		}
		r.path = r.path[:len(r.path)-1]
	}
	_, err := r.dec.Token()
	return object, err
}

func (r *reader) array() (any, error) {
	if len(r.path) >= maxDepth {
		return nil, r.violation(fmt.Sprintf("must not nest more than %d deep", maxDepth))
	}
	array := []any{}
	for r.dec.More() {
		r.path = append(r.path, strconv.Itoa(len(array)))
		value, err := r.value()
		if err != nil {
			return nil, err
		}
		array = append(array, value)
		r.path = r.path[:len(r.path)-1]
	}
	_, err := r.dec.Token()
	return array, err
}

func (r *reader) violation(rule string) *Violation {
	return &Violation{In: InBody, Name: r.words.name(r.path), Rule: rule}
}
