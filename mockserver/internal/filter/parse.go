package filter

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	scim "github.com/scim2/filter-parser/v2"

	"github.com/connectmock/connectmock/openapi/connect"
)

// Limits of a filter. They are ours: nothing public says what a real server
// bears [G]. Titles of a few hundred letters and a few dozen alternatives fit
// well within them, and a compiled filter stays within what SQLite takes.
const (
	maxBytes       = 8 << 10
	maxParentheses = 32
	maxComparisons = 256
)

// ParseVaults reads a filter of the vault list: title and name are the same
// attribute under two names, and both are sent by clients [T][W]. A filter
// without text is no filter, and nil [G: one client sends its parameters
// empty]. Errors are *connect.Error of status 400 and never quote the filter.
func ParseVaults(q string) (*Filter, error) {
	return parse(q, map[string]Attribute{"title": Title, "name": Title}, "vaults can only be filtered by title or name")
}

// ParseItems reads a filter of an item list, by title [T] or by tag [D]. Other
// names, "tags" among them, nobody has seen work: they are refused [G]. In all
// else it is like ParseVaults.
func ParseItems(q string) (*Filter, error) {
	return parse(q, map[string]Attribute{"title": Title, "tag": Tag}, "items can only be filtered by title or tag")
}

func parse(q string, attributes map[string]Attribute, others string) (*Filter, error) {
	q = strings.Trim(q, " ")
	if q == "" {
		return nil, nil
	}
	p := parser{attributes: attributes, others: others}
	root, err := p.parse(q)
	if err != nil {
		return nil, err
	}
	return &Filter{Root: root}, nil
}

// parser turns one text into nodes. The grammar is the library's; the quoted
// values are ours (see scan).
type parser struct {
	attributes  map[string]Attribute
	others      string // what to say of any other attribute
	values      []string
	comparisons int
}

func (p *parser) parse(q string) (Node, error) {
	if len(q) > maxBytes {
		return nil, refuse("it is longer than %d bytes", maxBytes)
	}
	if !utf8.ValidString(q) {
		return nil, refuse("it is not UTF-8")
	}
	shape, values, err := scan(q)
	if err != nil {
		return nil, err
	}
	p.values = values
	if e := single(shape); e != nil {
		return p.compare(e)
	}
	expression, err := scim.ParseFilter([]byte(shape))
	if err != nil {
		// The library's words quote the filter and name its own grammar rules.
		return nil, refuse(`it must be made of comparisons like title eq "...", joined by and, or, not and parentheses; the operators are eq, ne, co, sw, ew and pr`)
	}
	return p.node(expression)
}

// single is the comparison a shape consists of, if it is one word, eq or co, and
// one value: what nearly every request has, read in a hundredth of the time the
// library takes. It must agree with the library; nil leaves the shape to it.
func single(shape string) *scim.AttributeExpression {
	words := strings.Split(shape, " ")
	if len(words) != 3 || words[1] != "eq" && words[1] != "co" || words[2] != `"0"` {
		return nil
	}
	for _, c := range words[0] {
		if c < 'a' || 'z' < c {
			return nil
		}
	}
	if words[0] == "" {
		return nil
	}
	return &scim.AttributeExpression{
		AttributePath: scim.AttributePath{AttributeName: words[0]},
		Operator:      scim.CompareOperator(words[1]),
		CompareValue:  "0",
	}
}

func (p *parser) node(e scim.Expression) (Node, error) {
	switch e := e.(type) {
	case *scim.LogicalExpression:
		left, err := p.node(e.Left)
		if err != nil {
			return nil, err
		}
		right, err := p.node(e.Right)
		if err != nil {
			return nil, err
		}
		if e.Operator == scim.AND {
			return And{left, right}, nil
		}
		return Or{left, right}, nil
	case *scim.NotExpression:
		x, err := p.node(e.Expression)
		if err != nil {
			return nil, err
		}
		return Not{x}, nil
	case *scim.AttributeExpression:
		return p.compare(e)
	default: // *scim.ValuePath
		return nil, refuse("brackets are not supported")
	}
}

func (p *parser) compare(e *scim.AttributeExpression) (Node, error) {
	if p.comparisons++; p.comparisons > maxComparisons {
		return nil, refuse("it has more than %d comparisons", maxComparisons)
	}
	// Attribute names are without case in SCIM, as are operators.
	attribute, known := p.attributes[strings.ToLower(e.AttributePath.AttributeName)]
	if !known || e.AttributePath.URIPrefix != nil || e.AttributePath.SubAttribute != nil {
		return nil, refuse("%s", p.others)
	}
	if e.Operator == scim.PR {
		return Compare{Attribute: attribute, Op: Pr}, nil
	}
	number, ok := e.CompareValue.(string)
	if !ok {
		return nil, refuse("values must be text in double quotes")
	}
	index, err := strconv.Atoi(number)
	if err != nil {
		return nil, fmt.Errorf("filter: the number of a value: %w", err)
	}
	c := Compare{Attribute: attribute, Value: p.values[index]}
	switch e.Operator {
	case scim.EQ:
		c.Op = Eq
	case scim.CO:
		c.Op = Co
	// The next three, and pr, because a real server calls its filters SCIM-style
	// and one client offers them [G].
	case scim.SW:
		c.Op = Sw
	case scim.EW:
		c.Op = Ew
	case scim.NE:
		return Not{c}, nil
	default: // gt, ge, lt, le: nobody relies on an order of titles [G]
		return nil, refuse("the operators are eq, ne, co, sw, ew and pr")
	}
	return c, nil
}

func refuse(format string, args ...any) error {
	return connect.InvalidFilter(fmt.Sprintf(format, args...))
}
