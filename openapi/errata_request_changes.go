package openapi

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/getkin/kin-openapi/openapi3"
)

// fixPathIDs gives path parameters that are ids the pattern of an id.
func fixPathIDs(t *openapi3.T) []string {
	var places []string
	fix := func(where string, parameters openapi3.Parameters) {
		for _, ref := range parameters {
			p := ref.Value
			if p == nil || p.In != "path" || p.Schema == nil || p.Schema.Value == nil ||
				!p.Schema.Value.Type.Is("string") || p.Schema.Value.Pattern != "" {
				continue
			}
			if p.Schema.Value.Format != "uuid" && !strings.HasSuffix(strings.ToLower(p.Name), "uuid") {
				continue
			}
			s := *p.Schema.Value
			s.Format, s.Pattern = "", connect.IDPattern
			p.Schema = &openapi3.SchemaRef{Value: &s}
			places = append(places, where+" "+p.Name)
		}
	}
	for path, item := range t.Paths.Map() {
		fix(path, item.Parameters)
		for method, op := range item.Operations() {
			fix(method+" "+path, op.Parameters)
		}
	}
	slices.Sort(places)
	return places
}

// allowAnyCase replaces the list of patch operations by a pattern.
func allowAnyCase(t *openapi3.T) []string {
	s := property(t, "Patch"+requestSuffix, "[]", "op")
	if s == nil || len(s.Enum) == 0 {
		return nil
	}
	var names []string
	for _, name := range s.Enum {
		names = append(names, anyCasePattern(fmt.Sprint(name)))
	}
	s.Title, s.Pattern = "one of "+enumWords(s.Enum)+", in any case", "^("+strings.Join(names, "|")+")$"
	s.Enum = nil
	return []string{place("Patch", "[]", "op")}
}

// anyCasePattern returns a pattern that matches a word in any case. Patterns in OpenAPI have no flag for that.
func anyCasePattern(word string) string {
	var b strings.Builder
	for _, letter := range word {
		upper, lower := strings.ToUpper(string(letter)), strings.ToLower(string(letter))
		if upper == lower {
			b.WriteString(regexp.QuoteMeta(lower))
			continue
		}
		b.WriteString("[" + upper + lower + "]")
	}
	return b.String()
}

// allowAnyIDs lets the ids in an item be any text.
func allowAnyIDs(t *openapi3.T) []string {
	var places []string
	for _, names := range [][]string{{"Item" + requestSuffix, "id"}, {"Item" + requestSuffix, "vault", "id"}} {
		if s := property(t, names...); s != nil && s.Pattern != "" {
			s.Pattern = ""
			places = append(places, place(names...))
		}
	}
	return places
}

// allowNulls makes all members of an item nullable but its category.
func allowNulls(t *openapi3.T) []string {
	var places []string
	for _, name := range []string{"Item", "FullItem", "Field", "File", "GeneratorRecipe"} {
		if s := component(t, name+requestSuffix); s != nil && makeNullable(s) {
			places = append(places, name)
		}
	}
	return places
}

// makeNullable makes the properties of a schema nullable, at any depth. It reports whether it changed one.
func makeNullable(s *openapi3.Schema) bool {
	changed := false
	for name, p := range s.Properties {
		if p.Value == nil || name == "category" {
			continue
		}
		if !p.Value.Nullable {
			p.Value.Nullable, changed = true, true
			if len(p.Value.Enum) > 0 {
				p.Value.Enum = append(p.Value.Enum, nil)
			}
		}
		if p.Ref == "" {
			changed = makeNullable(p.Value) || changed
		}
		if p.Value.Items != nil && p.Value.Items.Ref == "" && p.Value.Items.Value != nil {
			changed = makeNullable(p.Value.Items.Value) || changed
		}
	}
	for _, part := range s.AllOf {
		if part.Ref == "" && part.Value != nil {
			changed = makeNullable(part.Value) || changed
		}
	}
	return changed
}

// makeOptional removes names from the required members of a schema.
func makeOptional(t *openapi3.T, at []string, names ...string) []string {
	s := property(t, at...)
	if s == nil {
		return nil
	}
	kept, changed := removeWords(s.Required, names...)
	if !changed {
		return nil
	}
	s.Required = kept
	return []string{place(at...)}
}
