package scenarios

import (
	"strconv"
	"strings"
	"time"

	"github.com/connectmock/connectmock/internal/source"
)

// document is a scenario as it is written.
type document struct {
	At       source.Place
	Version  int                     `yaml:"scenario"`
	ID       word                    `yaml:"id"`
	Title    word                    `yaml:"title"`
	About    word                    `yaml:"about"`
	Tags     words                   `yaml:"tags"`
	Requires words                   `yaml:"requires"`
	Timeout  time.Duration           `yaml:"timeout"`
	Inputs   map[string]input        `yaml:"inputs"`
	Matrix   map[string]*source.Node `yaml:"matrix"`
	Given    []state                 `yaml:"given"`
	Steps    []*action               `yaml:"steps"`
	Finally  []*action               `yaml:"finally"`
}

// fragment is steps that scenarios share.
type fragment struct {
	At      source.Place
	Version int       `yaml:"fragment"`
	About   word      `yaml:"about"`
	Given   []state   `yaml:"given"`
	Steps   []*action `yaml:"steps"`
}

// input is a value somebody gives when the scenario is run.
type input struct {
	At      source.Place
	About   word         `yaml:"about"`
	Default *source.Node `yaml:"default"` // nil: the input must be given
	Secret  bool         `yaml:"secret"`
}

// state is something that must be there before the first step.
type state struct {
	At    source.Place
	State word         `yaml:"state"`
	As    word         `yaml:"as"`
	With  *source.Node `yaml:"with"`
}

// action is a step. It has exactly one of Call, Request, Mock, Include, Wait.
type action struct {
	At      source.Place
	ID      word         `yaml:"id"`
	Title   word         `yaml:"title"`
	As      word         `yaml:"as"`
	Call    word         `yaml:"call"`
	Request *raw         `yaml:"request"`
	Mock    *source.Node `yaml:"mock"`
	Include word         `yaml:"include"`
	Wait    *wait        `yaml:"wait"`

	With    *source.Node `yaml:"with"`    // of Call: parameters of path and query
	Headers *source.Node `yaml:"headers"` // of Call
	JSON    *source.Node `yaml:"json"`    // of Call: the body
	Body    *source.Node `yaml:"body"`    // of Call: the same as text, sent as it is

	Foreach  *source.Node  `yaml:"foreach"`
	Parallel bool          `yaml:"parallel"`
	Retry    *retry        `yaml:"retry"`
	Expect   *expect       `yaml:"expect"`
	Capture  *source.Node  `yaml:"capture"`
	Needs    words         `yaml:"needs"`
	Timeout  time.Duration `yaml:"timeout"`

	name     string // its id, or where it stands; with those of the includes before it
	fragment bool   // it comes from an included file
	command  command
	loop     string          // the variable of its foreach
	owed     []string        // capabilities it needs
	makes    []string        // names it defines
	uses     map[string]bool // names it uses
}

// raw is a request that need not be an operation.
type raw struct {
	At      source.Place
	Method  word         `yaml:"method"`
	Path    *source.Node `yaml:"path"`
	Headers *source.Node `yaml:"headers"`
	JSON    *source.Node `yaml:"json"`
	Body    *source.Node `yaml:"body"`
}

// retry does a step again until a condition holds, or without one until the
// expectation does. Only the last answer is held to the expectation.
type retry struct {
	At     source.Place
	Until  word          `yaml:"until"`
	Every  time.Duration `yaml:"every"`
	Within time.Duration `yaml:"within"`
}

// expect is what must come back.
type expect struct {
	At      source.Place
	Status  *statuses    `yaml:"status"`
	Error   word         `yaml:"error"`
	JSON    *source.Node `yaml:"json"`
	Exactly *source.Node `yaml:"exactly"`
	Text    *source.Node `yaml:"text"`
	Bytes   *source.Node `yaml:"bytes"`
	Headers *source.Node `yaml:"headers"`
	Schema  word         `yaml:"schema"`
	Because word         `yaml:"because"`
	Check   []check      `yaml:"check"`
}

// check is a condition, which may need more than the rest of its step.
type check struct {
	That  word  `yaml:"that"`
	Needs words `yaml:"needs"`
}

// DecodeNode also reads a bare condition.
func (c *check) DecodeNode(n *source.Node, ps *source.Problems) {
	if n.Kind == source.Map {
		type plain check
		source.Decode(n, (*plain)(c), ps)
		if c.That.node == nil {
			ps.Add(n.At, "that: a condition", `a check without "that"`)
		}
		return
	}
	c.That.DecodeNode(n, ps)
}

// wait lets time pass: the server's where it can be told to, and real time
// otherwise or if that is what is meant.
type wait struct {
	For  time.Duration `yaml:"for"`
	Real bool          `yaml:"real"`
}

// DecodeNode also reads a bare length.
func (w *wait) DecodeNode(n *source.Node, ps *source.Problems) {
	if n.Kind != source.Map {
		source.Decode(n, &w.For, ps)
		return
	}
	type plain wait
	source.Decode(n, (*plain)(w), ps)
	if n.Get("for") == nil {
		ps.Add(n.At, "for: 30s", `a wait without "for"`)
	}
}

// word is a text with its place.
type word struct {
	Text string
	node *source.Node // nil: it is not there
}

// DecodeNode reads a scalar as it is written.
func (w *word) DecodeNode(n *source.Node, ps *source.Problems) {
	w.node = n
	source.Decode(n, &w.Text, ps)
}

func (w word) set() bool        { return w.node != nil }
func (w word) at() source.Place { return w.node.At }

// words are several, or one.
type words []word

// DecodeNode reads a list or a single word.
func (ws *words) DecodeNode(n *source.Node, ps *source.Problems) {
	if n.Kind != source.List {
		*ws = make(words, 1)
		(*ws)[0].DecodeNode(n, ps)
		return
	}
	source.Decode(n, (*[]word)(ws), ps)
}

func (ws words) texts() []string {
	var all []string
	for _, w := range ws {
		all = append(all, w.Text)
	}
	return all
}

// statuses are the statuses that are well: 200, "4xx", or several.
type statuses struct {
	At   source.Place
	list []string
}

// DecodeNode reads one or a list.
func (s *statuses) DecodeNode(n *source.Node, ps *source.Problems) {
	s.At = n.At
	items := n.Items
	if n.Kind != source.List {
		items = []*source.Node{n}
	}
	for _, item := range items {
		if isStatus(item.Raw) {
			s.list = append(s.list, item.Raw)
		} else {
			ps.Add(item.At, "200, 4xx, or a list of such", "no status")
		}
	}
	if n.Kind == source.List && len(items) == 0 {
		ps.Add(n.At, "", "no status at all")
	}
}

func isStatus(text string) bool {
	if len(text) != 3 || text[0] < '1' || text[0] > '5' {
		return false
	}
	_, err := strconv.Atoi(text)
	return err == nil || text[1:] == "xx"
}

func (s *statuses) has(status int) bool {
	is := strconv.Itoa(status)
	for _, want := range s.list {
		if want == is || strings.HasSuffix(want, "xx") && want[0] == is[0] {
			return true
		}
	}
	return false
}

func (s *statuses) String() string { return strings.Join(s.list, " or ") }

// succeeds says whether a good answer may come.
func (s *statuses) succeeds() bool {
	for _, want := range s.list {
		if want[0] == '2' {
			return true
		}
	}
	return false
}
