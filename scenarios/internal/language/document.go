package language

import (
	"strconv"
	"strings"
	"time"

	"github.com/connectmock/connectmock/internal/yamlsource"
)

// document is the YAML of a scenario.
type document struct {
	At       yamlsource.Place
	Version  int                         `yaml:"scenario"`
	ID       word                        `yaml:"id"`
	Title    word                        `yaml:"title"`
	About    word                        `yaml:"about"`
	Tags     words                       `yaml:"tags"`
	Requires words                       `yaml:"requires"`
	Unlike   []versions                  `yaml:"unlike"`
	Timeout  time.Duration               `yaml:"timeout"`
	Inputs   map[string]input            `yaml:"inputs"`
	Matrix   map[string]*yamlsource.Node `yaml:"matrix"`
	Given    []State                     `yaml:"given"`
	Steps    []*Step                     `yaml:"steps"`
	Finally  []*Step                     `yaml:"finally"`
}

// versions are versions of Connect on which the scenario would fail, because they do something else.
type versions struct {
	At     yamlsource.Place
	From   word `yaml:"from"`   // the first; not set: the oldest
	Before word `yaml:"before"` // the first that does what the scenario expects
	About  word `yaml:"about"`  // what they do
}

// fragment is the YAML of a fragment: steps that scenarios share.
type fragment struct {
	At      yamlsource.Place
	Version int     `yaml:"fragment"`
	About   word    `yaml:"about"`
	Given   []State `yaml:"given"`
	Steps   []*Step `yaml:"steps"`
}

// input is a value given when the scenario is run.
type input struct {
	At      yamlsource.Place
	About   word             `yaml:"about"`
	Default *yamlsource.Node `yaml:"default"` // nil: the input must be given
	Secret  bool             `yaml:"secret"`
}

// State is something that must exist before the first step.
type State struct {
	At    yamlsource.Place
	State word             `yaml:"state"`
	As    word             `yaml:"as"`
	With  *yamlsource.Node `yaml:"with"`
}

// Step is one step. It has exactly one of Call, Request, Mock, Include, Wait.
type Step struct {
	At      yamlsource.Place
	ID      word             `yaml:"id"`
	Title   word             `yaml:"title"`
	As      word             `yaml:"as"`
	Call    word             `yaml:"call"`
	Request *raw             `yaml:"request"`
	Mock    *yamlsource.Node `yaml:"mock"`
	Include word             `yaml:"include"`
	Wait    *wait            `yaml:"wait"`

	With    *yamlsource.Node `yaml:"with"`    // of Call: parameters of path and query
	Headers *yamlsource.Node `yaml:"headers"` // of Call
	JSON    *yamlsource.Node `yaml:"json"`    // of Call: the body
	Body    *yamlsource.Node `yaml:"body"`    // of Call: the body as text, sent unchanged

	Foreach  *yamlsource.Node `yaml:"foreach"`
	Parallel bool             `yaml:"parallel"`
	Retry    *retry           `yaml:"retry"`
	Expect   *Expectation     `yaml:"expect"`
	Capture  *yamlsource.Node `yaml:"capture"`
	Needs    words            `yaml:"needs"`
	Timeout  time.Duration    `yaml:"timeout"`

	Name         string // its id or position, after those of the includes that lead to it
	Fragment     bool   // whether it comes from an included file
	Command      Command
	Loop         string          // the variable of its foreach
	Capabilities []string        // capabilities it needs
	Defines      []string        // names that it captures
	Uses         map[string]bool // names it uses
}

// raw is a request that does not have to be an operation.
type raw struct {
	At      yamlsource.Place
	Method  word             `yaml:"method"`
	Path    *yamlsource.Node `yaml:"path"`
	Headers *yamlsource.Node `yaml:"headers"`
	JSON    *yamlsource.Node `yaml:"json"`
	Body    *yamlsource.Node `yaml:"body"`
}

// retry repeats a step until a condition is true, or without a condition until the expectation is met. Only the last
// response is compared with the expectation.
type retry struct {
	At     yamlsource.Place
	Until  word          `yaml:"until"`
	Every  time.Duration `yaml:"every"`
	Within time.Duration `yaml:"within"`
}

