package scenarios

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"github.com/connectmock/connectmock/internal/source"
	"github.com/connectmock/connectmock/openapi"
	"github.com/connectmock/connectmock/scenarios/internal/formula"
)

// Curl writes a scenario as a shell script for somebody without connectmock:
// one curl command for each request in its order, the token in
// $OP_CONNECT_TOKEN and those of given tokens in variables of their own, what is
// captured by a pointer in variables, by jq. What a script can't do is a
// comment: what the mock is told, conditions, and expressions, whose values are
// then asked for as variables. It runs each step once, the one of a matrix with
// its first values, and checks the status.
func Curl(s *Scenario) (string, error) {
	d, err := openapi.Connect()
	if err != nil {
		return "", err
	}
	c := &curl{s: s, document: d, known: map[string]string{}, asked: map[string]bool{}}
	c.write()
	return c.head() + c.body.String(), nil
}

// curl is a script being written.
type curl struct {
	s        *Scenario
	document *openapi.Document
	body     strings.Builder
	known    map[string]string // shell variable by expression
	asked    map[string]bool   // variables whoever runs it has to set
	order    []string          // of asked, with what they are for
}

func (c *curl) line(format string, args ...any) { fmt.Fprintf(&c.body, format+"\n", args...) }

// head is what the script needs before its first step; it is known last.
func (c *curl) head() string {
	var b strings.Builder
	fmt.Fprintf(&b, "#!/bin/sh\n# %s\n# Needs curl, and jq for what is captured.\nset -u\n", oneLine(c.s.Title))
	b.WriteString(": \"${OP_CONNECT_HOST:?the base URL, as http://127.0.0.1:8080}\"\n: \"${OP_CONNECT_TOKEN:?a token that may read and write}\"\n")
	b.WriteString("run_prefix=\"connectmock-curl-$$\"\nanswer=$(mktemp)\ntrap 'rm -f \"$answer\"' EXIT\nfailed=0\n")
	for _, ask := range c.order {
		b.WriteString(ask + "\n")
	}
	b.WriteString(`
expect() { # step, status, patterns of which one must fit
  step=$1 got=$2
  shift 2
  for pattern; do
    case "$got" in $pattern) echo "ok   $step: $got"; return ;; esac
  done
  echo "FAIL $step: $got, expected $*"
  failed=1
}
`)
	return b.String()
}

func (c *curl) write() {
	for i := range c.s.given {
		c.state(&c.s.given[i])
	}
	for _, a := range c.s.steps {
		c.step(a)
	}
	if len(c.s.finally) > 0 {
		c.line("\n# --- finally")
	}
	for _, a := range c.s.finally {
		c.step(a)
	}
	c.line("\nexit $failed")
}

// ask makes a variable one that has to be set; the words say to what.
func (c *curl) ask(variable, words string) string {
	if !c.asked[variable] {
		c.asked[variable] = true
		words = regexp.MustCompile(`[^A-Za-z0-9 .,:'()\[\]/_=<>!?|&-]`).ReplaceAllString(words, "")
		words = strings.NewReplacer("'", "", "}", "").Replace(words)
		c.order = append(c.order, fmt.Sprintf(`: "${%s:?%s}"`, variable, words))
	}
	return variable
}

// assume gives a variable a value unless it has one.
func (c *curl) assume(variable, value string) string {
	if !c.asked[variable] {
		c.asked[variable] = true
		c.order = append(c.order, fmt.Sprintf(`[ -n "${%s:-}" ] || %s=%s`, variable, variable, quote(value)))
	}
	return variable
}

// state asks for what must be there.
func (c *curl) state(s *state) {
	as := s.As.Text
	switch s.State.Text {
	case stateToken:
		c.ask(tokenVariable(as), "a token with the permissions "+strings.Join(rawList(s.With.Get("permissions")), " and "))
		c.known[as+".token"] = tokenVariable(as)
	case stateVault:
		c.known[as+".id"] = c.ask(variable(as+".id"), "id of a vault to use as "+as)
	default:
		for _, m := range append(stateMembers(s.State.Text), "id") {
			c.known[as+"."+m] = variable(as + "." + m) // asked for where it is used
		}
	}
}

func rawList(n *source.Node) []string {
	var all []string
	for _, item := range n.List() {
		all = append(all, item.Raw)
	}
	return all
}

func tokenVariable(as string) string { return "OP_CONNECT_TOKEN_" + strings.ToUpper(as) }

func variable(expression string) string {
	name := strings.Trim(regexp.MustCompile(`[^A-Za-z0-9]+`).ReplaceAllString(expression, "_"), "_")
	if name == "" || name[0] <= '9' {
		name = "value_" + name
	}
	return name
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

func (c *curl) step(a *action) {
	c.line("\n# %s%s", a.name, titled(a))
	switch {
	case a.Wait != nil:
		c.line("sleep %d", int(a.Wait.For.Seconds()+0.999))
		return
	case a.Mock != nil:
		text, err := json.Marshal(a.Mock.Plain())
		if err == nil {
			c.line("# only a mock can be told: %s", oneLine(string(text)))
		}
		if a.command.as != "" {
			c.known[a.command.as+".token"] = c.ask(tokenVariable(a.command.as), "the token "+a.command.as)
		}
		return
	}
	for _, n := range a.Needs {
		c.line("# needs %s", n.Text)
	}
	indent := ""
	if a.loop != "" {
		indent = c.loop(a)
	}
	if a.Retry != nil {
		c.line("%s# to be done again until %s, every %s, within %s", indent, orStatus(a.Retry.Until.Text), a.Retry.Every, a.Retry.Within)
	}
	c.request(a, indent)
	if a.loop != "" {
		c.line("done")
	}
}

func titled(a *action) string {
	if a.Title.set() {
		return ": " + oneLine(a.Title.Text)
	}
	if a.Call.set() {
		return ": " + a.Call.Text
	}
	return ""
}

func orStatus(until string) string {
	if until == "" {
		return "it is as expected"
	}
	return oneLine(until)
}

// loop begins one; a list that is captured is in a variable, one value a line.
func (c *curl) loop(a *action) string {
	list := a.Foreach.Pairs[0].Value
	var words []string
	for _, item := range list.List() {
		words = append(words, c.text(item))
	}
	if list.Kind == source.Text {
		words = []string{c.unquoted(list)}
	}
	c.line("for %s in %s; do", a.loop, strings.Join(words, " "))
	c.known[a.loop] = a.loop
	return "  "
}

// unquoted is the value of a template that is a list of words.
func (c *curl) unquoted(n *source.Node) string {
	var b strings.Builder
	c.s.texts[n].Parts(func(text string, f *formula.Formula) {
		if f != nil {
			text = "$" + c.value(f)
		}
		b.WriteString(text)
	})
	return b.String()
}
