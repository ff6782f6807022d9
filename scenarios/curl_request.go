package scenarios

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/internal/source"
	"github.com/connectmock/connectmock/openapi"
)

func (c *curl) request(a *action, indent string) {
	method, path := "", ""
	content := [3]*source.Node{a.JSON, a.Body, a.Headers}
	if a.Call.set() {
		op := c.document.Operation(a.Call.Text)
		method, path = op.Method, c.address(a, op)
	} else {
		r := a.Request
		method, path = r.Method.Text, c.text(r.Path)
		content = [3]*source.Node{r.JSON, r.Body, r.Headers}
	}
	args := []string{"curl -sS -g --path-as-is -o \"$answer\" -w '%{http_code}'"}
	if method != "GET" {
		args = append(args, "-X "+method)
	}
	args = append(args, `"$OP_CONNECT_HOST"`+path)
	args = append(args, c.headers(a, content)...)
	switch {
	case content[0] != nil:
		args = append(args, "--data-raw "+c.json(content[0]))
	case content[1] != nil:
		args = append(args, "--data-raw "+c.text(content[1]))
	}
	c.line("%sstatus=$(%s)", indent, strings.Join(args, " \\\n"+indent+"  "))
	e := a.Expect
	switch {
	case e.Error.set():
		c.line("%s# expected: no whole answer (%s)", indent, e.Error.Text)
	case e.Status != nil:
		c.line("%sexpect %s \"$status\" '%s'", indent, quote(a.name), strings.ReplaceAll(strings.Join(e.Status.list, "' '"), "xx", "??"))
	}
	for _, check := range e.Check {
		c.line("%s# to be checked: %s", indent, oneLine(check.That.Text))
	}
	c.captures(a, indent)
}

// address is the path of an operation as a word of the shell.
func (c *curl) address(a *action, op *openapi.Operation) string {
	var path strings.Builder
	var query []string
	for part := range strings.SplitSeq(strings.TrimPrefix(op.Path, "/"), "/") {
		path.WriteString("/")
		name, ok := strings.CutPrefix(part, "{")
		if !ok {
			path.WriteString(part)
			continue
		}
		path.WriteString(c.text(a.With.Get(strings.TrimSuffix(name, "}"))))
	}
	if a.With != nil {
		for _, p := range a.With.Pairs {
			if !slices.Contains(pathParameters(op), p.Key) {
				query = append(query, "-G --data-urlencode "+p.Key+"="+c.text(p.Value))
			}
		}
	}
	return strings.Join(append([]string{path.String()}, query...), " ")
}

func (c *curl) headers(a *action, content [3]*source.Node) []string {
	var args []string
	custom := map[string]bool{}
	if content[2] != nil {
		for _, p := range content[2].Pairs {
			custom[strings.ToLower(p.Key)] = true
			if p.Value.Kind == source.Null {
				args = append(args, "-H "+quote(p.Key+":"))
			} else {
				args = append(args, "-H "+quote(p.Key+": ")+c.text(p.Value))
			}
		}
	}
	if a.As.Text != noActor && !custom["authorization"] {
		token := "OP_CONNECT_TOKEN"
		if a.As.set() && a.As.Text != mainActor {
			token = tokenVariable(a.As.Text)
		}
		args = append(args, `-H "Authorization: Bearer $`+token+`"`)
	}
	if (content[0] != nil || content[1] != nil) && !custom["content-type"] {
		args = append(args, "-H 'Content-Type: application/json'")
	}
	return args
}

// captures takes from the answer what the script can.
func (c *curl) captures(a *action, indent string) {
	if a.Capture == nil {
		return
	}
	for _, p := range a.Capture.Pairs {
		if !strings.HasPrefix(p.Value.Raw, "/") {
			c.line("%s# to be remembered as %s: %s", indent, p.Key, oneLine(p.Value.Raw))
			continue
		}
		path := "."
		for token := range strings.SplitSeq(p.Value.Raw[1:], "/") {
			name := strings.NewReplacer("~1", "/", "~0", "~").Replace(token)
			if regexp.MustCompile(`^\d+$`).MatchString(name) {
				path += "[" + name + "]"
			} else {
				path += "[" + string(must(json.Marshal(name))) + "]"
			}
		}
		add := ""
		if a.loop != "" {
			add = "${" + p.Key + ":-} "
		}
		c.line("%s%s=\"%s$(jq -r %s \"$answer\")\"", indent, p.Key, add, quote(path))
		c.known[p.Key] = p.Key
	}
}

// must is for texts, which always encode.
func must(b []byte, err error) []byte {
	if err != nil {
		panic(err)
	}
	return b
}
