package synth

import (
	"maps"
	"slices"
	"strings"

	"github.com/brianvoe/gofakeit/v6"
	"github.com/getkin/kin-openapi/openapi3"
)

// At optionalDepth and below, optional members are left out. Below maxDepth there
// are no values: such a schema contains itself.
const (
	optionalDepth = 4
	maxDepth      = 16
)

// maker generates values. The argument name of its methods is the name of the
// member that a value is for.
type maker struct {
	fake *gofakeit.Faker
}

// value returns a value for a schema, and false if there is none.
func (m *maker) value(ref *openapi3.SchemaRef, name string, depth int) (any, bool) {
	if ref == nil || ref.Value == nil {
		return m.fake.Word(), true
	}
	if depth > maxDepth {
		return nil, false
	}
	s := ref.Value
	if enum := slices.DeleteFunc(slices.Clone(s.Enum), func(v any) bool { return v == nil }); len(enum) > 0 {
		return enum[m.fake.Number(0, len(enum)-1)], true
	}
	switch kind(s) {
	case openapi3.TypeObject:
		object := map[string]any{}
		return object, m.fill(object, ref, depth)
	case openapi3.TypeArray:
		return m.list(s, name, depth)
	case openapi3.TypeInteger, openapi3.TypeNumber:
		return m.number(s)
	case openapi3.TypeBoolean:
		return m.fake.Bool(), true
	case openapi3.TypeString:
		return m.text(s, name)
	}
	for _, refs := range []openapi3.SchemaRefs{s.AllOf, s.OneOf, s.AnyOf} {
		if len(refs) > 0 {
			return m.value(refs[m.fake.Number(0, len(refs)-1)], name, depth+1)
		}
	}
	return m.fake.Word(), true
}

// kind returns the type of a schema. If the schema does not name it, it follows
// from the members of the schema or of its parts; "": any type.
func kind(s *openapi3.Schema) string {
	switch {
	case s.Type != nil && len(*s.Type) > 0:
		return (*s.Type)[0]
	case len(s.Properties) > 0 || s.AdditionalProperties.Schema != nil || s.Discriminator != nil:
		return openapi3.TypeObject
	case s.Items != nil:
		return openapi3.TypeArray
	case s.Pattern != "" || s.MinLength > 0 || s.MaxLength != nil:
		return openapi3.TypeString
	}
	for _, part := range s.AllOf {
		if part.Value != nil && kind(part.Value) == openapi3.TypeObject {
			return openapi3.TypeObject
		}
	}
	return ""
}

// fill adds the members of a schema to an object, those of its parts first. It
// returns false if a required member has no value.
func (m *maker) fill(object map[string]any, ref *openapi3.SchemaRef, depth int) bool {
	if ref == nil || ref.Value == nil || depth > maxDepth {
		return false
	}
	s := ref.Value
	for _, part := range s.AllOf {
		if !m.fill(object, part, depth+1) {
			return false
		}
	}
	for _, alternatives := range []openapi3.SchemaRefs{s.OneOf, s.AnyOf} {
		if len(alternatives) == 0 {
			continue
		}
		chosen := alternatives[m.fake.Number(0, len(alternatives)-1)]
		if !m.fill(object, chosen, depth+1) {
			return false
		}
		if s.Discriminator != nil {
			object[s.Discriminator.PropertyName] = discriminatorValue(s.Discriminator, chosen.Ref)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		property := s.Properties[name]
		_, done := object[name]
		required := slices.Contains(s.Required, name)
		if done || property.Value == nil || property.Value.WriteOnly {
			continue
		}
		if !required && (depth >= optionalDepth || m.fake.Number(1, 10) > 8) {
			continue
		}
		value, ok := m.value(property, name, depth+1)
		if ok {
			object[name] = value
		} else if required {
			return false
		}
	}
	return m.fillAdditional(object, s, depth)
}

// fillAdditional adds members that have no schema of their own: required ones, and
// as many as there must be.
func (m *maker) fillAdditional(object map[string]any, s *openapi3.Schema, depth int) bool {
	add := func(name string) bool {
		value, ok := m.value(s.AdditionalProperties.Schema, name, depth+1)
		object[name] = value
		return ok
	}
	for _, name := range s.Required {
		if _, done := object[name]; !done && s.Properties[name] == nil && !add(name) {
			return false
		}
	}
	if closed := s.AdditionalProperties.Has; closed != nil && !*closed {
		return true
	}
	want := int(s.MinProps)
	if s.AdditionalProperties.Schema != nil && len(s.Properties) == 0 && depth < optionalDepth {
		want = max(want, 2)
	}
	for tries := 0; len(object) < want && tries < attempts; tries++ {
		if !add(m.fake.Word()) {
			return false
		}
	}
	return true
}

// discriminatorValue returns the value of a discriminator for a schema.
func discriminatorValue(d *openapi3.Discriminator, ref string) string {
	for _, name := range slices.Sorted(maps.Keys(d.Mapping)) {
		if d.Mapping[name].Ref == ref {
			return name
		}
	}
	return ref[strings.LastIndexByte(ref, '/')+1:]
}

func (m *maker) list(s *openapi3.Schema, name string, depth int) (any, bool) {
	lowest := int(s.MinItems)
	highest := lowest + 3
	if s.MaxItems != nil {
		highest = max(lowest, min(highest, int(*s.MaxItems)))
	}
	size := m.fake.Number(max(lowest, min(1, highest)), highest)
	if depth >= optionalDepth {
		size = lowest
	}
	list := []any{}
	for tries := 0; len(list) < size && tries < attempts+size; tries++ {
		value, ok := m.value(s.Items, strings.TrimSuffix(name, "s"), depth+1)
		if !ok {
			break
		}
		list = append(list, value)
		if s.UniqueItems && s.VisitJSON(list) != nil && len(list) > lowest {
			list = list[:len(list)-1]
		}
	}
	return list, len(list) >= lowest
}
