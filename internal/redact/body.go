package redact

import (
	"encoding/json"
	"fmt"
	"unicode/utf8"
)

// Body returns a body for a message, without the values that Connect conceals and with every known secret masked. If a
// body is not JSON and the operation can have secrets, it returns a description. "" is an unknown operation, which can.
func (r *Redactor) Body(operation string, body []byte) string {
	text, why := Visible(operation, body)
	if why != "" {
		return Describe(len(body), why)
	}
	return r.Redact(text)
}

// JSON returns a document for a message, as Body does. A document that is not JSON is redacted as a message.
func (r *Redactor) JSON(document string) string {
	if found, err := concealPlaces([]byte(document)); err == nil {
		document = string(found.text)
	}
	return r.Redact(document)
}

// Document returns the decoded form of what Body returns, or Mask if Body returns a description.
func Document(operation string, body []byte) (shown any) {
	text, why := Visible(operation, body)
	if why != "" || json.Unmarshal([]byte(text), &shown) != nil {
		return Mask
	}
	return shown
}

// Conceal returns a decoded document with Mask in place of each value that Connect conceals.
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
	notText = "not text"
	notJSON = "not valid JSON"
)

// Visible returns the body without the values that Connect conceals, or the reason why it must not be shown. Secrets
// that are known by value are still in it.
func Visible(operation string, body []byte) (text, why string) {
	found, err := concealPlaces(body)
	return visible(operation, body, found, err)
}

// visible returns what Visible does. found and err are what concealPlaces returns for the body.
func visible(operation string, body []byte, found concealed, err error) (text, why string) {
	switch {
	case len(body) == 0:
		return "", ""
	case err == nil:
		return string(found.text), ""
	case !utf8.Valid(body):
		return "", notText
	case canHaveSecrets(operation) && !isKnownText(body):
		return "", notJSON
	}
	return unescape(string(body)), ""
}

// Describe returns the text that replaces a body of size bytes in a report.
func Describe(size int, why string) string {
	return fmt.Sprintf("[%d bytes, not shown: %s]", size, why)
}
