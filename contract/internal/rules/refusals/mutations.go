package refusals

import (
	"fmt"
	"maps"
	"slices"

	"github.com/connectmock/connectmock/contract/internal/call"
	"github.com/connectmock/connectmock/openapi"
	"github.com/getkin/kin-openapi/openapi3"
)

// mutation is a document that is invalid in one place.
type mutation struct {
	name     string
	document any
}

// mutations returns copies of a valid document, each of them invalid in one place. kind
// is the way in which it is invalid.
func mutations(op *openapi.Operation, kind string, valid any) []mutation {
	media := op.Spec().RequestBody.Value.Content.Get("application/json")
	if media == nil || media.Schema == nil {
		return nil
	}
	m := mutator{kind: kind, fewTypes: op.ID == "UpdateVaultItem"} // a create has the same schema
	m.visit(media.Schema.Value, valid, "", func(v any) any { return v })
	return m.list
}

type mutator struct {
	kind     string
	fewTypes bool // two wrong types of each member, a scalar and a composite one, instead of all
	list     []mutation
}

// visit adds the mutations of a value and of what is in it. replace returns the whole
// document with another value in this place.
func (m *mutator) visit(schema *openapi3.Schema, value any, at string, replace func(any) any) {
	if at != "" {
		m.addInvalid(schema, at, replace)
	}
	switch v := value.(type) {
	case map[string]any:
		if m.kind == "missing" {
			for _, name := range schema.Required {
				m.add("without "+joinPath(at, name), replace(withoutMember(v, name)))
			}
		}
		for _, name := range slices.Sorted(maps.Keys(schema.Properties)) {
			member, has := v[name]
			property := schema.Properties[name].Value
			if !has || property == nil || property.ReadOnly {
				continue
			}
			m.visit(property, member, joinPath(at, name), func(x any) any {
				return replace(call.WithMember(v, name, x))
			})
		}
	case []any:
		if len(v) == 0 || schema.Items == nil {
			return
		}
		m.visit(schema.Items.Value, v[0], at+"[0]", func(x any) any {
			copied := slices.Clone(v)
			copied[0] = x
			return replace(copied)
		})
	}
}

// addInvalid adds the documents in which the value at this place is invalid.
func (m *mutator) addInvalid(schema *openapi3.Schema, at string, replace func(any) any) {
	switch m.kind {
	case "type":
		if schema.Type == nil {
			return // every type is valid
		}
		wrong := wrongTypes(schema)
		if m.fewTypes {
			wrong = []typedValue{wrong[0], wrong[len(wrong)-1]}
		}
		for _, other := range wrong {
			m.add(at+" of type "+other.kind, replace(other.value))
		}
	case "enum":
		if len(schema.Enum) > 0 || schema.Pattern != "" {
			m.add(at+" out of its enum", replace("NO_SUCH_VALUE"))
		}
	case "null":
		m.add(at+" null", replace(nil))
	case "bounds":
		m.outOfBounds(schema, at, replace)
	}
}

// typedValue is a value of a JSON type.
type typedValue struct {
	kind  string
	value any
}

// wrongTypes returns values of the types that a schema does not have.
func wrongTypes(schema *openapi3.Schema) []typedValue {
	all := []typedValue{
		{"string", "of another type"}, {"integer", 7}, {"boolean", true}, {"array", []any{}},
		{"object", map[string]any{"a": 1}}}
	return slices.DeleteFunc(all, func(v typedValue) bool {
		return schema.Type.Is(v.kind) || schema.Type.Is("number") && v.kind == "integer"
	})
}

// outOfBounds adds documents that exceed the bounds of the schema.
func (m *mutator) outOfBounds(schema *openapi3.Schema, at string, replace func(any) any) {
	if schema.Min != nil {
		m.add(at+" too small", replace(*schema.Min-1))
	}
	if schema.Max != nil {
		m.add(at+" too large", replace(*schema.Max+1))
	}
	if schema.MaxItems != nil {
		many := make([]any, *schema.MaxItems+1)
		for i := range many {
			many[i] = fmt.Sprint("LETTERS", i)
		}
		m.add(at+" with too many elements", replace(many))
	}
	if schema.MaxLength != nil {
		m.add(at+" too long", replace(fmt.Sprintf("%0*d", *schema.MaxLength+1, 0)))
	}
}

func (m *mutator) add(name string, document any) {
	m.list = append(m.list, mutation{name, document})
}

func withoutMember(members map[string]any, name string) map[string]any {
	copied := maps.Clone(members)
	delete(copied, name)
	return copied
}

func joinPath(at, name string) string {
	if at == "" {
		return name
	}
	return at + "." + name
}
