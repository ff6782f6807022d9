package scenarios

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/connectmock/connectmock/internal/textenc"
)

// response is the response of a server, or the result of a command for a mock.
type response struct {
	label      string // "GET /v1/vaults"
	operation  string
	status     int // 0: no response, or the result of a command
	header     http.Header
	body       []byte
	err        error  // why there is no response
	failure    string // err as expect.error names it; empty: there is a response
	violations []string
	defined    map[string]any // names that a command defines
	redactBody func(operation string, body []byte) string
}

// res returns the value of "res" in expressions.
func (r *response) res() map[string]any {
	sum := sha256.Sum256(r.body)
	headers := map[string]any{}
	for name, values := range r.header {
		headers[name] = strings.Join(values, ", ")
	}
	res := map[string]any{
		"status": r.status, "error": r.failure, "headers": headers, "text": string(r.body), "len": len(r.body),
		"sha256": hex.EncodeToString(sum[:]),
	}
	if document, err := r.document(); err == nil {
		res["json"] = document
	}
	return res
}

// document decodes the body as JSON.
func (r *response) document() (any, error) {
	if r.failure != "" {
		return nil, errors.New("there was no response: " + r.failure)
	}
	v, err := decode(r.body)
	if err != nil {
		return nil, errors.New("the response is not JSON")
	}
	return v, nil
}

// String describes the response in a few words.
func (r *response) String() string {
	switch {
	case r.failure != "":
		return "none: " + r.failure
	case r.status == 0:
		return "the result of a command"
	case r.status < 400 || len(r.body) == 0:
		return fmt.Sprint(r.status)
	}
	return fmt.Sprintf("%d: %s", r.status, short(r.redactBody(r.operation, r.body)))
}

// short returns the beginning of a body that was redacted, for a message.
func short(text string) string {
	const maxLength = 200
	return strings.TrimSpace(textenc.Cut(text, maxLength))
}

// decode decodes JSON. Numbers written as integers become int if they fit, all others float64.
func decode(body []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("there is more than one JSON value")
	}
	return numbers(v), nil
}

// numbers replaces each json.Number in v.
func numbers(v any) any {
	switch x := v.(type) {
	case json.Number:
		if i, err := x.Int64(); err == nil {
			return int(i)
		}
		f, _ := x.Float64() // beyond its range it is infinite
		return f
	case []any:
		for i := range x {
			x[i] = numbers(x[i])
		}
	case map[string]any:
		for key := range x {
			x[key] = numbers(x[key])
		}
	}
	return v
}
