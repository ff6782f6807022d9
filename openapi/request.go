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

// CheckBody validates the body of a request and returns the first violation, or nil. Operations without a body ignore
// it. Read-only members are allowed: clients send back what they received [W].
//
// What a request says its body is makes no difference, as it makes none to a
// real server: the body is read as the document has it [T: a Rust client sends
// no Content-Type; R: connect issue 61, application\json]. Only the control API
// minds it.
func (op *Operation) CheckBody(r *http.Request, body []byte) *Violation {
	_, v := op.ReadBody(r, body)
	return v
}

// ReadBody is CheckBody for a server that goes on with the body: it returns the
// body in the spelling of the document. That is body itself, unless a member
// was spelled in another case or came more than once.
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
	kind, media := mediaType(op.spec.RequestBody.Value.Content, r.Header.Get("Content-Type"))
	if media == nil {
		kind, media = usualType(op.spec.RequestBody.Value.Content)
	}
	if media == nil {
		return body, nil
	}
	if !isJSON(kind) {
		return body, op.otherBody(r, kind, body)
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
			return body, op.doc.fromSchema(InBody, err)
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

// CheckEncoding refuses a body that is compressed, or said to be encoded: a Go
// server does not undo an encoding by itself, and no client was seen to use one
// [G]. Ask it about bodies that can't be read: one that is JSON whatever the
// header says is taken, since nothing looks at the header.
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

// CheckMediaType holds what a request says its body is to the document, if that
// is the control API's; elsewhere it makes no difference.
func (op *Operation) CheckMediaType(r *http.Request) *Violation {
	if !op.doc.strict || op.spec.RequestBody == nil || op.spec.RequestBody.Value == nil {
		return nil
	}
	want := op.spec.RequestBody.Value.Content
	if _, media := mediaType(want, r.Header.Get("Content-Type")); media == nil {
		return &Violation{In: InMediaType, Rule: "must be " + strings.Join(sortedKeys(want), " or ")}
	}
	return nil
}

// otherBody checks forms and the like, which only documents of others have.
func (op *Operation) otherBody(r *http.Request, kind string, body []byte) *Violation {
	copied := r.Clone(r.Context())
	if _, media := mediaType(op.spec.RequestBody.Value.Content, r.Header.Get("Content-Type")); media == nil {
		copied.Header.Set("Content-Type", kind)
	}
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

// usualType returns the media type a body is read as when the request names
// none of the document's: JSON if there is one, else the first by name.
func usualType(content openapi3.Content) (string, *openapi3.MediaType) {
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

// mediaType finds the entry for a Content-Type; a missing one fits nothing.
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
