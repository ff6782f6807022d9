package scenarios

import (
	"reflect"
	"slices"
	"time"

	"github.com/connectmock/connectmock/internal/nearest"
	"github.com/connectmock/connectmock/internal/yamlsource"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/scenarios/internal/expression"
)

// The states that a scenario may start from.
const (
	stateVault = "vault"
	stateToken = "token"
	stateItem  = "item"
	stateFile  = "file"
)

// States returns the names of the states that a scenario may start from.
func States() []string { return []string{stateVault, stateToken, stateItem, stateFile} }

// stateKeys returns the valid and the required keys of a state's "with". valid is nil if any key may be valid.
func stateKeys(name string) (valid, required []string) {
	switch name {
	case stateVault:
		return []string{"name", "description"}, nil
	case stateToken:
		return []string{"name", "vaults", "permissions", "expiresIn", "expiresAt", "notBefore"}, []string{"permissions"}
	case stateFile:
		return []string{"title", "name", "text", "size"}, nil
	}
	return nil, []string{"vault", "category"} // the members of an item
}

// stateMembers returns the members of a state that expressions may use, or nil if they are known only during the run.
func stateMembers(name string) []string {
	switch name {
	case stateVault:
		return []string{"id", "name"}
	case stateToken:
		return []string{"id", "name", "token"}
	case stateFile:
		return []string{"vault", "item", "id", "name", "size", "sha256"}
	}
	return nil // an item has whatever the server returns
}

// checkState checks an entry of given and defines its name.
func (l *loader) checkState(st *state) {
	if !st.State.set() || !st.As.set() {
		l.fail(st.At, "{state: vault, as: home}", "a state needs both state and as")
		return
	}
	name := st.State.Text
	if !slices.Contains(States(), name) {
		l.fail(st.State.at(), yamlsource.DidYouMean(name, States()), "unknown state %q", name)
		l.define(st.As.Text, st.As.at(), aState, nil)
		l.addActor(st.As.Text, st.As.at())
		return
	}
	valid, required := stateKeys(name)
	if st.With != nil && st.With.Kind != yamlsource.Map {
		l.fail(st.With.At, "", "must be a mapping, not %s", st.With.Kind)
	}
	for _, key := range required {
		if st.With.Get(key) == nil {
			l.fail(st.At, "", "a state %s needs with: {%s: ...}", name, key)
		}
	}
	if st.With != nil {
		for _, p := range st.With.Pairs {
			if valid != nil && !slices.Contains(valid, p.Key) {
				l.fail(p.KeyAt, yamlsource.DidYouMean(p.Key, valid), "unknown key %q of a state %s", p.Key, name)
			}
		}
		l.compileTemplates(st.With, l.names, nil)
	}
	switch name {
	case stateToken:
		l.checkTokenState(st)
	case stateItem:
		l.checkCategory(st.With.Get("category"))
		if v := st.With.Get("vault"); v != nil && v.Get("id") == nil {
			l.fail(v.At, `vault: {id: "{{ home.id }}"}`, "an item names its vault by id")
		} else if st.With != nil {
			l.checkType(st.With, reflect.TypeFor[connect.ItemInput]())
		}
	}
	l.define(st.As.Text, st.As.at(), aState, stateMembers(name))
}

// checkCategory checks that the category of an item is one that the API can create.
func (l *loader) checkCategory(n *yamlsource.Node) {
	if n == nil || n.Kind != yamlsource.Text || expression.IsTemplate(n.Raw) {
		return
	}
	var valid []string
	body := l.openapi.Operation(createOperation).Spec().RequestBody.Value.Content.Get("application/json").Schema.Value
	for _, v := range body.Properties["category"].Value.Enum {
		if text, ok := v.(string); ok {
			valid = append(valid, text)
		}
	}
	if len(valid) > 0 && !slices.Contains(valid, n.Raw) {
		l.fail(n.At, "", "unknown category %q%s", n.Raw, nearest.HintWithList(n.Raw, valid))
	}
}

func (l *loader) checkTokenState(st *state) {
	l.addActor(st.As.Text, st.As.at())
	if n := st.With.Get("permissions"); n != nil {
		if n.Kind != yamlsource.List || len(n.Items) == 0 {
			l.fail(n.At, "[read], [write] or [read, write]", "permissions are a list")
		}
		for _, p := range n.Items {
			if p.Raw != "read" && p.Raw != "write" {
				l.fail(p.At, yamlsource.DidYouMean(p.Raw, []string{"read", "write"}), "unknown permission %q", p.Raw)
			}
		}
	}
	if n := st.With.Get("vaults"); n != nil && n.Kind != yamlsource.List {
		l.fail(n.At, `["{{ home.id }}"]`, "the vaults of a token are a list of ids")
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
