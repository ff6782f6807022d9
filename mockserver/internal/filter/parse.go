package filter

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	scim "github.com/scim2/filter-parser/v2"

	"github.com/connectmock/connectmock/openapi/connect"
)

// Limits of a filter. Those of a real server are not known [G]. Titles of a few
// hundred letters and a few dozen alternatives are well within these, and a
// compiled filter stays within the limits of SQLite.
const (
	maxBytes       = 8 << 10
	maxParentheses = 32
	maxComparisons = 256
)

// ParseVaults parses a filter of the list of vaults. Title and name are the same
// attribute, and clients send both [T][W]. It returns nil for an empty filter [G:
// one client sends empty parameters]. Errors are *connect.Error of status 400,
// and never quote the filter.
func ParseVaults(q string) (*Filter, error) {
	return parse(q, map[string]Attribute{"title": Title, "name": Title}, "vaults can only be filtered by title or name")
}

// ParseItems parses a filter of a list of items, by title [T] or tag [D]. It
// refuses other names, also "tags", which are not known to work [G]. Otherwise
// it is like ParseVaults.
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

// parser parses a filter. The library parses the grammar, scan the quoted values.
type parser struct {
	attributes  map[string]Attribute
	others      string // the error for any other attribute
	values      []string
	comparisons int
}

func (p *parser) parse(q string) (Node, error) {
	if len(q) > maxBytes {
		return nil, invalid("it is longer than %d bytes", maxBytes)
	}
	if !utf8.ValidString(q) {
		return nil, invalid("it is not UTF-8")
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
		// The library's error quotes the filter and names rules of its grammar.
		return nil, invalid(`it must be made of comparisons like title eq "...", joined by and, or, not and parentheses; ` +
			`the operators are eq, ne, co, sw, ew and pr`)
	}
	return p.node(expression)
}

// single returns the comparison in a shape of one word, eq or co, and one value,
// nil for any other shape. Nearly every request has such a filter; single takes a
// hundredth of the library's time. It must agree with the library.
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
		return nil, invalid("brackets are not supported")
	}
}

func (p *parser) compare(e *scim.AttributeExpression) (Node, error) {
	if p.comparisons++; p.comparisons > maxComparisons {
		return nil, invalid("it has more than %d comparisons", maxComparisons)
	}
	// Attribute names are without case in SCIM, as are operators.
	attribute, known := p.attributes[strings.ToLower(e.AttributePath.AttributeName)]
	if !known || e.AttributePath.URIPrefix != nil || e.AttributePath.SubAttribute != nil {
		return nil, invalid("%s", p.others)
	}
	if e.Operator == scim.PR {
		return Compare{Attribute: attribute, Op: Pr}, nil
	}
	number, ok := e.CompareValue.(string)
	if !ok {
		return nil, invalid("values must be text in double quotes")
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
		return nil, invalid("the operators are eq, ne, co, sw, ew and pr")
	}
	return c, nil
}

// invalid returns the error for a filter.
func invalid(format string, args ...any) error {
	return connect.InvalidFilter(fmt.Sprintf(format, args...))
}
