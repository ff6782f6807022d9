package redact

import (
	"encoding/base64"
	"html"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// Learn makes secrets of the values in a JSON body that Connect conceals:
// passwords, notes, keys, one-time passwords with their seeds and codes, former
// passwords, the content of files, and values whose type is not said. Of a body
// that is not JSON it makes secrets of all that looks like a value.
func (r *Redactor) Learn(body []byte) {
	found, err := concealPlaces(body)
	if err != nil {
		r.learnText(body)
		return
	}
	for _, secret := range found.secrets {
		r.learnSecret(secret)
	}
}

func (r *Redactor) learnSecret(secret string) {
	if len(secret) < shortest {
		r.addShort(secret)
		return
	}
	r.Add(secret)
	if u, err := url.Parse(secret); err == nil && u.Scheme == "otpauth" {
		r.Add(u.Query().Get("secret"))
	}
	if raw, err := base64.StdEncoding.DecodeString(secret); err == nil {
		r.Add(string(raw))
	}
}

// mostText is how much of a body that is not JSON is looked through, in bytes.
const mostText = 1 << 20

// learnText makes secrets of what stands behind the names of members that hold
// them, in a text that need not be well-formed.
func (r *Redactor) learnText(body []byte) {
	text := string(body[:min(len(body), mostText)])
	plain := unescaped(text)
	pairs := regexp.MustCompile(`(?is)\b(?:value|totp|content|history)\\*"\s*:\s*\[?\s*` +
		`(?:\\*"((?:[^"\\]|\\.)*)|([^\s,\[\]{}"]+))`)
	for _, form := range distinct([]string{text, plain, html.UnescapeString(text), html.UnescapeString(plain)}) {
		for _, found := range pairs.FindAllStringSubmatch(form, -1) {
			secret := found[1] + found[2]
			if secret == "null" || secret == "true" || secret == "false" {
				continue
			}
			r.learnSecret(strings.TrimSuffix(secret, `\`))
			if plain, err := strconv.Unquote(`"` + secret + `"`); err == nil {
				r.learnSecret(plain)
			}
		}
	}
}

// unescaped undoes \u0061 for the letters of ASCII.
func unescaped(text string) string {
	return regexp.MustCompile(`(?i)\\u00[2-7][0-9a-f]`).ReplaceAllStringFunc(text, func(escape string) string {
		n, err := strconv.ParseUint(escape[2:], 16, 8)
		if err != nil || n == '"' || n == '\\' {
			return escape
		}
		return string(rune(n))
	})
}

// LearnCredential makes a secret of what follows the scheme of an
// Authorization header, if it is long enough to be one.
func (r *Redactor) LearnCredential(header string) {
	credential := header[strings.LastIndexByte(header, ' ')+1:]
	if len(credential) >= 16 {
		r.Add(credential)
	}
}
