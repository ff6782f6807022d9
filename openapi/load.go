package openapi

import (
	"context"
	"fmt"

	"github.com/connectmock/connectmock/internal/textenc"
	"github.com/connectmock/connectmock/internal/yamlsource"
	"github.com/getkin/kin-openapi/openapi3"
)

// Load reads a published OpenAPI 3.0 document, YAML or JSON. It applies the errata that the document needs for real
// clients, and returns them with the places they changed. References to other files are an error.
func Load(data []byte) (*Document, []Erratum, error) {
	text, err := textenc.ToUTF8(data)
	if err != nil {
		return nil, nil, fmt.Errorf("read OpenAPI document: %w", err)
	}
	if err := yamlsource.CheckLimits("document", text); err != nil { // the loader takes minutes over 20,000 keys
		return nil, nil, fmt.Errorf("read OpenAPI document: %w", err)
	}
	t, err := parse(text)
	if err != nil {
		return nil, nil, err
	}
	splitRequests(t)
	var applied []Erratum
	for _, e := range Errata() {
		if e.Places = e.apply(t); len(e.Places) > 0 {
			applied = append(applied, e)
		}
	}
	// Invalid examples do no harm.
	if err := t.Validate(context.Background(), openapi3.DisableExamplesValidation()); err != nil {
		return nil, nil, fmt.Errorf("read OpenAPI document: it is not valid: %w", err)
	}
	doc, err := compile(t)
	if err != nil {
		return nil, nil, err
	}
	return doc, applied, nil
}

// requestSuffix ends the names of the schemas that splitRequests copies.
const requestSuffix = ".request"

// splitRequests copies the schemas of requests. Published documents use the same schemas for requests and responses,
// but an erratum that allows something in requests must not allow it in responses.
func splitRequests(t *openapi3.T) {
	if t.Components == nil {
		t.Components = &openapi3.Components{}
	}
	if t.Components.Schemas == nil {
		t.Components.Schemas = openapi3.Schemas{}
	}
	s := splitter{schemas: t.Components.Schemas, copies: map[*openapi3.Schema]*openapi3.Schema{}}
	done := map[*openapi3.MediaType]bool{nil: true}
	for _, op := range operationsByRoute(t) {
		if op.RequestBody == nil || op.RequestBody.Value == nil {
			continue
		}
		for _, media := range op.RequestBody.Value.Content {
			if !done[media] { // bodies can be shared
				done[media] = true
				media.Schema = s.copy(media.Schema)
			}
		}
	}
}

// splitter copies schemas. A schema that is used twice is copied once.
type splitter struct {
	schemas openapi3.Schemas // of the document; the copies of components are added
	copies  map[*openapi3.Schema]*openapi3.Schema
}

func (s *splitter) copy(ref *openapi3.SchemaRef) *openapi3.SchemaRef {
	if ref == nil || ref.Value == nil {
		return ref
	}
	copied, done := s.copies[ref.Value]
	if !done {
		copied = new(openapi3.Schema)
		s.copies[ref.Value] = copied
		s.fill(copied, ref.Value)
	}
	if ref.Ref == "" {
		return &openapi3.SchemaRef{Value: copied}
	}
	name := componentName(ref.Ref) + requestSuffix
	s.schemas[name] = &openapi3.SchemaRef{Value: copied}
	return &openapi3.SchemaRef{Ref: "#/components/schemas/" + name, Value: copied}
}

// fill makes copied a deep copy of from.
func (s *splitter) fill(copied, from *openapi3.Schema) {
	*copied = *from
	copyAll := func(refs openapi3.SchemaRefs) openapi3.SchemaRefs {
		var all openapi3.SchemaRefs
		for _, r := range refs {
			all = append(all, s.copy(r))
		}
		return all
	}
	copied.OneOf, copied.AnyOf, copied.AllOf = copyAll(from.OneOf), copyAll(from.AnyOf), copyAll(from.AllOf)
	copied.Not, copied.Items = s.copy(from.Not), s.copy(from.Items)
	copied.AdditionalProperties.Schema = s.copy(from.AdditionalProperties.Schema)
	copied.Required = append([]string(nil), from.Required...)
	copied.Enum = append([]any(nil), from.Enum...)
	if from.Properties != nil {
		copied.Properties = openapi3.Schemas{}
		for name, p := range from.Properties {
			copied.Properties[name] = s.copy(p)
		}
	}
}
