package step

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
)

// Learn makes secrets of the values in a JSON body that Connect conceals:
// passwords and those before them, notes, keys, one-time passwords with their
// seeds and codes, the content of files, and values whose type is not said. A
// body that is not JSON teaches nothing.
func (r *Redactor) Learn(body []byte) {
	named := func(member string) bool { return bytes.Contains(body, []byte(member)) }
	if !named(`"value"`) && !named(`"content"`) && !named(`"history"`) {
		return
	}
	var document any
	if json.Unmarshal(body, &document) == nil {
		r.learn(document)
	}
}

func (r *Redactor) learn(value any) {
	switch v := value.(type) {
	case []any:
		for _, each := range v {
			r.learn(each)
		}
	case map[string]any:
		if conceals(v) {
			r.learnValue(v["value"])
		}
		r.learnValue(v["totp"])
		r.learnValue(v["history"]) // of passwords
		if content, ok := v["content"].(string); ok {
			r.Add(content)
			if raw, err := base64.StdEncoding.DecodeString(content); err == nil {
				r.Add(string(raw))
			}
		}
		for _, each := range v {
			r.learn(each)
		}
	}
}

// conceals says whether the value of a field or of a patch operation is secret.
func conceals(object map[string]any) bool {
	text := func(name string) string {
		s, _ := object[name].(string)
		return s
	}
	if path := text("path"); path != "" {
		return strings.HasPrefix(path, "/fields/")
	}
	purpose, kind := strings.ToUpper(text("purpose")), strings.ToUpper(text("type"))
	open := []string{"STRING", "EMAIL", "URL", "DATE", "MONTH_YEAR", "MENU", "PHONE", "ADDRESS", "GENDER", "REFERENCE"}
	return purpose != "USERNAME" && (purpose != "" || !slices.Contains(open, kind))
}

func (r *Redactor) learnValue(value any) {
	switch v := value.(type) {
	case []any:
		for _, each := range v {
			r.learnValue(each)
		}
	case string:
		r.Add(v)
		if u, err := url.Parse(v); err == nil && u.Scheme == "otpauth" {
			r.Add(u.Query().Get("secret"))
		}
	case float64:
		if text, err := json.Marshal(v); err == nil {
			r.Add(string(text))
		}
	}
}

// learnCredential makes a secret of what follows the scheme of an
// Authorization header, if it is long enough to be one.
func (r *Redactor) learnCredential(header string) {
	credential := header[strings.LastIndexByte(header, ' ')+1:]
	if len(credential) >= 16 {
		r.Add(credential)
	}
}

// learnContent does the same with a file of moderate size; a larger one is
// never shown, whole or in part.
func (r *Redactor) learnContent(body []byte) {
	if len(body) <= KeptBody {
		r.Add(string(body))
	}
}
