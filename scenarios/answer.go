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

// answer is what came back: of a server, or of a mock that was told something.
type answer struct {
	what       string // "GET /v1/vaults"
	operation  string
	status     int // 0: no answer, or that of a command
	header     http.Header
	body       []byte
	err        error // why there is no answer
	failure    string
	violations []string
	made       map[string]any // names a command defined
	show       func(operation string, body []byte) string
}

// res is the answer in expressions.
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

// document is the body as JSON.
func (a *answer) document() (any, error) {
	if a.failure != "" {
		return nil, errors.New("there was no answer: " + a.failure)
	}
	v, err := decode(a.body)
	if err != nil {
		return nil, errors.New("the answer is no JSON")
	}
	return v, nil
}

// String is the answer in short.
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

// short is the beginning of a body that may be shown, for a message.
func short(text string) string {
	const most = 200
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + "..."
	}
	return strings.TrimSpace(text)
}

// decode reads JSON. Numbers are whole where they are written so and fit.
func decode(body []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something follows the JSON")
	}
	return numbers(v), nil
}

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
