package scenarios

import (
	"fmt"
	"strings"

	"github.com/connectmock/connectmock/internal/yamlsource"
	"github.com/connectmock/connectmock/scenarios/internal/expression"
	"github.com/connectmock/connectmock/scenarios/internal/language"
	"github.com/connectmock/connectmock/scenarios/internal/match"
)

// Reference returns the reference of the scenario language as Markdown. It is generated from the JSON Schema and from
// the tables that [Load] checks scenarios with.
func Reference() string {
	var b strings.Builder
	b.WriteString("# Scenario language\n\n" +
		"A scenario is a YAML file of steps. `connectmock scenario new FILE` writes one to start from, " +
		"`connectmock scenario record FILE` writes one from the journal of a mock, `connectmock scenario show ID` prints " +
		"one of the library, `connectmock scenario validate FILE` checks one, " +
		"and `connectmock scenario schema` prints the JSON Schema for editors.\n\n")
	writeFormat(&b)
	writeStates(&b)
	writeExpressions(&b)
	writeExpectations(&b)
	writeCapabilities(&b)
	writeCommands(&b)
	return b.String()
}

// writeHeading writes a heading and a paragraph.
func writeHeading(b *strings.Builder, level int, title, text string) {
	fmt.Fprintf(b, "%s %s\n\n", strings.Repeat("#", level), title)
	if text != "" {
		b.WriteString(text + "\n\n")
	}
}

// writeTable writes a table with a name and a description in each row.
func writeTable(b *strings.Builder, first string, rows [][2]string) {
	fmt.Fprintf(b, "| %s | |\n|---|---|\n", first)
	for _, row := range rows {
		fmt.Fprintf(b, "| `%s` | %s |\n", row[0], cell(row[1]))
	}
	b.WriteByte('\n')
}

// cell escapes a text for Markdown.
func cell(text string) string {
	return strings.NewReplacer("|", `\|`, "<", "&lt;", "*", `\*`, "\n", " ").Replace(text)
}

// schemaDefinition returns a definition of the JSON Schema.
func schemaDefinition(name string) *yamlsource.Node {
	var problems yamlsource.Problems
	return yamlsource.Parse("scenario.schema.json", schemaJSON, "", &problems).Get("definitions").Get(name)
}

// schemaProperties returns the properties of a schema, also of one that has them in an alternative or in its elements.
func schemaProperties(n *yamlsource.Node) []yamlsource.Pair {
	if n == nil {
		return nil
	}
	if properties := n.Get("properties"); properties != nil {
		return properties.Pairs
	}
	for _, inner := range append(n.Get("anyOf").List(), n.Get("items")) {
		if all := schemaProperties(inner); all != nil {
			return all
		}
	}
	return nil
}

// schemaRows returns a row for each property, with those of nested mappings as "outer.inner".
func schemaRows(prefix string, n *yamlsource.Node) [][2]string {
	var rows [][2]string
	for _, p := range schemaProperties(n) {
		about := ""
		if d := p.Value.Get("description"); d != nil {
			about = d.Raw
		}
		rows = append(rows, [2]string{prefix + p.Key, about})
		rows = append(rows, schemaRows(prefix+p.Key+".", p.Value)...)
	}
	return rows
}

func memberRows(all []language.Member) [][2]string {
	var rows [][2]string
	for _, m := range all {
		about := m.About
		if m.Required {
			about += " Required."
		}
		rows = append(rows, [2]string{m.Name, about})
	}
	return rows
}

