package openapi

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// facts maps each place in an operation, as "response 200 application/json [].vault.id", to what the document says
// there, as "string, required".
type facts map[string]string

// facts returns what the document says about the operation.
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
		f.addContent("request", body.Value.Content)
	}
	if op.spec.Responses == nil {
		return f
	}
	for status, ref := range op.spec.Responses.Map() {
		where := "response " + status
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
		// All errors have the same body, so it is not listed for each status.
		if code, err := strconv.Atoi(status); err == nil && code < 400 {
			f.addContent(where, ref.Value.Content)
		}
	}
	return f
}

func (f facts) addContent(where string, content openapi3.Content) {
	for kind, media := range content {
		f[where+" "+kind] = "any"
		if media != nil && media.Schema != nil && media.Schema.Value != nil {
			f.addSchema(where+" "+kind, "", media.Schema.Value, "", nil)
		}
	}
}

// addSchema adds a schema and its parts. The trail has the schemas around it: one that contains itself is not followed.
func (f facts) addSchema(where, member string, s *openapi3.Schema, more string, trail []*openapi3.Schema) {
	key := strings.TrimSpace(where + " " + member)
	f[key] = describe(s) + more
	if slices.Contains(trail, s) {
		return
	}
	trail = append(slices.Clone(trail), s)
	if s.Items != nil && s.Items.Value != nil {
		f.addSchema(where, member+"[]", s.Items.Value, "", trail)
	}
	properties, required := mergedMembers(s)
	for name, ref := range properties {
		if ref == nil || ref.Value == nil {
			continue
		}
		more := ""
		if required[name] {
			more = ", required"
		}
		f.addSchema(where, strings.TrimPrefix(member+"."+name, "."), ref.Value, more, trail)
	}
}

// mergedMembers returns the properties of an object and which of them are required, including those of its allOf.
func mergedMembers(s *openapi3.Schema) (map[string]*openapi3.SchemaRef, map[string]bool) {
	properties, required := map[string]*openapi3.SchemaRef{}, map[string]bool{}
	for _, part := range s.AllOf {
		if part.Value == nil {
			continue
		}
		p, r := mergedMembers(part.Value)
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

// describe returns a schema on one line, without its parts.
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
		words = append(words, "at least "+formatNumber(s.Min))
	}
	if s.Max != nil {
		words = append(words, "at most "+formatNumber(s.Max))
	}
	if s.MaxItems != nil {
		words = append(words, fmt.Sprintf("at most %d elements", *s.MaxItems))
	}
	if s.Nullable {
		words = append(words, "or null")
	}
	return strings.Join(words, ", ")
}
