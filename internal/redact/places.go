package redact

import (
	"bytes"
	"encoding/json"
	"errors"
	"html"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// deepest is how many objects and lists may be within each other in a document
// whose places are known. Those of Connect have six.
const deepest = 100

var errNotJSON = errors.New("redact: not one JSON document whose members have one value each")

// concealed is a JSON text that was looked through for values that Connect
// conceals.
type concealed struct {
	text    []byte   // with Mask in the place of each of them
	secrets []string // the values
}

// concealPlaces masks what Connect conceals by where it stands in a document,
// whatever it is: values of fields that are concealed by type or purpose, codes,
// former passwords, contents of files. An error says that the places cannot be
// known: the body is not JSON, has something before or behind it, has a member
// twice (names that differ only in case are the same to Go's decoder) or is too
// deep.
func concealPlaces(body []byte) (concealed, error) {
	s := scanner{text: body}
	if !utf8.Valid(body) {
		return concealed{}, errNotJSON
	}
	_, ok := s.value(place{})
	if s.space(); !ok || s.at != len(body) {
		return concealed{}, errNotJSON
	}
	return concealed{s.masked(), s.secrets}, nil
}

// place is where in a document a value stands.
type place struct {
	fields bool // in the list of fields, or in a field
}

// element is a value of a document.
type element struct {
	start, end int
	kind       byte   // its first character
	text       string // of a string; a number as it is written
}

// isEmpty tells whether there is nothing to conceal.
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

// scanner reads a JSON text once and notes where secrets are.
type scanner struct {
	text    []byte
	at      int
	depth   int
	all     bool // every string and number is a secret
	spans   []span
	secrets []string
}

// span is a part of a text with what is shown in its place.
type span struct {
	start, end int
	shown      string
}

const maskText = `"` + Mask + `"`

// conceal masks an element and notes its values.
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

func (s *scanner) masked() []byte {
	slices.SortFunc(s.spans, func(a, b span) int {
		if a.start != b.start {
			return a.start - b.start
		}
		if a.end != b.end {
			return b.end - a.end
		}
		return boolOrder(b.shown == maskText, a.shown == maskText)
	})
	var out []byte
	done := 0
	for _, span := range s.spans {
		if span.start < done {
			continue // within the one before
		}
		out = append(out, s.text[done:span.start]...)
		out = append(out, span.shown...)
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

func (s *scanner) space() {
	for s.at < len(s.text) && strings.IndexByte(" \t\r\n", s.text[s.at]) >= 0 {
		s.at++
	}
}

func (s *scanner) next() byte {
	s.space()
	if s.at == len(s.text) {
		return 0
	}
	return s.text[s.at]
}

// value reads one value. false: it is none, or the document cannot be trusted.
func (s *scanner) value(in place) (e element, ok bool) {
	e.kind = s.next()
	e.start = s.at
	switch c := e.kind; {
	case c == '{' || c == '[':
		if s.depth++; s.depth > deepest {
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

// string reads a string; escapes are left to the library.
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
			if json.Unmarshal(raw, &text) != nil {
				return "", false
			}
			if bytes.Contains(raw, []byte(`\u`)) { // known secrets are looked for in the plain text
				s.spans = append(s.spans, span{start, s.at, encodeText(text)})
			}
			return text, true
		}
	}
	return "", false
}

// encodeText is a text in JSON with as few escapes as there can be.
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
		name = folded(name)
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
		if concealsMember(members, name, in) {
			s.conceal(e)
		}
	}
	return true
}

// folded makes names that Go's decoder takes for the same one the same text: in
// upper case, for letters of ASCII.
func folded(name string) string {
	return strings.Map(func(r rune) rune {
		least := r
		for other := unicode.SimpleFold(r); other != r; other = unicode.SimpleFold(other) {
			least = min(least, other)
		}
		return least
	}, name)
}

// concealsMember tells whether a member of an object is secret by its place.
// Names are folded.
func concealsMember(members map[string]element, name string, in place) bool {
	e := members[name]
	switch name {
	case "TOTP", "CONTENT", "HISTORY":
		return true
	case "VALUE":
		if path, ok := members["PATH"]; ok {
			return concealsPatch(path, e)
		}
		return concealsValue(members)
	case "FIELDS":
		return e.isScalar()
	}
	return in.fields && !slices.Contains(openMembers(), name)
}

// openMembers are the members of a field that are no secret.
func openMembers() []string {
	return []string{
		"ENTROPY", "GENERATE", "ID", "LABEL", "PASSWORDDETAILS", "PASSWORD_DETAILS", "PURPOSE", "RECIPE", "REFERENCE",
		"SECTION", "TYPE",
	}
}

// concealsValue tells whether the value of a field is secret: it is unless its
// type is known and open, and its purpose is none or a user name.
func concealsValue(field map[string]element) bool {
	open := []string{
		"STRING", "EMAIL", "URL", "DATE", "MONTH_YEAR", "MENU", "PHONE", "ADDRESS", "GENDER", "REFERENCE",
	}
	kind, purpose := strings.ToUpper(field["TYPE"].text), strings.ToUpper(field["PURPOSE"].text)
	if purpose == "USERNAME" {
		return kind != "" && !slices.Contains(open, kind)
	}
	return purpose != "" || !slices.Contains(open, kind)
}

// concealsPatch tells whether the value of a patch operation is secret. One that
// is an object or a list is looked into instead, unless it is set within a
// field.
func concealsPatch(path, value element) bool {
	open := []string{
		"TITLE", "TAGS", "FAVORITE", "URLS", "CATEGORY", "SECTIONS", "VAULT", "ID", "VERSION", "STATE",
	}
	segments := strings.Split(strings.TrimPrefix(folded(path.text), "/"), "/")
	switch {
	case path.kind != '"':
		return true
	case slices.Contains(open, segments[0]):
		return false
	case len(segments) < 3: // the item, its fields, or one of them
		return value.isScalar()
	}
	open = openMembers()
	return segments[0] != "FIELDS" || !slices.Contains(open, segments[2]) || slices.Contains(segments, "HISTORY")
}

// quotesDocument tells whether a text repeats a part of a document in which
// there may be a secret.
func quotesDocument(text string) bool {
	if !strings.ContainsAny(text, "{[:") || !strings.ContainsAny(text, `"'&`) {
		return false
	}
	names := regexp.MustCompile(`(?i)(value|totp|content|history|fields)\\*["']`)
	plain := unescaped(text)
	return names.MatchString(plain) || names.MatchString(html.UnescapeString(plain))
}

// mayHoldSecrets tells whether requests to an operation or its responses may
// hold values that Connect conceals; "" is an operation that is not known.
func mayHoldSecrets(operation string) bool {
	return !slices.Contains([]string{
		"GetApiActivity", "GetHeartbeat", "GetPrometheusMetrics", "GetServerHealth", "GetVaultById", "GetVaults",
	}, operation)
}

// harmless are the bodies that servers send where they know no route. They are
// shown although they are not JSON.
func harmless(body []byte) bool {
	text := strings.TrimSpace(string(body))
	return text == "404 page not found" || text == "405 method not allowed" || text == "Method Not Allowed"
}
