// Package synth generates responses for operations without a handler, which a
// document adds, from their schemas.
//
// The same operation and seed give the same response. The package keeps no state,
// and knows neither the request nor the store: a response fits its schema, but not
// the request or other responses.
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

// attempts is how often a value is generated again if it does not fit its schema: a
// "not", or a pattern with a length, is only satisfied at random.
const attempts = 50

// Response generates a response to an operation: the first documented success, as
// JSON if it is documented. Content type and body are empty for a response without
// a body. It returns an error if no generated value fits the schema.
func Response(op *openapi.Operation, seed uint64) (status int, contentType string, body []byte, err error) {
	status, response, err := firstSuccess(op)
	if err != nil {
		return 0, "", nil, err
	}
	contentType, media := chooseMediaType(response.Content)
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
			return 0, "", nil, fmt.Errorf("generate a response to %s: %w", op.ID, err)
		}
		return status, contentType, body, nil
	}
	return 0, "", nil, fmt.Errorf("generate a response to %s: no generated value fits the schema of its response %d",
		op.ID, status)
}

// Headers generates the required headers of the response with that status. It
// leaves out a header if no generated value fits its schema.
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

// firstSuccess returns the lowest documented 2xx of an operation, or the default
// response, with status 200.
func firstSuccess(op *openapi.Operation) (int, *openapi3.Response, error) {
	responses := op.Spec().Responses
	if responses == nil {
		return 0, nil, fmt.Errorf("generate a response to %s: none is documented", op.ID)
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
	return 0, nil, fmt.Errorf("generate a response to %s: no success is documented", op.ID)
}

// chooseMediaType returns the media type of the response: JSON, one that ends in
// +json, or the first.
func chooseMediaType(content openapi3.Content) (string, *openapi3.MediaType) {
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
	return withoutWildcard(kinds[0]), content[kinds[0]]
}

// withoutWildcard returns a media type in a range of them.
func withoutWildcard(kind string) string {
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
		return nil, fmt.Errorf("only JSON can be generated, not %s", contentType)
	default:
		return fmt.Append(nil, v), nil
	}
}

// newMaker returns a maker whose values depend on the seed and the operation.
func newMaker(op *openapi.Operation, seed uint64) *maker {
	hash := fnv.New64a()
	_, _ = fmt.Fprintf(hash, "%d %s", seed, op.ID)
	return &maker{fake: gofakeit.NewUnlocked(int64(hash.Sum64()))}
}
