package language

import (
	"reflect"
	"slices"
	"time"

	"github.com/connectmock/connectmock/internal/nearest"
	"github.com/connectmock/connectmock/internal/yamlsource"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/scenarios/internal/expression"
)

// checkState checks an entry of given and defines its name.
func (l *loader) checkState(st *State) {
	if !st.State.Set() || !st.As.Set() {
		l.fail(st.At, "{state: vault, as: home}", "a state needs both state and as")
		return
	}
	name := st.State.Text
	spec, ok := FindState(name)
	if !ok {
		l.fail(st.State.at(), nearest.Hint(name, States()), "unknown state %q", name)
		l.define(st.As.Text, st.As.at(), aState, nil)
		l.addActor(st.As.Text, st.As.at())
		return
	}
	if st.With != nil && st.With.Kind != yamlsource.Map {
		l.fail(st.With.At, "", "must be a mapping, not %s", st.With.Kind)
	}
	for _, m := range spec.With {
		if m.Required && st.With.Get(m.Name) == nil {
			l.fail(st.At, "", "a state %s needs with: {%s: ...}", name, m.Name)
		}
	}
	if st.With != nil {
		l.checkStateKeys(spec, st.With)
		l.compileTemplates(st.With, l.names, nil)
	}
	switch name {
	case StateToken:
		l.checkTokenState(st)
	case StateItem:
		l.checkCategory(st.With.Get("category"))
		if v := st.With.Get("vault"); v != nil && v.Get("id") == nil {
			l.fail(v.At, `vault: {id: "{{ home.id }}"}`, "an item names its vault by id")
		} else if st.With != nil {
			l.checkType(st.With, reflect.TypeFor[connect.ItemInput]())
		}
	}
	l.define(st.As.Text, st.As.at(), aState, memberNames(spec.Offers))
}

// checkCategory checks that the category of an item is one that the API can create.
func (l *loader) checkCategory(n *yamlsource.Node) {
	if n == nil || n.Kind != yamlsource.Text || expression.IsTemplate(n.Raw) {
		return
	}
	var valid []string
	body := l.openapi.Operation(CreateOperation).Spec().RequestBody.Value.Content.Get("application/json").Schema.Value
	for _, v := range body.Properties["category"].Value.Enum {
		if text, ok := v.(string); ok {
			valid = append(valid, text)
		}
	}
	if len(valid) > 0 && !slices.Contains(valid, n.Raw) {
		l.fail(n.At, "", "unknown category %q%s", n.Raw, nearest.HintWithList(n.Raw, valid))
	}
}

// checkStateKeys checks the keys of "with". Those of an item are checked against the type of an item instead.
func (l *loader) checkStateKeys(spec stateSpec, with *yamlsource.Node) {
	valid := memberNames(spec.With)
	for _, p := range with.Pairs {
		switch {
		case spec.Name == StateItem || slices.Contains(valid, p.Key):
		case spec.Name == StateToken && p.Key == "permissions":
			l.fail(p.KeyAt, "permission: "+permissionOf(p.Value)+", or vaults: {ID: "+permissionOf(p.Value)+"}",
				"permissions is called permission, as in the control API and in ctl")
		default:
			l.fail(p.KeyAt, nearest.Hint(p.Key, valid), "unknown key %q of a state %s", p.Key, spec.Name)
		}
	}
}

// permissionOf returns the permission that a list of permissions stands for, as earlier versions had it.
func permissionOf(list *yamlsource.Node) string {
	words := map[string]bool{}
	for _, n := range list.List() {
		words[n.Raw] = true
	}
	switch {
	case words["write"] && !words["read"]:
		return connect.Write.String()
	case words["write"]:
		return connect.ReadWrite.String()
	}
	return connect.Read.String()
}

func (l *loader) checkTokenState(st *State) {
	l.addActor(st.As.Text, st.As.at())
	permission, vaults := st.With.Get("permission"), st.With.Get("vaults")
	if permission == nil && vaults == nil && st.With.Get("permissions") == nil {
		l.fail(st.At, `permission: read, or vaults: {"{{ home.id }}": read}`,
			"a state token needs permission or vaults")
	}
	if permission != nil {
		l.checkWord("permission", permission)
	}
	switch {
	case vaults == nil:
	case vaults.Kind == yamlsource.List:
		l.fail(vaults.At, `vaults: {"{{ home.id }}": read}`, "vaults maps the id of each vault to a permission")
	case vaults.Kind != yamlsource.Map || len(vaults.Pairs) == 0:
		l.fail(vaults.At, `vaults: {"{{ home.id }}": read}`,
			"the vaults of a token are a mapping of ids to permissions")
	default:
		l.checkWord("vaults", vaults)
	}
	for _, key := range []string{"expiresAt", "notBefore"} {
		if n := st.With.Get(key); n != nil && !expression.IsTemplate(n.Raw) && !isTime(n.Raw) {
			l.fail(n.At, "like 2026-03-01T09:30:00Z", "must be a time")
		}
	}
	if n := st.With.Get("expiresIn"); n != nil && !expression.IsTemplate(n.Raw) {
		if _, err := time.ParseDuration(n.Raw); err != nil {
			l.fail(n.At, "like 200ms, 5s or 1m30s", "must be a duration")
		}
	}
}

func isTime(text string) bool {
	_, err := time.Parse(time.RFC3339, text)
	return err == nil
}
