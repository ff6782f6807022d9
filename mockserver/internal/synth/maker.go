package synth

import (
	"maps"
	"slices"
	"strings"

	"github.com/brianvoe/gofakeit/v6"
	"github.com/getkin/kin-openapi/openapi3"
)

// Below shallow everything optional may be there, below deepest whatever must
// be; a schema that asks for more contains itself.
const (
	shallow = 4
	deepest = 16
)

// maker makes values up. The name is that of the member a value is for.
type maker struct {
	fake *gofakeit.Faker
}

// value makes up a value for a schema; false if none can be.
func (m *maker) value(ref *openapi3.SchemaRef, name string, depth int) (any, bool) {
	if ref == nil || ref.Value == nil {
		return m.fake.Word(), true
	}
	if depth > deepest {
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

// kind is the type of a schema, which may be said by what it has or by what it
// is put together from; "" if nothing says it.
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

// fill puts into an object what a schema asks for, its parts first.
func (m *maker) fill(object map[string]any, ref *openapi3.SchemaRef, depth int) bool {
	if ref == nil || ref.Value == nil || depth > deepest {
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
			object[s.Discriminator.PropertyName] = discriminated(s.Discriminator, chosen.Ref)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		property := s.Properties[name]
		_, done := object[name]
		required := slices.Contains(s.Required, name)
		if done || property.Value == nil || property.Value.WriteOnly || !required && (depth >= shallow || m.fake.Number(1, 10) > 8) {
			continue
		}
		value, ok := m.value(property, name, depth+1)
		if ok {
			object[name] = value
		} else if required {
			return false
		}
	}
	return m.extra(object, s, depth)
}

// extra adds members that have no name in the document: those that are
// required all the same, and as many as there must be.
func (m *maker) extra(object map[string]any, s *openapi3.Schema, depth int) bool {
	add := func(name string) bool {
		value, ok := m.value(s.AdditionalProperties.Schema, name, depth+1)
		object[name] = value
		return ok
	}
	for _, name := range s.Required {
		if _, there := object[name]; !there && s.Properties[name] == nil && !add(name) {
			return false
		}
	}
	if closed := s.AdditionalProperties.Has; closed != nil && !*closed {
		return true
	}
	want := int(s.MinProps)
	if s.AdditionalProperties.Schema != nil && len(s.Properties) == 0 && depth < shallow {
		want = max(want, 2)
	}
	for tries := 0; len(object) < want && tries < attempts; tries++ {
		if !add(m.fake.Word()) {
			return false
		}
	}
	return true
}

// discriminated is the name under which a discriminator knows a schema.
func discriminated(d *openapi3.Discriminator, ref string) string {
	for _, name := range slices.Sorted(maps.Keys(d.Mapping)) {
		if d.Mapping[name].Ref == ref {
			return name
		}
	}
	return ref[strings.LastIndexByte(ref, '/')+1:]
}

func (m *maker) list(s *openapi3.Schema, name string, depth int) (any, bool) {
	least := int(s.MinItems)
	most := least + 3
	if s.MaxItems != nil {
		most = max(least, min(most, int(*s.MaxItems)))
	}
	size := m.fake.Number(max(least, min(1, most)), most)
	if depth >= shallow {
		size = least
	}
	list := []any{}
	for tries := 0; len(list) < size && tries < attempts+size; tries++ {
		value, ok := m.value(s.Items, strings.TrimSuffix(name, "s"), depth+1)
		if !ok {
			break
		}
		list = append(list, value)
		if s.UniqueItems && s.VisitJSON(list) != nil && len(list) > least {
			list = list[:len(list)-1]
		}
	}
	return list, len(list) >= least
}
