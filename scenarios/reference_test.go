package scenarios

import (
	"slices"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/internal/yamlsource"
	"github.com/connectmock/connectmock/scenarios/internal/expression"
	"github.com/connectmock/connectmock/scenarios/internal/language"
	"github.com/connectmock/connectmock/scenarios/internal/match"
)

func TestReference_MatchesTheGoldenFile(t *testing.T) {
	t.Parallel()
	golden(t, "../docs/scenario-language.md", []byte(Reference()))
}

func TestReference_HasEachNameOfTheLanguage(t *testing.T) {
	t.Parallel()
	text := Reference()
	names := slices.Concat(States(), Capabilities(), Failures(), match.Operators(), language.CommandNames())
	for _, f := range slices.Concat(expression.OwnFunctions(), expression.BuiltinFunctions()) {
		names = append(names, f.Signature)
	}
	for _, v := range language.VariableTable() {
		names = append(names, v.Name)
	}
	for _, name := range names {
		if !strings.Contains(text, "`"+name+"`") && !strings.Contains(text, "# "+name+"\n") &&
			!strings.Contains(text, "# State "+name+"\n") {
			t.Errorf("%s is missing", name)
		}
	}
}

// Each key, member, command, state, operator and capability has a description in the reference.
func TestReference_DescribesEverything(t *testing.T) {
	t.Parallel()
	for _, line := range strings.Split(Reference(), "\n") {
		if strings.HasPrefix(line, "| `") && strings.HasSuffix(line, "|  |") {
			t.Errorf("no description: %s", line)
		}
	}
	for _, v := range language.VariableTable() {
		for _, m := range append(v.Members, language.Member{Name: v.Name, About: v.About}) {
			if m.About == "" {
				t.Errorf("variable %s: %s has no description", v.Name, m.Name)
			}
		}
	}
}

// The schema has a description for each property, and the texts of the tables.
func TestSchema_DescribesEverything(t *testing.T) {
	t.Parallel()
	var problems yamlsource.Problems
	root := yamlsource.Parse("schema", Schema(), "", &problems).Get("definitions")
	for _, p := range root.Pairs {
		checkDescriptions(t, p.Key, p.Value)
	}
	has := func(of string, n *yamlsource.Node, text string) {
		t.Helper()
		if n == nil || n.Get("description") == nil || !strings.Contains(n.Get("description").Raw, text) {
			t.Errorf("%s is not described as %q", of, text)
		}
	}
	for _, c := range language.Commands() {
		has(c.Name, root.Get("mock").Get("properties").Get(c.Name), c.About)
	}
	for _, o := range match.OperatorTable() {
		has(o.Name, root.Get("operators").Get("properties").Get(o.Name), o.About)
	}
	for _, c := range language.CapabilityTable() {
		has(c.Name, root.Get("capability"), c.About)
	}
	for _, of := range root.Get("state").Get("allOf").List() {
		s, ok := language.FindState(of.Get("if").Get("properties").Get("state").Get("const").Raw)
		if !ok {
			t.Fatal("a state of the schema is unknown")
		}
		with := of.Get("then").Get("properties").Get("with")
		has(s.Name, with, s.About)
		for _, m := range s.With {
			has(s.Name+"."+m.Name, with.Get("properties").Get(m.Name), m.About)
		}
	}
	for _, f := range expression.OwnFunctions() {
		has(f.Name, root.Get("condition"), f.Signature)
	}
}

// checkDescriptions checks that each property in a schema has a description. Those in conditions of a schema restate
// properties that are described elsewhere.
func checkDescriptions(t *testing.T, path string, n *yamlsource.Node) {
	t.Helper()
	for _, p := range n.Get("properties").List() {
		for _, property := range p.Pairs {
			if property.Value.Get("description") == nil {
				t.Errorf("%s.%s has no description", path, property.Key)
			}
			checkDescriptions(t, path+"."+property.Key, property.Value)
		}
	}
	for _, inner := range slices.Concat(n.Get("anyOf").List(), n.Get("items").List()) {
		checkDescriptions(t, path, inner)
	}
}
