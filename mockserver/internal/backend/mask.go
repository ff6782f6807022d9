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
	"github.com/connectmock/connectmock/mockserver/internal/store"
)

// masked stands where something was that is not shown.
const masked = "[hidden]"

// minWithin is how many bytes a token must have to be looked for within words:
// a shorter one is masked where it is a whole word.
const minWithin = 6

// TokenMask takes tokens out of texts for people, where one was put into an address by mistake. It is safe for use by many goroutines.
type TokenMask struct {
	mu     sync.RWMutex
	values map[string]bool // of tokens this process was given
	hashes map[string]bool // of those that only the store knows
	short  bool            // one of values is shorter than minWithin
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
	m.values[value] = true
	m.short = m.short || len(value) < minWithin
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
		text = withoutTokens(text)
	}
	m.mu.RLock()
	defer m.mu.RUnlock()
	for value := range m.values {
		if len(value) >= minWithin {
			text = strings.ReplaceAll(text, value, masked)
		}
	}
	if !m.short && len(m.hashes) == 0 {
		return text
	}
	return m.words(text)
}

// words masks the words of a text that are tokens. Words are looked at with and
// without the punctuation in them.
func (m *TokenMask) words(text string) string {
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
	for { // neighbours share a separator
		next := pattern.ReplaceAllString(text, "${1}"+masked+"${2}")
		if next == text {
			return text
		}
		text = next
	}
}

// Query returns a query without tokens, without the values of parameters that are not in parameters, those of the
// operation (nobody knows what they are, and some clients send tokens so), and without values that are not of their
// parameter's kind.
func (m *TokenMask) Query(operation string, parameters []string, query string) string {
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
			value = m.filter(operation, value)
		case !isPlainParameter(value):
			value = masked
		}
		pairs[i] = m.Text(name) + "=" + value
	}
	return strings.Join(pairs, "&")
}

// isPlainParameter tells whether a value is one of those that parameters other
// than filters have.
func isPlainParameter(value string) bool {
	return regexp.MustCompile(`^([+-]?[0-9]{0,19}|(?i:true|false))$`).MatchString(value)
}

// filter is a filter, percent-encoded, without tokens. Of one that is not valid
// only attributes and operators are left: what it compares, such as a password,
// may be anything.
func (m *TokenMask) filter(operation, encoded string) string {
	text, err := url.QueryUnescape(encoded)
	if err != nil {
		return masked
	}
	parse := filter.ParseItems
	if operation == "GetVaults" {
		parse = filter.ParseVaults
	}
	shown := m.Text(text)
	if _, err := parse(text); err != nil {
		shown = comparisons(text)
	}
	if shown == text {
		return encoded
	}
	return strings.ReplaceAll(url.QueryEscape(shown), url.QueryEscape(masked), masked)
}

// comparisons are the attributes and operators of a filter.
func comparisons(text string) string {
	found := regexp.MustCompile(`(?i)([a-z][a-z0-9_.]*)[ +]+(eq|ne|co|sw|ew|gt|ge|lt|le)\b`).FindAllString(text, 8)
	if len(found) == 0 {
		return masked
	}
	return strings.Join(found, " "+masked+", ") + " " + masked
}

// Error returns an error whose text has no tokens.
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

// withoutTokens hides what looks like a JWT in a text, where one was put into an
// address by mistake.
func withoutTokens(text string) string {
	return regexp.MustCompile(tokenStart+`[A-Za-z0-9_-]{8,}(\.[A-Za-z0-9_-]*)*`).ReplaceAllString(text, masked)
}
