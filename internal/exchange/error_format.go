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

// versionHeader is in every response of a Connect server [D].
const versionHeader = "1Password-Connect-Version"

// checkUnknownRoute checks the response to a route that is not in the document: it must have the format of errors [R],
// or be the text of a 404 [R, inferred]. The returned texts never contain the response.
func checkUnknownRoute(method string, status int, h http.Header, body []byte) []string {
	var problems []string
	if status < 400 {
		problems = append(problems, fmt.Sprintf("status %d for a route that is not in the document", status))
	}
	if !regexp.MustCompile(`^\d+\.\d+\.\d+$`).MatchString(h.Get(versionHeader)) {
		problems = append(problems, "header "+versionHeader+" must be three numbers")
	}
	if method == http.MethodHead || status < 400 {
		return problems
	}
	kind, _, _ := mime.ParseMediaType(h.Get("Content-Type"))
	if status == http.StatusNotFound && kind == "text/plain" {
		if strings.TrimSpace(string(body)) != connect.PageNotFound {
			problems = append(problems, "the text of a 404 must be "+connect.PageNotFound)
		}
		return problems
	}
	if kind != "application/json" {
		problems = append(problems, "an error must be application/json")
	}
	return append(problems, checkError(status, body)...)
}

// checkError checks that a body is {"status":N,"message":"..."}.
func checkError(status int, body []byte) []string {
	var members map[string]json.RawMessage
	d := json.NewDecoder(bytes.NewReader(body))
	if err := d.Decode(&members); err != nil || members == nil {
		return []string{"an error must be a JSON object with status and message"}
	}
	var problems []string
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		problems = append(problems, "something follows the JSON of the error")
	}
	var number int
	if err := json.Unmarshal(members["status"], &number); err != nil || number != status {
		problems = append(problems, fmt.Sprintf("status in the body must be the number %d", status))
	}
	var message string
	if err := json.Unmarshal(members["message"], &message); err != nil || message == "" {
		problems = append(problems, "message must be a text")
	}
	delete(members, "status")
	delete(members, "message")
	if len(members) > 0 {
		problems = append(problems, fmt.Sprintf("%d members besides status and message", len(members)))
	}
	return problems
}
