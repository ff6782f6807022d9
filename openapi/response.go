package openapi

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// CheckResponse validates the status, headers, media type and body of a response and returns the first violation, or
// nil. It ignores bodies that the document calls binary.
func (op *Operation) CheckResponse(r *http.Request, status int, h http.Header, body []byte) error {
	fail := func(format string, args ...any) error {
		return fmt.Errorf("%s responded with %d: %s", op.ID, status, fmt.Sprintf(format, args...))
	}
	want := op.response(status)
	if want == nil {
		return fail("the status is not documented")
	}
	for _, name := range sortedKeys(want.Headers) {
		if rule := op.checkHeader(want.Headers[name].Value, h.Values(name)); rule != "" {
			return fail("header %s %s", name, rule)
		}
	}
	if len(body) > 0 && (r.Method == http.MethodHead || status == http.StatusNoContent) {
		return fail("there is a body where none may be")
	}
	if len(want.Content) == 0 {
		if len(body) > 0 {
			return fail("there is a body where none is documented")
		}
		return nil
	}
	kind, media := findMediaType(want.Content, h.Get("Content-Type"))
	if media == nil {
		return fail("the media type must be %s", strings.Join(sortedKeys(want.Content), " or "))
	}
	if r.Method == http.MethodHead || media.Schema == nil || media.Schema.Value == nil {
		return nil
	}
	if v := op.checkResponseBody(status, kind, media.Schema.Value, body); v != nil {
		return fail("%s", v)
	}
	return nil
}

// response returns the response that the document has for a status, or nil.
func (op *Operation) response(status int) *openapi3.Response {
	if op.spec.Responses == nil {
		return nil
	}
	ref := op.spec.Responses.Status(status)
	if ref == nil {
		ref = op.spec.Responses.Default()
	}
	if ref == nil {
		return nil
	}
	return ref.Value
}

func (op *Operation) checkHeader(header *openapi3.Header, values []string) string {
	switch {
	case header == nil:
		return ""
	case len(values) == 0 && header.Required:
		return "is required"
	case len(values) == 0:
		return ""
	case len(values) > 1:
		return "must be there only once"
	}
	if p := op.doc.headers[header]; p != nil && p.check != nil {
		return p.check(values[0])
	}
	return ""
}

func (op *Operation) checkResponseBody(status int, kind string, schema *openapi3.Schema, body []byte) *Violation {
	var value any = string(body)
	switch {
	case schema.Format == "binary":
		return nil
	case isJSON(kind):
		var v *Violation
		if value, v = op.doc.decodeJSON(body); v != nil {
			return v
		}
	}
	if err := schema.VisitJSON(value, openapi3.VisitAsResponse()); err != nil {
		return op.doc.schemaViolation(InBody, err)
	}
	if repeated, ok := statusInBody(value); ok && repeated != float64(status) {
		return &Violation{In: InBody, Name: "status", Rule: "must be the status of the response"}
	}
	return nil
}

// statusInBody returns the status in a body that is an error of Connect. It must be that of the response [R], which no
// schema can say.
func statusInBody(value any) (float64, bool) {
	object, _ := value.(map[string]any)
	status, isNumber := object["status"].(float64)
	_, isText := object["message"].(string)
	return status, isNumber && isText && len(object) == 2
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// IsBinary reports whether the document calls the body of a response binary. CheckResponse does not need such a body.
func (op *Operation) IsBinary(status int, h http.Header) bool {
	want := op.response(status)
	if want == nil {
		return false
	}
	_, media := findMediaType(want.Content, h.Get("Content-Type"))
	return media != nil && media.Schema != nil && media.Schema.Value != nil && media.Schema.Value.Format == "binary"
}
