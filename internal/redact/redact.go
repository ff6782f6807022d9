package redact

import (
	"slices"
	"strings"
	"sync"
)

// Mask stands where a secret was.
const Mask = "[redacted]"

// shortest is how many bytes a secret must have: anything shorter would
// blacken half of every report and could be guessed anyway.
const shortest = 4

// Redactor replaces secrets by value: wherever one occurs, as it is or in a
// form it takes in JSON, addresses, shells or base64, Mask is written instead.
// In bodies it also replaces them by place, see concealPlaces.
// The zero value knows no secrets. It may be used by many goroutines.
type Redactor struct {
	mu       sync.RWMutex
	known    map[string]bool
	patterns map[[shortest]byte][]string // by their first bytes, longest first
	tokens   map[string]string           // shell variable by token
	short    map[string]bool             // secrets of less than shortest bytes, in quotes as JSON writes them
}

// Add makes a value a secret from now on. It refuses values shorter than four
// bytes and reports whether it took the value.
func (r *Redactor) Add(secret string) bool {
	if len(secret) < shortest {
		return false
	}
	r.mu.RLock()
	known := r.known[secret]
	r.mu.RUnlock()
	if known {
		return true
	}
	all := variants(secret) // outside the lock: it is the slow part
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.known == nil {
		r.known, r.patterns = map[string]bool{}, map[[shortest]byte][]string{}
	}
	r.known[secret] = true
	for _, v := range all {
		r.insert(v)
	}
	return true
}

// AddToken makes a bearer token a secret that a curl line can name by a
// variable of the shell, such as OP_CONNECT_TOKEN.
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

// maxShort is how many short secrets are remembered.
const maxShort = 10_000

// addShort makes a value secret where a message has it in quotes. Bodies mask it
// by its place: three characters occur everywhere.
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

// insert keeps the patterns of one beginning in order, longest first, each
// once.
func (r *Redactor) insert(pattern string) {
	if len(pattern) < shortest || strings.Contains(Mask, pattern) {
		return
	}
	key := [shortest]byte([]byte(pattern[:shortest]))
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

// Redact replaces every secret in a message. Secrets that overlap or touch become
// one Mask, so that no rest of either is left. A secret of less than four bytes
// is replaced only in quotes.
func (r *Redactor) Redact(text string) string { return r.redactShort(r.RedactText(text, false)) }

// RedactText replaces every secret of four bytes or more. If the text was cut it
// also masks the beginning of a secret at the end.
func (r *Redactor) RedactText(text string, cut bool) string {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if len(r.patterns) == 0 {
		return text
	}
	var out strings.Builder
	done, masking := 0, false // text[:done] is in out, the last of it as a Mask
	for i := 0; i+shortest <= len(text); i++ {
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

// secretAt is the length of the longest secret a text begins with, 0 if it
// begins with none.
func (r *Redactor) secretAt(text string, cut bool) int {
	for _, p := range r.patterns[[shortest]byte([]byte(text[:shortest]))] {
		if strings.HasPrefix(text, p) {
			return len(p)
		}
		if cut && strings.HasPrefix(p, text) {
			return len(text)
		}
	}
	return 0
}
