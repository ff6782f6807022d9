package openapi

import (
	"strconv"
	"strings"
	"unicode"

	"github.com/getkin/kin-openapi/openapi3"
)

// words are the names of members that a document declares anywhere. Texts name no other member: a name that a client
// invented can be as secret as a value.
type words struct {
	exact  map[string]bool
	folded map[string]string // of requests only: the declared spelling by the folded name
	all    bool              // texts may name any member; set for the control API
}

// longestName is how long the name of an undeclared member may be to be named in a text.
const longestName = 64

func newWords(t *openapi3.T) words {
	w := words{exact: map[string]bool{}, folded: map[string]string{}}
	requests, responses := bodySchemas(t)
	for _, name := range memberNames(requests) {
		w.exact[name] = true
		w.folded[fold(name)] = name
	}
	for _, name := range memberNames(responses) {
		w.exact[name] = true
	}
	return w
}

// memberNames returns the names of members that schemas declare, at any depth.
func memberNames(refs []*openapi3.SchemaRef) []string {
	var names []string
	seen := map[*openapi3.Schema]bool{}
	var walk func(ref *openapi3.SchemaRef)
	walk = func(ref *openapi3.SchemaRef) {
		if ref == nil || ref.Value == nil || seen[ref.Value] {
			return
		}
		seen[ref.Value] = true
		for name := range ref.Value.Properties {
			names = append(names, name)
		}
		for _, child := range children(ref.Value) {
			walk(child)
		}
	}
	for _, ref := range refs {
		walk(ref)
	}
	return names
}

// spelling returns the name of a member as the document spells it: name itself, or one that differs in case only. It
// returns an unknown name unchanged.
func (w words) spelling(name string) string {
	if w.exact[name] || w.all { // the control API accepts exact names only
		return name
	}
	if declared, ok := w.folded[fold(name)]; ok {
		return declared
	}
	return name
}

// fold returns the same text for all names that encoding/json takes for the same member: ASCII in any case, and the two
// letters outside of ASCII that fold into it.
func fold(name string) string {
	return strings.Map(func(r rune) rune {
		for {
			next := unicode.SimpleFold(r)
			if next <= r {
				return next
			}
			r = next
		}
	}, name)
}

// memberName returns a path as "fields[0].type". It ends before the first member that texts may not name.
func (w words) memberName(path []string) string {
	var b strings.Builder
	for _, step := range path {
		if _, err := strconv.Atoi(step); err == nil {
			b.WriteString("[" + step + "]")
			continue
		}
		if !w.canName(step) {
			break
		}
		if b.Len() > 0 {
			b.WriteByte('.')
		}
		b.WriteString(step)
	}
	return b.String()
}

func (w words) canName(step string) bool {
	return w.exact[step] || w.all && len(step) <= longestName && !strings.ContainsFunc(step, unicode.IsControl)
}

// children returns the schemas that are part of a schema.
func children(s *openapi3.Schema) []*openapi3.SchemaRef {
	var all []*openapi3.SchemaRef
	for _, p := range s.Properties {
		all = append(all, p)
	}
	all = append(all, s.OneOf...)
	all = append(all, s.AnyOf...)
	all = append(all, s.AllOf...)
	return append(all, s.Items, s.Not, s.AdditionalProperties.Schema)
}

// bodySchemas returns the schemas of the bodies of requests and of responses.
func bodySchemas(t *openapi3.T) (requests, responses []*openapi3.SchemaRef) {
	for _, op := range operationsByRoute(t) {
		if op.RequestBody != nil && op.RequestBody.Value != nil {
			requests = append(requests, schemas(op.RequestBody.Value.Content)...)
		}
		if op.Responses == nil {
			continue
		}
		for _, r := range op.Responses.Map() {
			if r.Value != nil {
				responses = append(responses, schemas(r.Value.Content)...)
			}
		}
	}
	return requests, responses
}

func schemas(content openapi3.Content) []*openapi3.SchemaRef {
	var all []*openapi3.SchemaRef
	for _, media := range content {
		if media != nil {
			all = append(all, media.Schema)
		}
	}
	return all
}
