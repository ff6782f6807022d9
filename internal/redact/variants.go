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

// piece is the length above which a secret is cut into pieces that overlap a
// little: each is a secret of its own, and a body that holds only a part of a
// file is still masked.
const (
	piece   = 1 << 10
	overlap = 8
	twice   = 256 // the length up to which two encodings are reckoned with
)

// variants are the forms a secret may take in a report, itself among them.
func variants(secret string) []string {
	var all []string
	rest := secret
	for len(rest) > piece {
		all = append(all, forms(rest[:character(rest, piece)])...)
		rest = rest[character(rest, piece-overlap):]
	}
	all = append(all, forms(rest)...)
	// A key of many lines is also known by its lines, should something indent
	// them. Lines like "-----BEGIN" are nobody's secret.
	if lines := strings.Split(secret, "\n"); len(lines) > 1 {
		for _, line := range lines {
			if line = strings.TrimSpace(line); len(line) >= 16 && !strings.HasPrefix(line, "-----") {
				all = append(all, forms(line)...)
			}
		}
	}
	return all
}

// character is the first place from at on that is not within a character.
func character(text string, at int) int {
	for at < len(text) && !utf8.RuneStart(text[at]) {
		at++
	}
	return at
}

// forms are a secret in every encoding and, if it is short, what JSON and
// addresses make of it encoded once more: a body within a text within a report.
func forms(secret string) []string {
	all := encodings(secret)
	if len(secret) <= twice {
		for _, text := range distinct(append(inJSON(secret), inURL(secret)...)) {
			if text != secret {
				all = append(all, encodings(text)...)
			}
		}
	}
	return distinct(all)
}

func encodings(text string) []string {
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

func distinct(all []string) []string {
	slices.Sort(all)
	return slices.Compact(all)
}

// inJSON are the ways encoders escape: Go's, with and without HTML, those that
// escape slashes, and those that write ASCII only.
func inJSON(secret string) []string {
	html, _ := json.Marshal(secret) // a string always encodes
	var b bytes.Buffer
	plain := json.NewEncoder(&b)
	plain.SetEscapeHTML(false)
	_ = plain.Encode(secret)
	lean := strings.TrimSuffix(b.String(), "\n")
	var all []string
	for _, text := range []string{string(html), lean} {
		text = text[1 : len(text)-1]
		all = append(all, text, strings.ReplaceAll(text, "/", `\/`), ascii(text))
	}
	return all
}

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

// inURL are a query's way, a path's way and that of JavaScript, each with
// upper and lower case hexadecimals.
func inURL(secret string) []string {
	form := url.QueryEscape(secret)
	percent := strings.ReplaceAll(form, "+", "%20")
	script := strings.NewReplacer("%21", "!", "%27", "'", "%28", "(", "%29", ")", "%2A", "*").Replace(percent)
	all := []string{form, percent, script, url.PathEscape(secret), (&url.URL{Path: secret}).EscapedPath()}
	for _, text := range all[:len(all):len(all)] {
		all = append(all, lowerHex(text))
	}
	return all
}

func lowerHex(text string) string {
	b := []byte(text)
	for i := 0; i+2 < len(b); i++ {
		if b[i] == '%' {
			copy(b[i+1:i+3], bytes.ToLower(b[i+1:i+3]))
			i += 2
		}
	}
	return string(b)
}

// inBase64 are the characters that depend on the secret alone, for each of the
// three places it can begin at within a group.
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
