package scenarios

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/internal/yamlsource"
	"github.com/connectmock/connectmock/scenarios/internal/expression"
)

// Two who may send requests are always there.
const (
	mainActor = "main" // the token of the target, or of the world
	noActor   = "none" // without a token
)

func isID(s string) bool { return regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`).MatchString(s) }

// identifier checks a name that expressions shall use.
func (l *loader) identifier(name string, at yamlsource.Place) bool {
	if !regexp.MustCompile(`^[a-z][A-Za-z0-9_]*$`).MatchString(name) {
		l.fail(at, "it begins with a-z; letters, digits and _ follow", "%q is no name for a variable", name)
		return false
	}
	if expression.IsReserved(name) {
		l.fail(at, "choose another name", "%q is a word of the expressions", name)
		return false
	}
	if _, taken := l.names[name]; taken && l.defined[name] == "" || name == "res" || name == "step" {
		l.fail(at, "", "%q stands for something else already", name)
		return false
	}
	return true
}

// define makes a name known from here on.
func (l *loader) define(name string, at yamlsource.Place, what string, members []string) {
	if !l.identifier(name, at) {
		return
	}
	if is := l.defined[name]; is != "" && !(is == what && what == aCapture) {
		l.fail(at, "", "%q is %s already", name, is)
		return
	}
	l.defined[name] = what
	l.names[name] = members
}

// What a name may be.
const (
	aState   = "a state"
	aCapture = "a capture"
	aLoop    = "the variable of a loop"
	aToken   = "a token"
)

// actor makes a token's name one to send requests as.
func (l *loader) actor(name string, at yamlsource.Place) {
	if name == mainActor || name == noActor {
		l.fail(at, "", "%q stands for something else already", name)
		return
	}
	l.actors = append(l.actors, name)
}

func (l *loader) checkActor(w word) {
	if !w.set() || slices.Contains(l.actors, w.Text) {
		return
	}
	l.fail(w.at(), yamlsource.DidYouMean(w.Text, l.actors), "no token is called %q here", w.Text)
}

// scope are the names within an answer's conditions.
func (l *loader) answered() expression.Scope {
	names := expression.Scope{
		"res":  {"status", "json", "text", "headers", "len", "sha256", "error"},
		"step": {"id", "attempts", "took"},
	}
	for name, members := range l.names {
		names[name] = members
	}
	return names
}

// texts compiles the templates of a node and all within it.
func (l *loader) texts(n *yamlsource.Node, names expression.Scope, uses map[string]bool) {
	n.Walk(func(v *yamlsource.Node) {
		if v.Kind != yamlsource.Text || !expression.IsTemplate(v.Raw) {
			return
		}
		t, mistakes := expression.ParseTemplate(v.Raw, names)
		for _, m := range mistakes {
			l.mistake(v, m)
		}
		l.out.texts[v] = t
		l.use(t.Variables(), uses)
	})
}

// formula compiles a condition.
func (l *loader) formula(n *yamlsource.Node, names expression.Scope, uses map[string]bool) {
	if n == nil || n.Kind != yamlsource.Text && n.Kind != yamlsource.Bool {
		return
	}
	if expression.IsTemplate(n.Raw) {
		l.fail(n.At, "leave the braces out", "a condition is an expression already")
		return
	}
	f, m := expression.Compile(n.Raw, names)
	if m != nil {
		l.mistake(n, *m)
		return
	}
	l.out.formulas[n] = f
	l.use(f.Variables(), uses)
}

func (l *loader) use(names []string, uses map[string]bool) {
	for _, name := range names {
		l.used[name] = true
		if uses != nil {
			uses[name] = true
		}
	}
}

func (l *loader) mistake(n *yamlsource.Node, m expression.SyntaxError) {
	hint := m.Hint
	if m.Wrong != "" {
		hint = yamlsource.DidYouMean(m.Wrong, m.Valid)
	}
	message := strings.ReplaceAll(m.Message, "\n", " ")
	if m.Wrong != "" && l.defined[m.Wrong] == "" && l.later(m.Wrong) {
		hint = fmt.Sprintf("%s is only known further down", m.Wrong)
		l.used[m.Wrong] = true
	}
	l.fail(n.PlaceWithin(m.Offset), hint, "%s", message)
}

// later says whether a step makes a name at all.
func (l *loader) later(name string) bool {
	for _, a := range slices.Concat(l.out.steps, l.out.finally) {
		if a.Capture.Get(name) != nil {
			return true
		}
	}
	return false
}
