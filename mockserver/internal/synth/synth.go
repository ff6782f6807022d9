// Package synth makes up answers for operations nobody has written a handler
// for: what a document adds is answered from its schema.
//
// The same operation and seed give the same answer. Nothing made up is kept:
// two operations of one document know nothing of each other, and an answer
// fits its schema, not the request.
package synth

import (
	"bytes"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/brianvoe/gofakeit/v6"
	"github.com/getkin/kin-openapi/openapi3"

	"github.com/connectmock/connectmock/openapi"
)

// attempts is how often an answer is made up anew when it does not fit: a
// "not", or a pattern with a length, is met by luck only.
const attempts = 50

// Response makes up the answer to an operation: the first success it documents,
// JSON if it can. The content type and the body are empty if it has no body.
// It fails if the schema is one no made-up value fits.
func Response(op *openapi.Operation, seed uint64) (status int, contentType string, body []byte, err error) {
	status, response, err := success(op)
	if err != nil {
		return 0, "", nil, err
	}
	contentType, media := pick(response.Content)
	if contentType == "" {
		return status, "", nil, nil
	}
	m := newMaker(op, seed)
	if media == nil || media.Schema == nil || media.Schema.Value == nil {
		media = &openapi3.MediaType{Schema: openapi3.NewStringSchema().NewRef()}
	}
	for range attempts {
		value, ok := m.value(media.Schema, "", 0)
		if !ok || media.Schema.Value.VisitJSON(value, openapi3.VisitAsResponse()) != nil {
			continue
		}
		body, err := encode(contentType, value)
		if err != nil {
			return 0, "", nil, fmt.Errorf("make up an answer to %s: %w", op.ID, err)
		}
		return status, contentType, body, nil
	}
	return 0, "", nil, fmt.Errorf("make up an answer to %s: no value was found that fits the schema of its answer %d", op.ID, status)
}

// Headers makes up the headers that the answer of that status must have by the
// document. A header whose schema is met by nothing made up is left out.
func Headers(op *openapi.Operation, status int, seed uint64) http.Header {
	h := http.Header{}
	response := op.Spec().Responses.Status(status)
	if response == nil || response.Value == nil {
		return h
	}
	m := newMaker(op, seed)
	for _, name := range slices.Sorted(maps.Keys(response.Value.Headers)) {
		header := response.Value.Headers[name].Value
		if header == nil || !header.Required || header.Schema == nil {
			continue
		}
		if value, ok := m.value(header.Schema, name, 0); ok {
			h.Set(name, fmt.Sprint(value))
		}
	}
	return h
}

// success is the lowest 2xx of an operation; the default counts as 200.
func success(op *openapi.Operation) (int, *openapi3.Response, error) {
	responses := op.Spec().Responses
	if responses == nil {
		return 0, nil, fmt.Errorf("make up an answer to %s: it documents none", op.ID)
	}
	for _, status := range slices.Sorted(maps.Keys(responses.Map())) {
		ref := responses.Value(status)
		if !strings.HasPrefix(status, "2") || ref == nil || ref.Value == nil {
			continue
		}
		code, err := strconv.Atoi(status)
		if err != nil { // 2XX
			code = http.StatusOK
		}
		return code, ref.Value, nil
	}
	if ref := responses.Default(); ref != nil && ref.Value != nil {
		return http.StatusOK, ref.Value, nil
	}
	return 0, nil, fmt.Errorf("make up an answer to %s: it documents no success", op.ID)
}

// pick is the media type to answer in: JSON, something like it, the first.
func pick(content openapi3.Content) (string, *openapi3.MediaType) {
	kinds := slices.Sorted(maps.Keys(content))
	if media := content["application/json"]; media != nil {
		return "application/json", media
	}
	for _, kind := range kinds {
		if strings.HasSuffix(kind, "+json") {
			return kind, content[kind]
		}
	}
	if len(kinds) == 0 {
		return "", nil
	}
	return concrete(kinds[0]), content[kinds[0]]
}

// concrete is a media type for a range of them.
func concrete(kind string) string {
	switch {
	case kind == "*/*" || kind == "application/*":
		return "application/json"
	case kind == "text/*":
		return "text/plain"
	default:
		return kind
	}
}

func encode(contentType string, value any) ([]byte, error) {
	if contentType == "application/json" || strings.HasSuffix(contentType, "+json") {
		var b bytes.Buffer
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		err := e.Encode(value)
		return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
	}
	switch v := value.(type) {
	case map[string]any, []any:
		return nil, fmt.Errorf("only JSON can be made up, not %s", contentType)
	default:
		return fmt.Append(nil, v), nil
	}
}

// newMaker starts from the seed and the operation, so that operations differ.
func newMaker(op *openapi.Operation, seed uint64) *maker {
	hash := fnv.New64a()
	_, _ = fmt.Fprintf(hash, "%d %s", seed, op.ID)
	return &maker{fake: gofakeit.NewUnlocked(int64(hash.Sum64()))}
}
