package scenarios

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"github.com/connectmock/connectmock/internal/source"
	"github.com/connectmock/connectmock/scenarios/internal/formula"
)

// text is a node as a word of the shell.
func (c *curl) text(n *source.Node) string {
	t := c.s.texts[n]
	if t == nil {
		return quote(n.Raw)
	}
	var b strings.Builder
	t.Parts(func(text string, f *formula.Formula) {
		switch {
		case f != nil:
			b.WriteString(`"$` + c.value(f) + `"`)
		case text != "":
			b.WriteString(quote(text))
		}
	})
	return b.String()
}

// value is the variable of an expression.
func (c *curl) value(f *formula.Formula) string {
	code := oneLine(f.String())
	if v, ok := c.known[code]; ok {
		if strings.Contains(code, ".") && !strings.HasSuffix(code, ".token") {
			c.ask(v, code)
		}
		return v
	}
	switch {
	case code == "run.prefix":
		return "run_prefix"
	case code == "run.id":
		return c.assume("run_id", "curl")
	case strings.HasPrefix(code, "secret("):
		return c.assume(variable(code), "s3cret-"+variable(code))
	}
	for _, axis := range c.s.matrix {
		if code == "matrix."+axis.name {
			return c.assume("matrix_"+axis.name, fmt.Sprint(axis.values[0]))
		}
	}
	for _, in := range c.s.Inputs {
		if code == "inputs."+in.Name && !in.Required && !in.Secret {
			return c.assume("inputs_"+in.Name, in.Default)
		}
	}
	return c.ask(variable(code), "the value of "+code)
}

// json is a document as a word of the shell: variables stand in its texts as
// they are, so that they must not hold quotes.
func (c *curl) json(n *source.Node) string {
	const mark = "\x01"
	var variables []string
	var replace func(n *source.Node) any
	replace = func(n *source.Node) any {
		switch {
		case n.Kind == source.List:
			list := []any{}
			for _, item := range n.Items {
				list = append(list, replace(item))
			}
			return list
		case n.Kind == source.Map:
			object := map[string]any{}
			for _, p := range n.Pairs {
				object[p.Key] = replace(p.Value)
			}
			return object
		case c.s.texts[n] == nil:
			return n.Plain()
		}
		var b strings.Builder
		c.s.texts[n].Parts(func(text string, f *formula.Formula) {
			if f != nil {
				variables = append(variables, c.value(f))
				text = fmt.Sprintf("%s%d%s", mark, len(variables)-1, mark)
			}
			b.WriteString(text)
		})
		return b.String()
	}
	text := quote(string(must(json.Marshal(replace(n)))))
	for i, v := range variables {
		text = strings.ReplaceAll(text, fmt.Sprintf(`\u0001%d\u0001`, i), `'"$`+v+`"'`)
	}
	return text
}

// quote makes one word of a text for a POSIX shell; a path's characters stay as
// they are.
func quote(text string) string {
	if text != "" && regexp.MustCompile(`^[A-Za-z0-9_./:=,+@%-]+$`).MatchString(text) {
		return text
	}
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}
