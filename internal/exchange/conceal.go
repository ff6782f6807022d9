package exchange

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"unicode/utf8"
)

// Exchange is a copy that may be written anywhere: headers with credentials
// replaced whole, bodies without what Connect conceals, every known secret
// masked, bytes that are no text described instead of shown.
func (r *Redactor) Exchange(e *Exchange) *Exchange {
	out := *e
	if !e.concealed {
		out.concealRequest(e.RequestBody)
		out.concealResponse(e.ResponseBody)
		out.concealed = true
	}
	out.URL = r.redact(e.URL, false)
	out.RequestHeader, out.ResponseHeader = r.header(e.RequestHeader), r.header(e.ResponseHeader)
	out.RequestBody = []byte(r.redact(string(out.RequestBody), out.RequestCut))
	out.ResponseBody = []byte(r.redact(string(out.ResponseBody), out.ResponseCut))
	if e.Err != nil {
		out.Err = errors.New(r.Redact(e.Err.Error()))
	}
	out.Violations = nil
	for _, v := range e.Violations {
		out.Violations = append(out.Violations, r.Redact(v))
	}
	return &out
}

// Body is a body for a message: without what Connect conceals, every known
// secret masked. Of an operation that may hold secrets ("" is one) it is
// described instead where it is not JSON.
func (r *Redactor) Body(operation string, body []byte) string {
	text, why := shownBody(operation, body)
	if why != "" {
		return described(len(body), why)
	}
	return r.Redact(text)
}

// JSON is a document for a message, as Body. What is not JSON is taken for a
// message.
func (r *Redactor) JSON(document string) string {
	if found, err := concealPlaces([]byte(document)); err == nil {
		document = string(found.text)
	}
	return r.Redact(document)
}

// ShownDocument is a body, decoded, as Body shows it; Mask where it is not shown.
func ShownDocument(operation string, body []byte) (shown any) {
	text, why := shownBody(operation, body)
	if why != "" || json.Unmarshal([]byte(text), &shown) != nil {
		return Mask
	}
	return shown
}

// Conceal returns a decoded document with Mask in the place of each value that
// Connect conceals.
func Conceal(document any) (shown any) {
	text, err := json.Marshal(document)
	if err != nil {
		return Mask
	}
	found, err := concealPlaces(text)
	if err != nil || json.Unmarshal(found.text, &shown) != nil {
		return Mask
	}
	return shown
}

// Why a body is not shown.
const (
	notText  = "not text"
	notJSON  = "not valid JSON"
	aContent = "the content of a file"
)

// shownBody is what may be shown of a body, but for secrets that are known by
// value, or why it must not be shown.
func shownBody(operation string, body []byte) (text, why string) {
	if len(body) == 0 {
		return "", ""
	}
	found, err := concealPlaces(body)
	switch {
	case err == nil:
		return string(found.text), ""
	case !utf8.Valid(body):
		return "", notText
	case mayHoldSecrets(operation) && !harmless(body):
		return "", notJSON
	}
	return unescaped(string(body)), ""
}

func described(size int, why string) string {
	return fmt.Sprintf("[%d bytes, not shown: %s]", size, why)
}

// concealRequest keeps what may be shown of the whole body that was sent.
func (e *Exchange) concealRequest(sent []byte) {
	text, why := shownBody(e.Operation, sent)
	if e.hidden = why; why != "" {
		text = described(int(e.RequestSize), why)
	}
	e.RequestBody, e.RequestCut = kept([]byte(text)), len(text) > KeptBody || e.RequestCut
}

// concealResponse keeps what may be shown of the whole body that came.
func (e *Exchange) concealResponse(body []byte) {
	text, why := shownBody(e.Operation, body)
	if e.opaque && len(body) > 0 {
		why = aContent
	}
	if why != "" {
		text = described(int(e.ResponseSize), why)
	}
	e.ResponseBody, e.ResponseCut = kept([]byte(text)), len(text) > KeptBody || e.ResponseCut
}

func (r *Redactor) header(h http.Header) http.Header {
	if h == nil {
		return nil
	}
	out := http.Header{}
	for name, values := range h {
		name = r.redact(name, false)
		for _, value := range values {
			switch http.CanonicalHeaderKey(name) {
			case "Authorization", "Proxy-Authorization":
				value = r.credential(value)
			case "Cookie", "Set-Cookie":
				value = Mask
			default:
				value = r.redact(value, false)
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