// Expectation is what a step expects of its response.
type Expectation struct {
	At      yamlsource.Place
	Status  *statuses        `yaml:"status"`
	Error   word             `yaml:"error"`
	JSON    *yamlsource.Node `yaml:"json"`
	Exactly *yamlsource.Node `yaml:"exactly"`
	Text    *yamlsource.Node `yaml:"text"`
	Bytes   *yamlsource.Node `yaml:"bytes"`
	Headers *yamlsource.Node `yaml:"headers"`
	Schema  word             `yaml:"schema"`
	Because word             `yaml:"because"`
	Check   []Condition      `yaml:"check"`
}

// Condition is a condition, which may need more than the rest of its step.
type Condition struct {
	That  word  `yaml:"that"`
	Needs words `yaml:"needs"`
}

// DecodeNode decodes a mapping or just a condition.
func (c *Condition) DecodeNode(n *yamlsource.Node, ps *yamlsource.Problems) {
	if n.Kind == yamlsource.Map {
		type plain Condition
		yamlsource.Decode(n, (*plain)(c), ps)
		if c.That.Node == nil {
			ps.Add(n.At, "that: a condition", `a check without "that"`)
		}
		return
	}
	c.That.DecodeNode(n, ps)
}

// wait lets time pass: on the clock of a mock where possible, else or with real in real time.
type wait struct {
	For  time.Duration `yaml:"for"`
	Real bool          `yaml:"real"`
}

// DecodeNode decodes a mapping or just a duration.
func (w *wait) DecodeNode(n *yamlsource.Node, ps *yamlsource.Problems) {
	if n.Kind != yamlsource.Map {
		yamlsource.Decode(n, &w.For, ps)
		return
	}
	type plain wait
	yamlsource.Decode(n, (*plain)(w), ps)
	if n.Get("for") == nil {
		ps.Add(n.At, "for: 30s", `a wait without "for"`)
	}
}

// word is text with its place.
type word struct {
	Text string
	Node *yamlsource.Node // nil: not set
}

// DecodeNode decodes a scalar as it is written.
func (w *word) DecodeNode(n *yamlsource.Node, ps *yamlsource.Problems) {
	w.Node = n
	yamlsource.Decode(n, &w.Text, ps)
}

func (w word) Set() bool { return w.Node != nil }

func (w word) at() yamlsource.Place { return w.Node.At }

// words is a list of words; in YAML it may be a single one.
type words []word

// DecodeNode decodes a list or a single word.
func (ws *words) DecodeNode(n *yamlsource.Node, ps *yamlsource.Problems) {
	if n.Kind != yamlsource.List {
		*ws = make(words, 1)
		(*ws)[0].DecodeNode(n, ps)
		return
	}
	yamlsource.Decode(n, (*[]word)(ws), ps)
}

func (ws words) Texts() []string {
	var all []string
	for _, w := range ws {
		all = append(all, w.Text)
	}
	return all
}

// statuses are the expected statuses: 200, "4xx", or a list.
type statuses struct {
	At   yamlsource.Place
	list []string
}

// DecodeNode decodes one status or a list.
func (s *statuses) DecodeNode(n *yamlsource.Node, ps *yamlsource.Problems) {
	s.At = n.At
	items := n.Items
	if n.Kind != yamlsource.List {
		items = []*yamlsource.Node{n}
	}
	for _, item := range items {
		if isStatus(item.Raw) {
			s.list = append(s.list, item.Raw)
		} else {
			ps.Add(item.At, "200, 4xx, or a list of these", "not a status")
		}
	}
	if n.Kind == yamlsource.List && len(items) == 0 {
		ps.Add(n.At, "", "the list of statuses is empty")
	}
}

func isStatus(text string) bool {
	if len(text) != 3 || text[0] < '1' || text[0] > '5' {
		return false
	}
	_, err := strconv.Atoi(text)
	return err == nil || text[1:] == "xx"
}

func (s *statuses) Has(status int) bool {
	is := strconv.Itoa(status)
	for _, want := range s.list {
		if want == is || strings.HasSuffix(want, "xx") && want[0] == is[0] {
			return true
		}
	}
	return false
}

func (s *statuses) String() string { return strings.Join(s.list, " or ") }

// succeeds reports whether a status below 300 is expected.
func (s *statuses) succeeds() bool {
	for _, want := range s.list {
		if want[0] == '2' {
			return true
		}
	}
	return false
}
