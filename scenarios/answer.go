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
)

// answer is a response of a server, or the result of a command for a mock.
type answer struct {
	what       string // "GET /v1/vaults"
	operation  string
	status     int // 0: no response, or the result of a command
	header     http.Header
	body       []byte
	err        error // why there is no response
	failure    string
	violations []string
	made       map[string]any // names a command defined
	show       func(operation string, body []byte) string
}

// res returns the value of "res" in expressions.
func (a *answer) res() map[string]any {
	sum := sha256.Sum256(a.body)
	headers := map[string]any{}
	for name, values := range a.header {
		headers[name] = strings.Join(values, ", ")
	}
	res := map[string]any{
		"status": a.status, "error": a.failure, "headers": headers, "text": string(a.body), "len": len(a.body),
		"sha256": hex.EncodeToString(sum[:]),
	}
	if document, err := a.document(); err == nil {
		res["json"] = document
	}
	return res
}

// document decodes the body as JSON.
func (a *answer) document() (any, error) {
	if a.failure != "" {
		return nil, errors.New("there was no response: " + a.failure)
	}
	v, err := decode(a.body)
	if err != nil {
		return nil, errors.New("the response is not JSON")
	}
	return v, nil
}

// String describes the answer in a few words.
func (a *answer) String() string {
	switch {
	case a.failure != "":
		return "none: " + a.failure
	case a.status == 0:
		return "that of the mock"
	case a.status < 400 || len(a.body) == 0:
		return fmt.Sprint(a.status)
	}
	return fmt.Sprintf("%d: %s", a.status, short(a.show(a.operation, a.body)))
}

// short returns the beginning of a body that was redacted, for a message.
func short(text string) string {
	const maxLength = 200
	if len(text) > maxLength {
		text = strings.ToValidUTF8(text[:maxLength], "") + "..."
	}
	return strings.TrimSpace(text)
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
