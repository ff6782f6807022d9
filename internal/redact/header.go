package redact

import (
	"net/http"
	"regexp"
	"strings"
)

// Header returns a copy of h with all credentials replaced and every known secret masked in other names and values. It
// returns nil for nil.
func (r *Redactor) Header(h http.Header) http.Header {
	if h == nil {
		return nil
	}
	out := http.Header{}
	for name, values := range h {
		name = r.RedactText(name, false)
		for _, value := range values {
			switch http.CanonicalHeaderKey(name) {
			case "Authorization", "Proxy-Authorization":
				value = r.credential(value)
			case "Cookie", "Set-Cookie":
				value = Mask
			default:
				value = r.RedactText(value, false)
			}
			out[name] = append(out[name], value)
		}
	}
	return out
}

// credential returns "Bearer $VARIABLE" for a token with a name, and Mask for any other credential, valid or not.
func (r *Redactor) credential(value string) string {
	if IsNamedToken(value) { // already redacted
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

// IsNamedToken reports whether an Authorization header names a shell variable that has the token, as Header writes it:
// "Bearer $OP_CONNECT_TOKEN".
func IsNamedToken(value string) bool {
	return regexp.MustCompile(`^Bearer \$[A-Z][A-Z0-9_]*$`).MatchString(value)
}
