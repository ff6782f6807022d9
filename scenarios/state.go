package scenarios

import (
	"reflect"
	"slices"
	"strings"
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

// state checks an entry of given and defines its name.
func (l *loader) state(s *state) {
	if !s.State.set() || !s.As.set() {
		l.fail(s.At, "{state: vault, as: home}", "a state needs both state and as")
		return
	}
	name := s.State.Text
	if !slices.Contains(States(), name) {
		l.fail(s.State.at(), yamlsource.DidYouMean(name, States()), "unknown state %q", name)
		l.define(s.As.Text, s.As.at(), aState, nil)
		l.actor(s.As.Text, s.As.at())
		return
	}
	valid, required := stateKeys(name)
	if s.With != nil && s.With.Kind != yamlsource.Map {
		l.fail(s.With.At, "", "must be a mapping, not %s", s.With.Kind)
	}
	for _, key := range required {
		if s.With.Get(key) == nil {
			l.fail(s.At, "", "a state %s needs with: {%s: ...}", name, key)
		}
	}
	if s.With != nil {
		for _, p := range s.With.Pairs {
			if valid != nil && !slices.Contains(valid, p.Key) {
				l.fail(p.KeyAt, yamlsource.DidYouMean(p.Key, valid), "unknown key %q of a state %s", p.Key, name)
			}
		}
		l.texts(s.With, l.names, nil)
	}
	switch name {
	case stateToken:
		l.tokenState(s)
	case stateItem:
		l.category(s.With.Get("category"))
		if v := s.With.Get("vault"); v != nil && v.Get("id") == nil {
			l.fail(v.At, `vault: {id: "{{ home.id }}"}`, "an item names its vault by id")
		} else if s.With != nil {
			l.shape(s.With, reflect.TypeFor[connect.ItemInput]())
		}
	}
	l.define(s.As.Text, s.As.at(), aState, stateMembers(name))
}

// category checks that the category of an item is one that the API can create.
func (l *loader) category(n *yamlsource.Node) {
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

func (l *loader) tokenState(s *state) {
	l.actor(s.As.Text, s.As.at())
	if n := s.With.Get("permissions"); n != nil {
		if n.Kind != yamlsource.List || len(n.Items) == 0 {
			l.fail(n.At, "[read], [write] or [read, write]", "permissions are a list")
		}
		for _, p := range n.Items {
			if p.Raw != "read" && p.Raw != "write" {
				l.fail(p.At, yamlsource.DidYouMean(p.Raw, []string{"read", "write"}), "unknown permission %q", p.Raw)
			}
		}
	}
	if n := s.With.Get("vaults"); n != nil && n.Kind != yamlsource.List {
		l.fail(n.At, `["{{ home.id }}"]`, "the vaults of a token are a list of ids")
	}
	for _, key := range []string{"expiresAt", "notBefore"} {
		if n := s.With.Get(key); n != nil && !expression.IsTemplate(n.Raw) && !isTime(n.Raw) {
			l.fail(n.At, "like 2026-03-01T09:30:00Z", "must be a time")
		}
	}
	if n := s.With.Get("expiresIn"); n != nil && !expression.IsTemplate(n.Raw) {
		if _, err := time.ParseDuration(n.Raw); err != nil {
			l.fail(n.At, "like 200ms, 5s or 1m30s", "must be a duration")
		}
	}
}

func isTime(text string) bool {
	_, err := time.Parse(time.RFC3339, text)
	return err == nil
}

// The capabilities that a target may have.
const (
	canRead      = "read"
	canWrite     = "write"
	canReader    = "reader"
	canFiles     = "files"
	canControl   = "control"
	canFaults    = "mock.faults"
	canClock     = "mock.clock"
	canTokens    = "mock.tokens"
	canSnapshots = "mock.snapshots"
	canJournal   = "mock.journal"
)

// Capabilities returns the capabilities that a scenario may require and a step may need.
func Capabilities() []string {
	return []string{canRead, canWrite, canReader, canFiles, canControl, canFaults, canClock, canTokens, canSnapshots,
		canJournal}
}

// capability reports whether a capability exists.
func (l *loader) capability(w word) bool {
	if slices.Contains(Capabilities(), w.Text) {
		return true
	}
	hint := yamlsource.DidYouMean(w.Text, Capabilities())
	if slices.Contains(Capabilities(), "mock."+strings.TrimPrefix(w.Text, "mock.")) {
		hint = yamlsource.DidYouMean("mock."+w.Text, Capabilities())
	}
	l.fail(w.at(), hint, "unknown capability %q", w.Text)
	return false
}
