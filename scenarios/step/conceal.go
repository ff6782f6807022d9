package step

import (
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"unicode/utf8"
)

// Exchange is a copy that may be written anywhere: headers with credentials
// replaced whole, every known secret masked, bytes that are no text described
// instead of shown.
func (r *Redactor) Exchange(e *Exchange) *Exchange {
	out := *e
	out.URL = r.Redact(e.URL)
	out.RequestHeader, out.ResponseHeader = r.header(e.RequestHeader), r.header(e.ResponseHeader)
	out.hidden = e.hidden || !readable(e.RequestBody, e.RequestCut)
	out.RequestBody = r.body(e.RequestBody, e.RequestSize, e.RequestCut, false)
	out.ResponseBody = r.body(e.ResponseBody, e.ResponseSize, e.ResponseCut, e.opaque)
	if e.Err != nil {
		out.Err = errors.New(r.Redact(e.Err.Error()))
	}
	out.Violations = nil
	for _, v := range e.Violations {
		out.Violations = append(out.Violations, r.Redact(v))
	}
	return &out
}

// body of which size was sent or received.
func (r *Redactor) body(body []byte, size int64, cut, opaque bool) []byte {
	if len(body) > 0 && (opaque || !readable(body, cut)) {
		return fmt.Appendf(nil, "[%d bytes, not shown]", size)
	}
	return []byte(r.redact(string(body), cut))
}

// readable says whether a body is text, though it may end within a character
// if it was cut.
func readable(body []byte, cut bool) bool {
	for i := 0; cut && i < utf8.UTFMax && len(body) > 0 && !utf8.Valid(body); i++ {
		body = body[:len(body)-1]
	}
	return utf8.Valid(body)
}

func (r *Redactor) header(h http.Header) http.Header {
	if h == nil {
		return nil
	}
	out := http.Header{}
	for name, values := range h {
		name = r.Redact(name)
		for _, value := range values {
			switch http.CanonicalHeaderKey(name) {
			case "Authorization", "Proxy-Authorization":
				value = r.credential(value)
			case "Cookie", "Set-Cookie":
				value = Mask
			default:
				value = r.Redact(value)
			}
			out[name] = append(out[name], value)
		}
	}
	return out
}

// credential is "Bearer $VARIABLE" for a token with a name, Mask for anything
// else, good or bad.
func (r *Redactor) credential(value string) string {
	if namedToken(value) { // redacted before
		return value
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	token, ok := strings.CutPrefix(value, "Bearer ")
	if variable := r.tokens[token]; ok && variable != "" {
		return "Bearer $" + variable
	}
	return Mask
}

// namedToken matches what credential makes of a token with a name.
func namedToken(value string) bool {
	return regexp.MustCompile(`^Bearer \$[A-Z][A-Z0-9_]*$`).MatchString(value)
}
