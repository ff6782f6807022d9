package openapi

import (
	"bytes"
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
)

// CheckParameters validates the parameters of a request and returns the first violation, or nil. path holds the decoded
// parameters of the path by name; the others are read from the request. Unknown query parameters are ignored.
func (op *Operation) CheckParameters(r *http.Request, path map[string]string) *Violation {
	for _, p := range op.path {
		if p.check == nil {
			if v := op.checkWithKin(p, r, path); v != nil {
				return v
			}
			continue
		}
		value, ok := path[p.spec.Name]
		if !ok || value == "" {
			return &Violation{In: InPath, Name: p.spec.Name, Rule: "is required"}
		}
		if rule := p.check(value); rule != "" {
			return &Violation{In: InPath, Name: p.spec.Name, Rule: rule}
		}
	}
	for _, p := range op.others {
		if !op.required && p.spec.In == openapi3.ParameterInQuery && r.URL.RawQuery == "" {
			continue
		}
		if v := op.checkOther(p, r, path); v != nil {
			return v
		}
	}
	return nil
}

func (op *Operation) checkOther(p *parameter, r *http.Request, path map[string]string) *Violation {
	if p.check == nil {
		return op.checkWithKin(p, r, path)
	}
	s := parameterValue(r, p.spec.In, p.spec.Name)
	rule := s.rule
	switch {
	case rule != "":
	case s.times > 0:
		rule = p.check(s.value)
	case p.spec.Required:
		rule = "is required"
	}
	if rule == "" {
		return nil
	}
	return &Violation{In: p.spec.In, Name: p.spec.Name, Rule: rule}
}

// CheckBody validates the body of a request and returns the first violation, or nil. Operations without a body ignore
// it. Read-only members are allowed: clients send back what they received [W].
//
// Like a real server it ignores the Content-Type and reads the body as the document describes it [T: a Rust client
// sends no Content-Type; R: connect issue 61, application\json]. Only the control API checks it.
func (op *Operation) CheckBody(r *http.Request, body []byte) *Violation {
	_, v := op.ReadBody(r, body)
	return v
}

// ReadBody does what CheckBody does, and returns the body with the names of members as the document spells them. That
// is body itself, unless a name had another case or a member came more than once.
func (op *Operation) ReadBody(r *http.Request, body []byte) ([]byte, *Violation) {
	if op.spec.RequestBody == nil || op.spec.RequestBody.Value == nil {
		return body, nil
	}
	if len(body) == 0 && !op.spec.RequestBody.Value.Required {
		return body, nil
	}
	if v := op.CheckMediaType(r); v != nil {
		return body, v
	}
	kind, media := findMediaType(op.spec.RequestBody.Value.Content, r.Header.Get("Content-Type"))
	if media == nil {
		kind, media = defaultType(op.spec.RequestBody.Value.Content)
	}
	if media == nil {
		return body, nil
	}
	if !isJSON(kind) {
		return body, op.checkOtherBody(r, kind, body)
	}
	value, respelled, v := op.doc.decodeRequest(body)
	if v != nil {
		if encoded := CheckEncoding(r, body); encoded != nil && len(body) > 0 {
			v = encoded
		}
		return body, v
	}
	if media.Schema != nil && media.Schema.Value != nil {
		err := media.Schema.Value.VisitJSON(value, openapi3.VisitAsRequest(), openapi3.DisableReadOnlyValidation())
		if err != nil {
			return body, op.doc.schemaViolation(InBody, err)
		}
	}
	if !respelled {
		return body, nil
	}
	body, err := json.Marshal(value)
	if err != nil {
		return body, &Violation{In: InBody, Rule: "must be valid JSON"}
	}
	return body, nil
}

// CheckEncoding returns a violation if a body is compressed, or has a Content-Encoding: a Go server does not decode it,
// and no client was seen to use one [G]. Call it for bodies that are not JSON: a body in JSON is accepted whatever its
// header says.
func CheckEncoding(r *http.Request, body []byte) *Violation {
	gzipped := bytes.HasPrefix(body, []byte{0x1f, 0x8b})
	encoding := strings.ToLower(strings.TrimSpace(strings.Join(r.Header.Values("Content-Encoding"), ",")))
	if !gzipped && (encoding == "" || encoding == "identity") {
		return nil
	}
	how := "must be sent without Content-Encoding, which is not decoded here"
	if gzipped {
		how += ": it is compressed with gzip"
	}
	return &Violation{In: InBody, Rule: how}
}

// CheckMediaType returns a violation if the Content-Type of a request to the control API is not documented. It accepts
// any request to other APIs.
func (op *Operation) CheckMediaType(r *http.Request) *Violation {
	if !op.doc.strict || op.spec.RequestBody == nil || op.spec.RequestBody.Value == nil {
		return nil
	}
	want := op.spec.RequestBody.Value.Content
	if _, media := findMediaType(want, r.Header.Get("Content-Type")); media == nil {
		return &Violation{In: InMediaType, Rule: "must be " + strings.Join(sortedKeys(want), " or ")}
	}
	return nil
}

// checkOtherBody checks forms and other bodies that are not JSON, which only foreign documents have.
func (op *Operation) checkOtherBody(r *http.Request, kind string, body []byte) *Violation {
	copied := r.Clone(r.Context())
	if _, media := findMediaType(op.spec.RequestBody.Value.Content, r.Header.Get("Content-Type")); media == nil {
		copied.Header.Set("Content-Type", kind)
	}
	copied.Body = io.NopCloser(bytes.NewReader(body))
	input := &openapi3filter.RequestValidationInput{
		Request: copied, Route: op.route,
		Options: &openapi3filter.Options{SkipSettingDefaults: true, ExcludeReadOnlyValidations: true},
	}
	if err := openapi3filter.ValidateRequestBody(r.Context(), input, op.spec.RequestBody.Value); err != nil {
		return op.doc.schemaViolation(InBody, err)
	}
	return nil
}

// defaultType returns the media type for a body whose Content-Type is not documented: JSON if it is documented, or else
// the first by name.
func defaultType(content openapi3.Content) (string, *openapi3.MediaType) {
	kinds := sortedKeys(content)
	if len(kinds) == 0 {
		return "", nil
	}
	kind := kinds[0]
	if i := slices.IndexFunc(kinds, isJSON); i >= 0 {
		kind = kinds[i]
	}
	if content["application/json"] != nil {
		kind = "application/json"
	}
	return kind, content[kind]
}

// findMediaType returns the entry for a Content-Type, or nil if there is none.
func findMediaType(content openapi3.Content, header string) (string, *openapi3.MediaType) {
	kind, _, err := mime.ParseMediaType(header)
	if err != nil {
		return "", nil
	}
	return kind, content.Get(kind)
}

func isJSON(kind string) bool {
	return kind == "application/json" || strings.HasSuffix(kind, "+json")
}
