package redact

import (
	"errors"
	"slices"
	"unicode/utf8"
)

var errNotJSON = errors.New("redact: not one JSON document whose members have one value each")

// concealed is a JSON text without the values that Connect conceals.
type concealed struct {
	text    []byte   // with Mask in place of each value
	secrets []string // the values
}

// concealPlaces masks the values that Connect conceals, by their place in a document: values of fields that are
// concealed by type or purpose, codes, former passwords, contents of files. It returns errNotJSON if the places can't
// be known: the body is not JSON, has other text before or after it, has a member twice (Go's decoder ignores case in
// names) or is nested too deeply.
func concealPlaces(body []byte) (concealed, error) {
	s := scanner{text: body}
	if !utf8.Valid(body) {
		return concealed{}, errNotJSON
	}
	_, ok := s.value(place{})
	if s.skipSpace(); !ok || s.at != len(body) {
		return concealed{}, errNotJSON
	}
	return concealed{s.masked(), s.secrets}, nil
}

// span is a part of a text and its replacement.
type span struct {
	start, end  int
	replacement string
}

const maskText = `"` + Mask + `"`

// conceal masks an element and records its values as secrets.
func (s *scanner) conceal(e element) {
	if e.isEmpty(s.text) {
		return
	}
	s.spans = append(s.spans, span{e.start, e.end, maskText})
	switch e.kind {
	case '"', '0':
		s.secrets = append(s.secrets, e.text)
	case '{', '[':
		inner := scanner{text: s.text[e.start:e.end], all: true}
		inner.value(place{})
		s.secrets = append(s.secrets, inner.secrets...)
	}
}

// masked returns the text with its spans replaced. A span within another is ignored.
func (s *scanner) masked() []byte {
	slices.SortFunc(s.spans, func(a, b span) int {
		if a.start != b.start {
			return a.start - b.start
		}
		if a.end != b.end {
			return b.end - a.end
		}
		return boolOrder(b.replacement == maskText, a.replacement == maskText)
	})
	var out []byte
	done := 0
	for _, span := range s.spans {
		if span.start < done {
			continue // within the previous span
		}
		out = append(out, s.text[done:span.start]...)
		out = append(out, span.replacement...)
		done = span.end
	}
	return append(out, s.text[done:]...)
}

// boolOrder orders false before true.
func boolOrder(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}
