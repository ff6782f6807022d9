package redact

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Secrets longer than pieceLength are split into pieces that overlap a little. Each piece is a secret, so that a body
// with only a part of a file is masked too.
const (
	pieceLength    = 1 << 10
	overlap        = 8
	maxTwiceLength = 256 // secrets up to this length are also found where they are encoded twice
)

// variants returns the forms that a secret may have in a report, with the secret itself.
func variants(secret string) []string {
	var all []string
	rest := secret
	for len(rest) > pieceLength {
		all = append(all, forms(rest[:characterStart(rest, pieceLength)])...)
		rest = rest[characterStart(rest, pieceLength-overlap):]
	}
	all = append(all, forms(rest)...)
	// The lines of a key are secrets too, because something may indent them. Lines such as "-----BEGIN" are not. A picture
	// has no lines.
	if lines := strings.Split(secret, "\n"); len(lines) > 1 && utf8.ValidString(secret) {
		for _, line := range lines {
			if line = strings.TrimSpace(line); len(line) >= 16 && !strings.HasPrefix(line, "-----") {
				all = append(all, forms(line)...)
			}
		}
	}
	return all
}

// characterStart returns the first index from at on where a character starts.
func characterStart(text string, at int) int {
	for at < len(text) && !utf8.RuneStart(text[at]) {
		at++
	}
	return at
}

// forms returns a secret in every encoding. A short one is also encoded twice, as in a body that a message quotes.
func forms(secret string) []string {
	all := encodings(secret)
	if len(secret) <= maxTwiceLength && strings.ContainsFunc(secret, isEscaped) {
		for _, text := range distinct(append(inJSON(secret), inURL(secret)...)) {
			if text != secret {
				all = append(all, encodings(text)...)
			}
		}
	}
	return distinct(all)
}

// encodings returns a text in each encoding that a report may contain.
func encodings(text string) []string {
	if !strings.ContainsFunc(text, isEscaped) { // as most ids and passwords
		return append(inBase64(text), text)
	}
	quoted := strconv.Quote(text)
	all := []string{
		text,
		quoted[1 : len(quoted)-1],
		strings.ReplaceAll(text, "'", `'\''`), // in a curl line
	}
	all = append(all, inJSON(text)...)
	all = append(all, inURL(text)...)
	return append(all, inBase64(text)...)
}

// distinct returns the sorted texts without duplicates.
func distinct(all []string) []string {
	slices.Sort(all)
	return slices.Compact(all)
}

// isEscaped reports whether an encoding other than base64 writes a character in another way.
func isEscaped(r rune) bool {
	return r >= utf8.RuneSelf || !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' ||
		strings.ContainsRune("-_.~", r))
}

// inJSON returns a secret as JSON encoders write it: Go's, with and without HTML escapes, those that escape slashes,
// and those that write only ASCII.
func inJSON(secret string) []string {
	html, _ := json.Marshal(secret) // a string always encodes
	var b bytes.Buffer
	plain := json.NewEncoder(&b)
	plain.SetEscapeHTML(false)
	_ = plain.Encode(secret)
	minimal := strings.TrimSuffix(b.String(), "\n")
	var all []string
	for _, text := range []string{string(html), minimal} {
		text = text[1 : len(text)-1]
		all = append(all, text, strings.ReplaceAll(text, "/", `\/`), ascii(text))
	}
	return all
}

// ascii escapes all other characters as JSON does.
func ascii(text string) string {
	var b strings.Builder
	for _, r := range text {
		if r < utf8.RuneSelf {
			b.WriteRune(r)
			continue
		}
		for _, unit := range utf16.Encode([]rune{r}) {
			b.WriteString(`\u` + strconv.FormatUint(0x10000|uint64(unit), 16)[1:])
		}
	}
	return b.String()
}

// inURL returns a secret as it is encoded in queries, in paths and by JavaScript, with upper and lower case hexadecimal
// digits.
func inURL(secret string) []string {
	form := url.QueryEscape(secret)
	percent := strings.ReplaceAll(form, "+", "%20")
	script := percent
	for code, character := range map[string]string{"%21": "!", "%27": "'", "%28": "(", "%29": ")", "%2A": "*"} {
		script = strings.ReplaceAll(script, code, character)
	}
	all := []string{form, percent, script, url.PathEscape(secret), (&url.URL{Path: secret}).EscapedPath()}
	for _, text := range all[:len(all):len(all)] {
		all = append(all, lowerHex(text))
	}
	return all
}

// lowerHex writes the digits of percent-encoding in lower case.
func lowerHex(text string) string {
	if !strings.Contains(text, "%") {
		return text
	}
	b := []byte(text)
	for i := 0; i+2 < len(b); i++ {
		if b[i] == '%' {
			copy(b[i+1:i+3], bytes.ToLower(b[i+1:i+3]))
			i += 2
		}
	}
	return string(b)
}

// inBase64 returns the base64 characters that depend only on the secret, for each of its three possible offsets in a
// group.
func inBase64(secret string) []string {
	var all []string
	for offset := range 3 {
		text := append(make([]byte, offset), secret...)
		from := (offset*8 + 5) / 6
		to := len(text) * 8 / 6
		for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			all = append(all, encoding.EncodeToString(text)[from:to])
		}
	}
	return all
}
