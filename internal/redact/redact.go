package redact

import (
	"slices"
	"strings"
	"sync"
)

// Mask replaces a secret.
const Mask = "[redacted]"

// minLength is the minimum length of a secret in bytes. Shorter ones occur everywhere in a report.
const minLength = 4

// Redactor replaces secrets by Mask: by value, also where they are encoded for JSON, URLs, shells or base64, and in
// bodies also by place, see concealPlaces. The zero value knows no secrets. It may be used by many goroutines.
type Redactor struct {
	mu       sync.RWMutex
	known    map[string]bool
	patterns map[[minLength]byte][]string // by their first bytes, longest first
	tokens   map[string]string            // shell variable by token
	short    map[string]bool              // secrets of less than minLength bytes, in quotes as JSON writes them
}

// Add adds a secret. It reports false for a value of less than four bytes, which it does not add.
func (r *Redactor) Add(secret string) bool {
	if len(secret) < minLength {
		return false
	}
	r.mu.RLock()
	known := r.known[secret]
	r.mu.RUnlock()
	if known {
		return true
	}
	all := variants(secret) // without the lock, because it is slow
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.known == nil {
		r.known, r.patterns = map[string]bool{}, map[[minLength]byte][]string{}
	}
	r.known[secret] = true
	for _, v := range all {
		r.insert(v)
	}
	return true
}

// AddToken adds a bearer token as a secret. Curl lines name it by a shell variable such as OP_CONNECT_TOKEN.
func (r *Redactor) AddToken(token, variable string) bool {
	if !r.Add(token) {
		return false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.tokens == nil {
		r.tokens = map[string]string{}
	}
	r.tokens[token] = variable
	return true
}

// maxShort is the maximum number of short secrets.
const maxShort = 10_000

// addShort adds a secret that is masked only in quotes: three characters occur everywhere. Bodies mask it by place.
func (r *Redactor) addShort(secret string) {
	if secret == "" {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.short == nil {
		r.short = map[string]bool{}
	}
	if len(r.short) >= maxShort {
		return
	}
	for _, text := range distinct(inJSON(secret)) {
		r.short[`"`+text+`"`] = true
	}
}

// redactShort masks short secrets in quotes, also where the quotes are escaped.
func (r *Redactor) redactShort(text string) string {
	if !strings.Contains(text, `"`) {
		return text
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	for quoted := range r.short {
		text = strings.ReplaceAll(text, quoted, maskText)
		inner := quoted[1 : len(quoted)-1]
		text = strings.ReplaceAll(text, `\"`+inner+`\"`, `\"`+Mask+`\"`)
	}
	return text
}

// insert adds a pattern, unless it exists, to those with the same beginning, which are sorted by length.
func (r *Redactor) insert(pattern string) {
	if len(pattern) < minLength || strings.Contains(Mask, pattern) {
		return
	}
	key := [minLength]byte([]byte(pattern[:minLength]))
	list := r.patterns[key]
	at, found := slices.BinarySearchFunc(list, pattern, func(a, b string) int {
		if d := len(b) - len(a); d != 0 {
			return d
		}
		return strings.Compare(a, b)
	})
	if !found {
		r.patterns[key] = slices.Insert(list, at, pattern)
	}
}

// Redact replaces every secret in a message. Secrets that overlap or touch are replaced together, so that no part of
// either remains. A secret of less than four bytes is replaced only in quotes.
func (r *Redactor) Redact(text string) string { return r.redactShort(r.RedactText(text, false)) }

// RedactText replaces every secret of four bytes or more. If cut is set, text is the beginning of a longer one, and the
// beginning of a secret at its end is replaced too.
func (r *Redactor) RedactText(text string, cut bool) string {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if len(r.patterns) == 0 {
		return text
	}
	var out strings.Builder
	done, masking := 0, false // text[:done] is in out; masking: it ends with a Mask
	for i := 0; i+minLength <= len(text); i++ {
		n := r.secretAt(text[i:], cut)
		if n == 0 {
			continue
		}
		if i > done || !masking {
			out.WriteString(text[done:i])
			out.WriteString(Mask)
		}
		done, masking = max(done, i+n), true
	}
	if done == 0 {
		return text
	}
	out.WriteString(text[done:])
	return out.String()
}

// secretAt returns the length of the longest secret at the beginning of a text, or 0.
func (r *Redactor) secretAt(text string, cut bool) int {
	for _, p := range r.patterns[[minLength]byte([]byte(text[:minLength]))] {
		if strings.HasPrefix(text, p) {
			return len(p)
		}
		if cut && strings.HasPrefix(p, text) {
			return len(text)
		}
	}
	return 0
}
