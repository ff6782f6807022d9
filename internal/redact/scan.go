package redact

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode"
)

// maxDepth is the maximum nesting of a document whose places are known. Documents of Connect have six levels.
const maxDepth = 100

// place says where in a document a value is.
type place struct {
	fields bool // in the list of fields, or in a field
}

// element is a value of a document.
type element struct {
	start, end int
	kind       byte   // its first character
	text       string // of a string; a number as it is written
}

// isEmpty reports whether there is nothing to conceal.
func (e element) isEmpty(text []byte) bool {
	switch e.kind {
	case '"':
		return e.text == ""
	case 'n':
		return true
	case '{', '[':
		return len(bytes.TrimSpace(text[e.start+1:e.end-1])) == 0
	}
	return false
}

func (e element) isScalar() bool { return e.kind != '{' && e.kind != '[' }

// scanner reads a JSON text once and records the places of secrets.
type scanner struct {
	text    []byte
	at      int
	depth   int
	all     bool // treats every string and number as a secret
	spans   []span
	secrets []string
}

// skipSpace skips white space.
func (s *scanner) skipSpace() {
	for s.at < len(s.text) && strings.IndexByte(" \t\r\n", s.text[s.at]) >= 0 {
		s.at++
	}
}

// next returns the next byte after white space, or 0 at the end.
func (s *scanner) next() byte {
	s.skipSpace()
	if s.at == len(s.text) {
		return 0
	}
	return s.text[s.at]
}

// value reads one value. ok is false if it is not valid JSON or the places in it can't be known.
func (s *scanner) value(in place) (e element, ok bool) {
	e.kind = s.next()
	e.start = s.at
	switch c := e.kind; {
	case c == '{' || c == '[':
		if s.depth++; s.depth > maxDepth {
			return e, false
		}
		if c == '{' {
			ok = s.object(in)
		} else {
			ok = s.list(in)
		}
		s.depth--
	case c == '"':
		e.text, ok = s.string()
	case c == '-' || c >= '0' && c <= '9':
		e.kind = '0'
		ok = s.literal()
		e.text = string(s.text[e.start:s.at])
	case c == 't' || c == 'f' || c == 'n':
		ok = s.literal()
	}
	e.end = s.at
	if !ok {
		return e, false
	}
	switch {
	case s.all && (e.kind == '"' || e.kind == '0'):
		s.secrets = append(s.secrets, e.text)
	case e.kind == '"' && quotesDocument(e.text):
		s.spans = append(s.spans, span{e.start, e.end, maskText})
	}
	return e, true
}

// string reads a string.
func (s *scanner) string() (text string, ok bool) {
	start := s.at
	for s.at++; s.at < len(s.text); s.at++ {
		switch c := s.text[s.at]; {
		case c == '\\':
			s.at++
		case c < ' ':
			return "", false
		case c == '"':
			s.at++
			raw := s.text[start:s.at]
			if bytes.IndexByte(raw, '\\') < 0 { // concealPlaces has checked that it is UTF-8
				return string(raw[1 : len(raw)-1]), true
			}
			if json.Unmarshal(raw, &text) != nil {
				return "", false
			}
			if bytes.Contains(raw, []byte(`\u`)) { // known secrets are searched for in the text without escapes
				s.spans = append(s.spans, span{start, s.at, encodeText(text)})
			}
			return text, true
		}
	}
	return "", false
}

// encodeText returns a text as JSON with as few escapes as possible.
func encodeText(text string) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(text) // a text always encodes
	return strings.TrimSuffix(b.String(), "\n")
}

func (s *scanner) literal() bool {
	start := s.at
	for s.at < len(s.text) && strings.IndexByte(" \t\r\n,]}:", s.text[s.at]) < 0 {
		s.at++
	}
	return json.Valid(s.text[start:s.at])
}

func (s *scanner) list(in place) bool {
	s.at++
	if s.next() == ']' {
		s.at++
		return true
	}
	for {
		e, ok := s.value(in)
		if !ok {
			return false
		}
		if in.fields && e.isScalar() {
			s.conceal(e)
		}
		switch s.next() {
		case ',':
			s.at++
		case ']':
			s.at++
			return true
		default:
			return false
		}
	}
}

func (s *scanner) object(in place) bool {
	members := map[string]element{}
	s.at++
	for s.next() != '}' || len(members) > 0 {
		if s.next() != '"' {
			return false
		}
		name, ok := s.string()
		name = foldCase(name)
		if _, twice := members[name]; !ok || twice || s.next() != ':' {
			return false
		}
		s.at++
		e, ok := s.value(place{fields: name == "FIELDS"})
		if !ok {
			return false
		}
		members[name] = e
		if s.next() == ',' {
			s.at++
			continue
		}
		if s.next() != '}' {
			return false
		}
		break
	}
	s.at++
	for name, e := range members {
		if isSecretMember(members, name, in) {
			s.conceal(e)
		}
	}
	return true
}

// foldCase returns the same text for all names that Go's decoder regards as equal. ASCII letters become upper case.
func foldCase(name string) string {
	return strings.Map(func(r rune) rune {
		least := r
		for other := unicode.SimpleFold(r); other != r; other = unicode.SimpleFold(other) {
			least = min(least, other)
		}
		return least
	}, name)
}