func writeFormat(b *strings.Builder) {
	writeHeading(b, 2, "Scenario", "Required are scenario, id, title and steps.")
	writeTable(b, "key", schemaRows("", schemaDefinition("scenario")))
	writeHeading(b, 3, "Versions", "Where a version of Connect does something else than the scenario expects, unlike says "+
		"so, and the scenario is skipped there instead of failing. The version is the one that the server names.")
	writeTable(b, "key", schemaRows("", schemaDefinition("versions")))
	writeHeading(b, 3, "Inputs", "Values that the person who runs the scenario gives: `--input NAME=VALUE`. "+
		"Expressions use them as `inputs.NAME`.")
	writeTable(b, "key", schemaRows("", schemaDefinition("input")))
	writeHeading(b, 3, "Matrix", "The scenario runs once for each combination of the values. Expressions use them as "+
		"`matrix.NAME`. `matrix: {category: [LOGIN, PASSWORD], size: [1, 1000]}` gives four runs, with ids such as "+
		"`my-scenario[category=LOGIN][size=1]`.")
	writeHeading(b, 3, "Fragments", "Steps that scenarios share with include. A fragment has these keys.")
	writeTable(b, "key", schemaRows("", schemaDefinition("fragment")))
	writeHeading(b, 2, "Steps", "A step has exactly one action: call, request, mock, include or wait.")
	writeTable(b, "key", schemaRows("", schemaDefinition("step")))
	writeHeading(b, 3, "Request", "A request need not be an operation of the document.")
	writeTable(b, "key", schemaRows("", schemaDefinition("request")))
	writeHeading(b, 3, "Retry", "Only the last response is compared with the expectation.")
	writeTable(b, "key", schemaRows("", schemaDefinition("retry")))
}

func writeStates(b *strings.Builder) {
	writeHeading(b, 2, "States", "`given` lists what must exist before the first step. If a target can't provide a "+
		"state, the scenario is skipped. Expressions use a state by the name in as.")
	for _, s := range language.StateTable() {
		writeHeading(b, 3, "State "+s.Name, cell(s.About))
		writeTable(b, "with", memberRows(s.With))
		writeTable(b, "offers", memberRows(s.Offers))
	}
}

func writeExpressions(b *strings.Builder) {
	writeHeading(b, 2, "Expressions", "Texts may contain `{{ expressions }}`; conditions are expressions without "+
		"braces. The language is that of [expr-lang](https://expr-lang.org/docs/language-definition), with one difference: a missing "+
		"member is an error, never null.")
	writeHeading(b, 3, "Variables",
		"States, captures, tokens of mock steps and the variable of a loop are variables too.")
	var rows [][2]string
	for _, v := range language.VariableTable() {
		about := v.About
		if v.OnResponse {
			about += " Only in expect, capture and retry."
		}
		rows = append(rows, [2]string{v.Name, about})
		for _, m := range v.Members {
			rows = append(rows, [2]string{v.Name + "." + m.Name, m.About})
		}
	}
	writeTable(b, "variable", rows)
	writeHeading(b, 3, "Functions of scenarios", "")
	writeTable(b, "function", functionRows(expression.OwnFunctions()))
	writeHeading(b, 3, "Functions of expr-lang", "")
	writeTable(b, "function", functionRows(expression.BuiltinFunctions()))
}

func functionRows(all []expression.Function) [][2]string {
	var rows [][2]string
	for _, f := range all {
		rows = append(rows, [2]string{f.Signature, f.About})
	}
	return rows
}

func writeExpectations(b *strings.Builder) {
	writeHeading(b, 2, "Expectations",
		"The response must also be valid for the document, unless schema says otherwise.")
	writeTable(b, "key", schemaRows("", schemaDefinition("expect")))
	writeHeading(b, 3, "Operators", "In json, exactly, text, bytes and headers a mapping of operators stands for a "+
		"value. Comparison depends on type and case.")
	var rows [][2]string
	for _, o := range match.OperatorTable() {
		rows = append(rows, [2]string{o.Name, o.About})
	}
	writeTable(b, "operator", rows)
	writeHeading(b, 3, "Errors", "What expect.error and res.error can be.")
	writeTable(b, "error", memberRows(language.FailureTable()))
}

func writeCapabilities(b *strings.Builder) {
	writeHeading(b, 2, "Capabilities",
		"requires skips a scenario on targets without them. needs leaves out a step or a "+
			"check, and the scenario is partial.")
	writeTable(b, "capability", memberRows(language.CapabilityTable()))
}

func writeCommands(b *strings.Builder) {
	writeHeading(b, 2, "Commands for a mock",
		"A mock step has one command. Members are spelled as in the control API; "+
			"`connectmock ctl` has flags of the same names.")
	commandSchema := schemaDefinition("mock").Get("properties")
	for _, c := range language.Commands() {
		writeHeading(b, 3, c.Name, cell(c.About)+" Needs "+c.Needs+".")
		of := commandSchema.Get(c.Name)
		if c.Name == "faults" {
			of = schemaDefinition("fault")
		}
		if rows := schemaRows("", of); len(rows) > 0 {
			writeTable(b, "member", rows)
		}
	}
}
