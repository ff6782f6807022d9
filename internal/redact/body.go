package redact

import (
	"encoding/json"
	"fmt"
	"unicode/utf8"
)

// Body returns a body for a message, without what Connect conceals and with
// every known secret masked. A body that is not JSON is described instead if
// the operation can return secrets; "" is an unknown operation, which can.
func (r *Redactor) Body(operation string, body []byte) string {
	text, why := Visible(operation, body)
	if why != "" {
		return Describe(len(body), why)
	}
	return r.Redact(text)
}

// JSON returns a document for a message, as Body does. A document that is not
// JSON is redacted as a message.
func (r *Redactor) JSON(document string) string {
	if found, err := concealPlaces([]byte(document)); err == nil {
		document = string(found.text)
	}
	return r.Redact(document)
}

// Document returns a body, decoded, as Body shows it; Mask if Body only
// describes it.
func Document(operation string, body []byte) (shown any) {
	text, why := Visible(operation, body)
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
	notText = "not text"
	notJSON = "not valid JSON"
)

// Visible returns what can be shown of a body, except for secrets known by
// value, or the reason why nothing can.
func Visible(operation string, body []byte) (text, why string) {
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

// Describe returns what stands in a report for a body of size bytes that is not
// shown.
func Describe(size int, why string) string {
	return fmt.Sprintf("[%d bytes, not shown: %s]", size, why)
}
