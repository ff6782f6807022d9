package exchange

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"regexp"
	"strings"

	"github.com/connectmock/connectmock/openapi/connect"
)

// versionHeader is on every answer of a Connect server [D].
const versionHeader = "1Password-Connect-Version"

// checkUnknown holds the answer of a route the document does not have to the
// one shape errors have [R], or to the text of a 404 [R, inferred]. The texts never contain what was answered.
func checkUnknown(method string, status int, h http.Header, body []byte) []string {
	var found []string
	if status < 400 {
		found = append(found, fmt.Sprintf("a route the document does not have answers %d", status))
	}
	if !regexp.MustCompile(`^\d+\.\d+\.\d+$`).MatchString(h.Get(versionHeader)) {
		found = append(found, "header "+versionHeader+" must be three numbers")
	}
	if method == http.MethodHead || status < 400 {
		return found
	}
	kind, _, _ := mime.ParseMediaType(h.Get("Content-Type"))
	if status == http.StatusNotFound && kind == "text/plain" {
		if strings.TrimSpace(string(body)) != connect.PageNotFound {
			found = append(found, "the text of a 404 must be "+connect.PageNotFound)
		}
		return found
	}
	if kind != "application/json" {
		found = append(found, "an error must be application/json")
	}
	return append(found, checkError(status, body)...)
}

// checkError holds a body to {"status":N,"message":"..."}.
func checkError(status int, body []byte) []string {
	var members map[string]json.RawMessage
	d := json.NewDecoder(bytes.NewReader(body))
	if err := d.Decode(&members); err != nil || members == nil {
		return []string{"an error must be a JSON object with status and message"}
	}
	var found []string
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		found = append(found, "something follows the JSON of the error")
	}
	var number int
	if err := json.Unmarshal(members["status"], &number); err != nil || number != status {
		found = append(found, fmt.Sprintf("status in the body must be the number %d", status))
	}
	var message string
	if err := json.Unmarshal(members["message"], &message); err != nil || message == "" {
		found = append(found, "message must be a text")
	}
	delete(members, "status")
	delete(members, "message")
	if len(members) > 0 {
		found = append(found, fmt.Sprintf("%d members besides status and message", len(members)))
	}
	return found
}
