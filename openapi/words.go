package openapi

import (
	"strconv"
	"strings"
	"unicode"

	"github.com/getkin/kin-openapi/openapi3"
)

// words are the member names a document declares anywhere. Texts name a member
// only if it is one of them: a name somebody made up could be as secret as a
// value.
type words struct {
	exact  map[string]bool
	folded map[string]string // of requests only: the folded name to the declared spelling
	all    bool              // members of every name are named; that of ours for control
}

// longestName is how long a member's name may be to stand in a text.
const longestName = 64

func wordsOf(t *openapi3.T) words {
	w := words{exact: map[string]bool{}, folded: map[string]string{}}
	requests, answers := bodiesOf(t)
	for _, name := range namesIn(requests) {
		w.exact[name] = true
		w.folded[fold(name)] = name
	}
	for _, name := range namesIn(answers) {
		w.exact[name] = true
	}
	return w
}

// namesIn are the names of members that schemas declare, at any depth.
func namesIn(refs []*openapi3.SchemaRef) []string {
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

// declared returns the spelling that the document has for the member a request
// calls name: the same name, or one that differs from it in case only. An
// unknown name is returned as it is.
func (w words) declared(name string) string {
	if w.exact[name] || w.all { // in control, closed objects refuse it and keys of maps are free
		return name
	}
	if declared, ok := w.folded[fold(name)]; ok {
		return declared
	}
	return name
}

// fold returns name so that two names become equal when encoding/json takes
// them for the same member: ASCII in any case, and the two letters outside
// ASCII that fold into it.
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

// name is the path as "fields[0].type". It ends where a member has a name the
// document does not know.
func (w words) name(path []string) string {
	var b strings.Builder
	for _, step := range path {
		if _, err := strconv.Atoi(step); err == nil {
			b.WriteString("[" + step + "]")
			continue
		}
		if !w.named(step) {
			break
		}
		if b.Len() > 0 {
			b.WriteByte('.')
		}
		b.WriteString(step)
	}
	return b.String()
}

func (w words) named(step string) bool {
	return w.exact[step] || w.all && len(step) <= longestName && !strings.ContainsFunc(step, unicode.IsControl)
}

// children are the schemas a schema is made of.
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

// bodiesOf are the schemas of the bodies of requests and of answers.
func bodiesOf(t *openapi3.T) (requests, answers []*openapi3.SchemaRef) {
	for _, op := range operationsOf(t) {
		if op.RequestBody != nil && op.RequestBody.Value != nil {
			requests = append(requests, schemasIn(op.RequestBody.Value.Content)...)
		}
		if op.Responses == nil {
			continue
		}
		for _, r := range op.Responses.Map() {
			if r.Value != nil {
				answers = append(answers, schemasIn(r.Value.Content)...)
			}
		}
	}
	return requests, answers
}

func schemasIn(content openapi3.Content) []*openapi3.SchemaRef {
	var all []*openapi3.SchemaRef
	for _, media := range content {
		if media != nil {
			all = append(all, media.Schema)
		}
	}
	return all
}
