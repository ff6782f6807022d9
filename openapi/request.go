package openapi

import (
	"bytes"
	"io"
	"mime"
	"net/http"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
)

// CheckParameters holds the parameters of a request to the document; nil if
// they keep to it. The path's come decoded and by name, the others are read
// from the request. Query parameters the document does not have are ignored.
func (op *Operation) CheckParameters(r *http.Request, path map[string]string) *Violation {
	for _, p := range op.path {
		if p.check == nil {
			if v := op.byKin(p, r, path); v != nil {
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
		return op.byKin(p, r, path)
	}
	s := parameterValue(r, p.spec.In, p.spec.Name)
	v := &Violation{In: p.spec.In, Name: p.spec.Name, Rule: s.fault}
	switch {
	case s.fault != "":
		return v
	case s.times == 0 && p.spec.Required:
		v.Rule = "is required"
		return v
	case s.times == 0:
		return nil
	}
	if v.Rule = p.check(s.value); v.Rule != "" {
		return v
	}
	return nil
}

// CheckBody holds the body of a request to the document; nil if it keeps to
// it. An operation without a body does not look at what came along. Read-only
// members may be there: clients send back what they got [W].
func (op *Operation) CheckBody(r *http.Request, body []byte) *Violation {
	if op.spec.RequestBody == nil || op.spec.RequestBody.Value == nil {
		return nil
	}
	if len(body) == 0 && !op.spec.RequestBody.Value.Required {
		return nil
	}
	if v := op.CheckMediaType(r); v != nil {
		return v
	}
	kind, media := mediaType(op.spec.RequestBody.Value.Content, r.Header.Get("Content-Type"))
	if !isJSON(kind) {
		return op.otherBody(r, body)
	}
	value, v := op.doc.decodeJSON(body, true)
	if v != nil {
		return v
	}
	if media.Schema == nil || media.Schema.Value == nil {
		return nil
	}
	err := media.Schema.Value.VisitJSON(value, openapi3.VisitAsRequest(), openapi3.DisableReadOnlyValidation())
	if err != nil {
		return op.doc.fromSchema(InBody, err)
	}
	return nil
}

// CheckMediaType holds what a request says its body is to the document, for
// bodies that are read while they come.
func (op *Operation) CheckMediaType(r *http.Request) *Violation {
	if op.spec.RequestBody == nil || op.spec.RequestBody.Value == nil {
		return nil
	}
	want := op.spec.RequestBody.Value.Content
	if _, media := mediaType(want, r.Header.Get("Content-Type")); media == nil {
		return &Violation{In: InMediaType, Rule: "must be " + strings.Join(sortedKeys(want), " or ")}
	}
	return nil
}

// otherBody checks forms and the like, which only documents of others have.
func (op *Operation) otherBody(r *http.Request, body []byte) *Violation {
	copied := r.Clone(r.Context())
	copied.Body = io.NopCloser(bytes.NewReader(body))
	input := &openapi3filter.RequestValidationInput{
		Request: copied, Route: op.route,
		Options: &openapi3filter.Options{SkipSettingDefaults: true, ExcludeReadOnlyValidations: true},
	}
	if err := openapi3filter.ValidateRequestBody(r.Context(), input, op.spec.RequestBody.Value); err != nil {
		return op.doc.fromSchema(InBody, err)
	}
	return nil
}

// mediaType finds the entry for a Content-Type. A missing one fits nothing: a
// body has to say what it is [G].
func mediaType(content openapi3.Content, header string) (string, *openapi3.MediaType) {
	kind, _, err := mime.ParseMediaType(header)
	if err != nil {
		return "", nil
	}
	return kind, content.Get(kind)
}

func isJSON(kind string) bool {
	return kind == "application/json" || strings.HasSuffix(kind, "+json")
}
