package language

import (
	"slices"
	"strings"

	"github.com/connectmock/connectmock/internal/nearest"
	"github.com/connectmock/connectmock/internal/yamlsource"
	"github.com/connectmock/connectmock/openapi"
	"github.com/connectmock/connectmock/scenarios/internal/expression"
)

// checkCall checks a step that calls an operation.
func (l *loader) checkCall(st *Step) {
	op := l.openapi.Operation(st.Call.Text)
	if op == nil {
		hint := nearest.Hint(st.Call.Text, operationIDs(l.openapi))
		l.fail(st.Call.at(), hint, "unknown operation %q", st.Call.Text)
	} else {
		l.checkParameters(st, op)
	}
	l.checkKeys(st.With, "with", nil)
	l.checkContent(st.JSON, st.Body, st.Headers)
	for _, n := range []*yamlsource.Node{st.With, st.Headers, st.JSON, st.Body} {
		l.compileTemplates(n, l.names, st.Uses)
	}
	switch st.Call.Text {
	case CreateOperation:
		l.creates = append(l.creates, creation{st, st.Expect})
	case DeleteOperation:
		l.deletes = append(l.deletes, st)
	}
}

func operationIDs(d *openapi.Document) []string {
	var all []string
	for _, op := range d.Operations {
		all = append(all, op.ID)
	}
	return all
}

// checkParameters checks that all parameters belong to the operation, and that those of its path are given.
func (l *loader) checkParameters(st *Step, op *openapi.Operation) {
	valid := PathParameters(op)
	for _, name := range valid {
		if st.With.Get(name) == nil {
			l.fail(st.Call.at(), "with: {"+name+": ...}", "%s without its parameter %q", op.ID, name)
		}
	}
	for _, p := range op.Spec().Parameters {
		if p.Value != nil && p.Value.In == "query" {
			valid = append(valid, p.Value.Name)
		}
	}
	if st.With == nil {
		return
	}
	for _, p := range st.With.Pairs {
		if !slices.Contains(valid, p.Key) {
			l.fail(p.KeyAt, nearest.Hint(p.Key, valid), "%s has no parameter %q", op.ID, p.Key)
		}
		if p.Value.Kind == yamlsource.List || p.Value.Kind == yamlsource.Map || p.Value.Kind == yamlsource.Null {
			l.fail(p.Value.At, "", "a parameter is a single value, not %s", p.Value.Kind)
		}
	}
}

// PathParameters returns the parameters in the path, which are in braces.
func PathParameters(op *openapi.Operation) []string {
	var names []string
	for segment := range strings.SplitSeq(op.Path, "/") {
		if name, ok := strings.CutPrefix(segment, "{"); ok {
			names = append(names, strings.TrimSuffix(name, "}"))
		}
	}
	return names
}

// checkContent checks a body and headers.
func (l *loader) checkContent(json, body, headers *yamlsource.Node) {
	if json != nil && body != nil {
		l.fail(body.At, "json is a document, body is text sent unchanged", "json and body in one request")
	}
	if body != nil && body.Kind != yamlsource.Text {
		l.fail(body.At, "use json for a document", "a body is text, not %s", body.Kind)
	}
	l.checkKeys(headers, "headers", nil)
	if headers == nil {
		return
	}
	for _, p := range headers.Pairs {
		if p.Value.Kind == yamlsource.List || p.Value.Kind == yamlsource.Map {
			l.fail(p.Value.At, "null removes a header", "a header is text, not %s", p.Value.Kind)
		}
	}
}

// checkRawRequest checks a step that sends a raw request.
func (l *loader) checkRawRequest(st *Step) {
	r := st.Request
	for key, n := range map[string]*yamlsource.Node{
		"with": st.With, "headers": st.Headers, "json": st.JSON, "body": st.Body,
	} {
		if n != nil {
			l.fail(n.At, "put it into request", "%q beside request", key)
		}
	}
	if !r.Method.Set() || r.Path == nil {
		l.fail(r.At, "request: {method: GET, path: /v1/vaults}", "a request needs both method and path")
		return
	}
	if strings.ToUpper(r.Method.Text) != r.Method.Text || strings.ContainsAny(r.Method.Text, " /\r\n") ||
		r.Method.Text == "" {
		l.fail(r.Method.at(), "like GET", "not an HTTP method")
	}
	if r.Path.Kind != yamlsource.Text || !strings.HasPrefix(r.Path.Raw, "/") && !expression.IsTemplate(r.Path.Raw) {
		l.fail(r.Path.At, "like /v1/vaults", "a path begins with a slash")
	}
	l.checkContent(r.JSON, r.Body, r.Headers)
	for _, n := range []*yamlsource.Node{r.Path, r.Headers, r.JSON, r.Body} {
		l.compileTemplates(n, l.names, st.Uses)
	}
}

// The operations that create and delete items.
const (
	CreateOperation = "CreateVaultItem"
	DeleteOperation = "DeleteVaultItem"
)

// creation is a step that creates an item.
type creation struct {
	step   *Step
	expect *Expectation
}

// checkCleanUp reports creates without a delete: a step must capture the id of the item, and another must delete that
// id.
func (l *loader) checkCleanUp() {
	for _, c := range l.creates {
		if c.expect == nil || c.expect.Status == nil || !c.expect.Status.succeeds() || l.isDeleted(c.step) {
			continue
		}
		const hint = `capture: {item: /id}, and in finally: {call: DeleteVaultItem, ` +
			`with: {vaultUuid: ..., itemUuid: "{{ item }}"}, expect: {status: [204, 404]}}`
		l.fail(c.step.Call.at(), hint, "this item is created and never deleted")
	}
}

// isDeleted reports whether a step deletes the item that st creates, directly or in a loop.
func (l *loader) isDeleted(st *Step) bool {
	for _, d := range l.deletes {
		uses := map[string]bool{}
		d.With.Get("itemUuid").Walk(func(n *yamlsource.Node) {
			if t := l.out.Templates[n]; t != nil {
				for _, name := range t.Variables() {
					uses[name] = true
				}
			}
		})
		if d.Loop != "" && uses[d.Loop] {
			for name := range l.sources[d.Loop] {
				uses[name] = true
			}
		}
		for _, name := range st.Defines {
			if uses[name] {
				return true
			}
		}
	}
	return false
}

// reportUnused reports captures that are not used.
func (l *loader) reportUnused() {
	for _, name := range yamlsource.SortedKeys(l.captures) {
		if !l.used[name] {
			l.fail(l.captures[name], "leave it out", "%q is captured and never used", name)
		}
	}
}
