package backend

import (
	"context"
	"errors"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/connectmock/connectmock/mockserver/internal/auth"
	"github.com/connectmock/connectmock/mockserver/internal/filter"
	"github.com/connectmock/connectmock/mockserver/internal/journal"
	"github.com/connectmock/connectmock/mockserver/internal/store"
)

// masked replaces what is hidden.
const masked = "[hidden]"

// minWithin is how many bytes a token must have to be masked within words. A shorter one is masked only where it is a
// whole word.
const minWithin = 6

// TokenMask hides tokens in texts for people, because a client may put one into a path by mistake. It is safe for use
// by many goroutines.
type TokenMask struct {
	mu     sync.RWMutex
	values map[string]bool // of the tokens that this process was given
	within []string        // those of them that are masked within words
	hashes map[string]bool // of the other plain tokens in the store
}

func newTokenMask() *TokenMask {
	return &TokenMask{values: map[string]bool{}, hashes: map[string]bool{}}
}

func (m *TokenMask) add(value string) {
	if value == "" {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.values[value] && len(value) >= minWithin {
		m.within = append(m.within, value)
	}
	m.values[value] = true
	delete(m.hashes, auth.HashPlain(value))
}

// load adds the plain tokens of a store, which keeps hashes only.
func (m *TokenMask) load(ctx context.Context, st *store.Store) error {
	return st.View(ctx, func(tx *store.Tx) error {
		accounts, err := tx.Accounts()
		if err != nil {
			return err
		}
		for _, a := range accounts {
			tokens, err := tx.Tokens(a.ID)
			if err != nil {
				return err
			}
			m.addHashes(tokens)
		}
		return nil
	})
}

func (m *TokenMask) addHashes(tokens []auth.Token) {
	m.mu.Lock()
	defer m.mu.Unlock()
	known := map[string]bool{}
	for value := range m.values {
		known[auth.HashPlain(value)] = true
	}
	for _, t := range tokens {
		if t.Hash != "" && !known[t.Hash] {
			m.hashes[t.Hash] = true
		}
	}
}

// Text returns a text without tokens, signed or plain.
func (m *TokenMask) Text(text string) string {
	if text == "" {
		return text
	}
	if strings.Contains(text, tokenStart) {
		text = maskJWTs(text)
	}
	m.mu.RLock()
	defer m.mu.RUnlock()
	for _, value := range m.within {
		text = strings.ReplaceAll(text, value, masked)
	}
	if len(m.within) == len(m.values) && len(m.hashes) == 0 {
		return text
	}
	return m.maskWords(text)
}

// maskWords masks the words of a text that are tokens. It splits the text at spaces, and then at punctuation too.
func (m *TokenMask) maskWords(text string) string {
	for _, separators := range []string{" \t\r\n", " \t\r\n/?&=:;,\"'()<>[]{}@"} {
		words := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(separators, r) })
		for _, word := range words {
			if m.isToken(word) {
				text = replaceWord(text, word, separators)
			}
		}
	}
	return text
}

func (m *TokenMask) isToken(word string) bool {
	if m.values[word] {
		return true
	}
	return len(m.hashes) > 0 && m.hashes[auth.HashPlain(word)]
}

// replaceWord masks a word where separators stand around it.
func replaceWord(text, word, separators string) string {
	set := "[" + regexp.QuoteMeta(separators) + "]"
	pattern := regexp.MustCompile("(^|" + set + ")" + regexp.QuoteMeta(word) + "(" + set + "|$)")
	for { // two adjacent words share a separator, so that one pass replaces only the first
		next := pattern.ReplaceAllString(text, "${1}"+masked+"${2}")
		if next == text {
			return text
		}
		text = next
	}
}

// hide hides tokens in the texts of a request.
func (m *TokenMask) hide(r *journal.Record) {
	if r.Operation == "" { // otherwise it is the method of a route
		r.Method = m.Text(r.Method)
	}
	r.Path, r.UserAgent, r.Message = m.Text(r.Path), m.Text(r.UserAgent), m.Text(r.Message)
	if r.Query != "" {
		r.Query = m.query(r.Operation, r.Parameters, r.Query, r.ValidFilter)
	}
}

// query returns a query without tokens. It also hides the values of parameters that the operation does not have
// (parameters lists those it has), because some clients send tokens in them, and values of the wrong type. validFilter
// is a filter that is known to be valid, "" for none: it is not parsed again.
func (m *TokenMask) query(operation string, parameters []string, query, validFilter string) string {
	pairs := strings.Split(query, "&")
	for i, pair := range pairs {
		name, value, given := strings.Cut(pair, "=")
		known := slices.Contains(parameters, name)
		switch {
		case !given && known:
			continue
		case !given && pair != "":
			pairs[i] = masked
			continue
		case !given:
			continue
		case !known:
			value = masked
		case name == "filter":
			value = m.maskFilter(operation, value, validFilter)
		case !isPlainParameter(value):
			value = masked
		}
		pairs[i] = m.Text(name) + "=" + value
	}
	return strings.Join(pairs, "&")
}

// isPlainParameter reports whether a value is a number or a boolean, as those of all parameters except filters.
func isPlainParameter(value string) bool {
	if strings.EqualFold(value, "true") || strings.EqualFold(value, "false") {
		return true
	}
	if value != "" && (value[0] == '+' || value[0] == '-') {
		value = value[1:]
	}
	return len(value) <= 19 && strings.Trim(value, "0123456789") == ""
}

// maskFilter returns a percent-encoded filter without tokens. Of an invalid filter it returns only attributes and
// operators: the values may be anything, such as a password.
func (m *TokenMask) maskFilter(operation, encoded, valid string) string {
	text, err := url.QueryUnescape(encoded)
	if err != nil {
		return masked
	}
	shown := m.Text(text)
	if text != valid && !isFilter(operation, text) {
		shown = comparisons(text)
	}
	if shown == text {
		return encoded
	}
	return strings.ReplaceAll(url.QueryEscape(shown), url.QueryEscape(masked), masked)
}

// isFilter reports whether a text is a valid filter of an operation.
func isFilter(operation, text string) bool {
	parse := filter.ParseItems
	if operation == "GetVaults" {
		parse = filter.ParseVaults
	}
	_, err := parse(text)
	return err == nil
}

// comparisons returns the attributes and operators of a filter, with masked values.
func comparisons(text string) string {
	found := regexp.MustCompile(`(?i)([a-z][a-z0-9_.]*)[ +]+(eq|ne|co|sw|ew|gt|ge|lt|le)\b`).FindAllString(text, 8)
	if len(found) == 0 {
		return masked
	}
	return strings.Join(found, " "+masked+", ") + " " + masked
}

// Error returns an error whose text has no tokens: err itself if it has none.
func (m *TokenMask) Error(err error) error {
	if err == nil {
		return nil
	}
	if text := m.Text(err.Error()); text != err.Error() {
		return errors.New(text)
	}
	return err
}

// tokenStart is how every JWT begins: {" in base64.
const tokenStart = "eyJ"

// maskJWTs hides everything in a text that looks like a JWT.
func maskJWTs(text string) string {
	return regexp.MustCompile(tokenStart+`[A-Za-z0-9_-]{8,}(\.[A-Za-z0-9_-]*)*`).ReplaceAllString(text, masked)
}
