package redact

import (
	"encoding/base64"
	"html"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// Learn adds the values in a JSON body that Connect conceals as secrets: passwords, notes, keys, one-time passwords
// with their seeds and codes, former passwords, the content of files, and values without a type. In a body that is not
// JSON it adds everything that looks like a value.
func (r *Redactor) Learn(body []byte) {
	found, err := concealPlaces(body)
	r.learn(body, found, err)
}

// LearnVisible does what Learn does, and returns what Visible returns.
func (r *Redactor) LearnVisible(operation string, body []byte) (text, why string) {
	found, err := concealPlaces(body)
	r.learn(body, found, err)
	return visible(operation, body, found, err)
}

// learn adds the secrets of a body. found and err are what concealPlaces returns for it.
func (r *Redactor) learn(body []byte, found concealed, err error) {
	if len(body) == 0 {
		return
	}
	if err != nil {
		r.learnText(body)
		return
	}
	for _, secret := range found.secrets {
		r.learnSecret(secret)
	}
}

func (r *Redactor) learnSecret(secret string) {
	if len(secret) < minLength {
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

// maxText is how many bytes of a body that is not JSON are searched.
const maxText = 1 << 20

// learnText adds what follows the names of members that have secrets. The text need not be well-formed.
func (r *Redactor) learnText(body []byte) {
	text := string(body[:min(len(body), maxText)])
	plain := unescape(text)
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

// unescape replaces escapes such as \u0061 by ASCII characters.
func unescape(text string) string {
	if !strings.Contains(text, `\u`) && !strings.Contains(text, `\U`) {
		return text
	}
	return regexp.MustCompile(`(?i)\\u00[2-7][0-9a-f]`).ReplaceAllStringFunc(text, func(escape string) string {
		n, err := strconv.ParseUint(escape[2:], 16, 8)
		if err != nil || n == '"' || n == '\\' {
			return escape
		}
		return string(rune(n))
	})
}

// LearnCredential adds what follows the scheme of an Authorization header as a secret, if it is long enough.
func (r *Redactor) LearnCredential(header string) {
	credential := header[strings.LastIndexByte(header, ' ')+1:]
	if len(credential) >= 16 {
		r.Add(credential)
	}
}
