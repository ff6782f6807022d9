package contract

import (
	"fmt"
	"maps"
	"slices"

	"github.com/connectmock/connectmock/openapi"
	"github.com/getkin/kin-openapi/openapi3"
)

// mutation is a document with one invalid place.
type mutation struct {
	name     string
	document any
}

// mutations returns copies of a valid document, each with one place of its schema
// made invalid in one way.
func mutations(op *openapi.Operation, kind string, sound any) []mutation {
	media := op.Spec().RequestBody.Value.Content.Get("application/json")
	if media == nil || media.Schema == nil {
		return nil
	}
	m := mutator{kind: kind, root: sound}
	m.visit(media.Schema.Value, sound, "", func(v any) any { return v })
	return m.list
}

type mutator struct {
	kind string
	root any
	list []mutation
}

// visit walks through a schema and a value of it; put returns the whole document
// with another value in this place.
func (m *mutator) visit(schema *openapi3.Schema, value any, at string, put func(any) any) {
	if at != "" {
		m.breakIt(schema, at, put)
	}
	switch v := value.(type) {
	case map[string]any:
		if m.kind == "missing" {
			for _, name := range schema.Required {
				m.add("without "+join(at, name), put(without(v, name)))
			}
		}
		for _, name := range slices.Sorted(maps.Keys(schema.Properties)) {
			inner, there := v[name]
			property := schema.Properties[name].Value
			if !there || property == nil || property.ReadOnly {
				continue
			}
			m.visit(property, inner, join(at, name), func(x any) any { return put(changed(v, name, x)) })
		}
	case []any:
		if len(v) == 0 || schema.Items == nil {
			return
		}
		m.visit(schema.Items.Value, v[0], at+"[0]", func(x any) any {
			copied := slices.Clone(v)
			copied[0] = x
			return put(copied)
		})
	}
}

// breakIt adds the documents in which this place is invalid.
func (m *mutator) breakIt(schema *openapi3.Schema, at string, put func(any) any) {
	switch m.kind {
	case "type":
		if schema.Type == nil {
			return // anything goes
		}
		for _, wrong := range []struct {
			kind  string
			value any
		}{{"string", "text"}, {"integer", 7}, {"boolean", true}, {"array", []any{}}, {"object", map[string]any{"a": 1}}} {
			if !schema.Type.Is(wrong.kind) && !(schema.Type.Is("number") && wrong.kind == "integer") {
				m.add(at+" of type "+wrong.kind, put(wrong.value))
			}
		}
	case "enum":
		if len(schema.Enum) > 0 || schema.Pattern != "" {
			m.add(at+" out of its enum", put("NO_SUCH_VALUE"))
		}
	case "null":
		m.add(at+" null", put(nil))
	case "bounds":
		m.outOfBounds(schema, at, put)
	}
}

func (m *mutator) outOfBounds(schema *openapi3.Schema, at string, put func(any) any) {
	if schema.Min != nil {
		m.add(at+" too small", put(*schema.Min-1))
	}
	if schema.Max != nil {
		m.add(at+" too large", put(*schema.Max+1))
	}
	if schema.MaxItems != nil {
		many := make([]any, *schema.MaxItems+1)
		for i := range many {
			many[i] = fmt.Sprint("LETTERS", i)
		}
		m.add(at+" with too many elements", put(many))
	}
	if schema.MaxLength != nil {
		m.add(at+" too long", put(fmt.Sprintf("%0*d", *schema.MaxLength+1, 0)))
	}
}

func (m *mutator) add(name string, document any) {
	m.list = append(m.list, mutation{name, document})
}

func without(members map[string]any, name string) map[string]any {
	copied := maps.Clone(members)
	delete(copied, name)
	return copied
}

func join(at, name string) string {
	if at == "" {
		return name
	}
	return at + "." + name
}
