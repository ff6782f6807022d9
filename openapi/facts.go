package openapi

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// facts are what a document says of one operation, flat: where, as in
// "answer 200 application/json [].vault.id", to what, as in "string, required".
type facts map[string]string

func (op *Operation) facts() facts {
	f := facts{"route": op.Method + " " + op.Path}
	if op.Secured {
		f["token"] = "needed"
	}
	for _, p := range parametersOf(op.route.PathItem, op.spec) {
		words := "any"
		if p.Schema != nil && p.Schema.Value != nil {
			words = describe(p.Schema.Value)
		}
		if p.Required {
			words += ", required"
		}
		f["parameter "+p.In+" "+p.Name] = words
	}
	if body := op.spec.RequestBody; body != nil && body.Value != nil {
		f["request"] = "optional"
		if body.Value.Required {
			f["request"] = "required"
		}
		f.content("request", body.Value.Content)
	}
	if op.spec.Responses == nil {
		return f
	}
	for status, ref := range op.spec.Responses.Map() {
		where := "answer " + status
		f[where] = "documented"
		if ref.Value == nil {
			continue
		}
		for name, header := range ref.Value.Headers {
			f[where+" header "+name] = "optional"
			if header.Value != nil && header.Value.Required {
				f[where+" header "+name] = "required"
			}
		}
		// Errors have one shape; to repeat it for every status says nothing.
		if code, err := strconv.Atoi(status); err == nil && code < 400 {
			f.content(where, ref.Value.Content)
		}
	}
	return f
}

func (f facts) content(where string, content openapi3.Content) {
	for kind, media := range content {
		f[where+" "+kind] = "any"
		if media != nil && media.Schema != nil && media.Schema.Value != nil {
			f.schema(where+" "+kind, "", media.Schema.Value, "", nil)
		}
	}
}

// schema notes a schema and what is in it. The trail keeps it from following a
// schema into itself.
func (f facts) schema(where, member string, s *openapi3.Schema, more string, trail []*openapi3.Schema) {
	key := strings.TrimSpace(where + " " + member)
	f[key] = describe(s) + more
	if slices.Contains(trail, s) {
		return
	}
	trail = append(slices.Clone(trail), s)
	if s.Items != nil && s.Items.Value != nil {
		f.schema(where, member+"[]", s.Items.Value, "", trail)
	}
	properties, required := members(s)
	for name, ref := range properties {
		if ref == nil || ref.Value == nil {
			continue
		}
		more := ""
		if required[name] {
			more = ", required"
		}
		f.schema(where, strings.TrimPrefix(member+"."+name, "."), ref.Value, more, trail)
	}
}

// members are the properties of an object and which of them are required, its
// allOf taken together.
func members(s *openapi3.Schema) (map[string]*openapi3.SchemaRef, map[string]bool) {
	properties, required := map[string]*openapi3.SchemaRef{}, map[string]bool{}
	for _, part := range s.AllOf {
		if part.Value == nil {
			continue
		}
		p, r := members(part.Value)
		for name, ref := range p {
			properties[name] = ref
		}
		for name := range r {
			required[name] = true
		}
	}
	for name, ref := range s.Properties {
		properties[name] = ref
	}
	for _, name := range s.Required {
		required[name] = true
	}
	return properties, required
}

// describe is a schema in a line, without what is in it.
func describe(s *openapi3.Schema) string {
	words := []string{"any"}
	switch {
	case s.Type != nil && len(*s.Type) > 0:
		words[0] = strings.Join(*s.Type, " or ")
	case len(s.AllOf) > 0:
		words[0] = openapi3.TypeObject
	case len(s.OneOf)+len(s.AnyOf) > 0:
		words[0] = "alternatives"
	}
	if s.Format != "" {
		words = append(words, s.Format)
	}
	if s.Pattern != "" {
		words = append(words, "matches "+strings.ReplaceAll(s.Pattern, `[\da-z]`, "[a-z0-9]"))
	}
	if len(s.Enum) > 0 {
		enum := strings.Split(enumWords(s.Enum), ", ")
		slices.Sort(enum)
		words = append(words, "one of "+strings.Join(enum, " "))
	}
	if s.Min != nil {
		words = append(words, "at least "+number(s.Min))
	}
	if s.Max != nil {
		words = append(words, "at most "+number(s.Max))
	}
	if s.MaxItems != nil {
		words = append(words, fmt.Sprintf("at most %d elements", *s.MaxItems))
	}
	if s.Nullable {
		words = append(words, "or null")
	}
	return strings.Join(words, ", ")
}
