package language

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/internal/nearest"
	"github.com/connectmock/connectmock/internal/yamlsource"
	"github.com/connectmock/connectmock/scenarios/internal/expression"
)

// The names that "as" always accepts.
const (
	MainActor = "main" // the token of the target, or of the scenario's account
	NoActor   = "none" // without a token
)

// IsSlug reports whether s is words of a-z and 0-9 with hyphens between them, as the ids of scenarios and steps are.
func IsSlug(s string) bool { return regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`).MatchString(s) }

// checkIdentifier checks a name for use in expressions, and reports whether it is valid.
func (l *loader) checkIdentifier(name string, at yamlsource.Place) bool {
	if !regexp.MustCompile(`^[a-z][A-Za-z0-9_]*$`).MatchString(name) {
		l.fail(at, "start with a-z; then letters, digits and _", "%q can't be the name of a variable", name)
		return false
	}
	if expression.IsReserved(name) {
		l.fail(at, "choose another name", "%q is a reserved word of expressions", name)
		return false
	}
	if _, taken := l.names[name]; taken && l.defined[name] == "" || name == "res" || name == "step" {
		l.fail(at, "", "%q already has another meaning", name)
		return false
	}
	return true
}

// define adds a name that expressions may use from here on.
func (l *loader) define(name string, at yamlsource.Place, what string, members []string) {
	if !l.checkIdentifier(name, at) {
		return
	}
	if is := l.defined[name]; is != "" && !(is == what && what == aCapture) {
		l.fail(at, "", "%q is already %s", name, is)
		return
	}
	l.defined[name] = what
	l.names[name] = members
}

// What a name stands for.
const (
	aState   = "a state"
	aCapture = "a capture"
	aLoop    = "the variable of a loop"
	aToken   = "a token"
)

// addActor adds the name of a token that steps may use in "as".
func (l *loader) addActor(name string, at yamlsource.Place) {
	if name == MainActor || name == NoActor {
		l.fail(at, "", "%q already has another meaning", name)
		return
	}
	l.actors = append(l.actors, name)
}

func (l *loader) checkActor(w word) {
	if !w.Set() || slices.Contains(l.actors, w.Text) {
		return
	}
	l.fail(w.at(), nearest.Hint(w.Text, l.actors), "there is no token %q here", w.Text)
}

// responseScope returns the names that conditions on a response may use.
func (l *loader) responseScope() expression.Scope {
	names := variableScope(true)
	for name, members := range l.names {
		names[name] = members
	}
	return names
}

// compileTemplates compiles the templates in a node.
func (l *loader) compileTemplates(n *yamlsource.Node, names expression.Scope, uses map[string]bool) {
	n.Walk(func(v *yamlsource.Node) {
		if v.Kind != yamlsource.Text || !expression.IsTemplate(v.Raw) {
			return
		}
		t, mistakes := expression.ParseTemplate(v.Raw, names)
		for _, m := range mistakes {
			l.reportSyntaxError(v, m)
		}
		l.out.Templates[v] = t
		l.markUsed(t.Variables(), uses)
	})
}

// compileCondition compiles a condition.
func (l *loader) compileCondition(n *yamlsource.Node, names expression.Scope, uses map[string]bool) {
	if n == nil || n.Kind != yamlsource.Text && n.Kind != yamlsource.Bool {
		return
	}
	if expression.IsTemplate(n.Raw) {
		l.fail(n.At, "leave the braces out", "a condition is already an expression")
		return
	}
	f, m := expression.Compile(n.Raw, names)
	if m != nil {
		l.reportSyntaxError(n, *m)
		return
	}
	l.out.Expressions[n] = f
	l.markUsed(f.Variables(), uses)
}

func (l *loader) markUsed(names []string, uses map[string]bool) {
	for _, name := range names {
		l.used[name] = true
		if uses != nil {
			uses[name] = true
		}
	}
}

func (l *loader) reportSyntaxError(n *yamlsource.Node, m expression.SyntaxError) {
	hint := m.Hint
	if m.Wrong != "" {
		hint = nearest.Hint(m.Wrong, m.Valid)
	}
	message := strings.ReplaceAll(m.Message, "\n", " ")
	if m.Wrong != "" && l.defined[m.Wrong] == "" && l.isDefinedLater(m.Wrong) {
		hint = fmt.Sprintf("%s is defined further down", m.Wrong)
		l.used[m.Wrong] = true
	}
	l.fail(n.PlaceWithin(m.Offset), hint, "%s", message)
}

// isDefinedLater reports whether any step captures a name.
func (l *loader) isDefinedLater(name string) bool {
	for _, st := range slices.Concat(l.out.Steps, l.out.Finally) {
		if st.Capture.Get(name) != nil {
			return true
		}
	}
	return false
}
