package yamlsource

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/connectmock/connectmock/internal/textenc"
	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// Aliases can expand a small text without limit; this is more than any real text needs.
const (
	maxAliased    = 200_000
	maxAliasDepth = 20
)

// Parse parses a text with one document, in UTF-8 or UTF-16. Problems are added to ps; the result is nil if the
// document can't be read. hint is the hint for an empty text.
func Parse(name string, data []byte, hint string, ps *Problems) *Node {
	p := &reader{file: &File{Name: name}, problems: ps, hint: hint, anchors: map[string]ast.Node{}}
	data, err := textenc.ToUTF8(data)
	if err != nil {
		ps.Add(Place{file: p.file}, "", "%v", err)
		return nil
	}
	if p.file.data = data; !utf8.Valid(data) {
		ps.Add(Place{file: p.file}, "", "not UTF-8 text")
		return nil
	}
	body := p.parse()
	if body == nil {
		return nil
	}
	ast.Walk(anchors(p.anchors), body)
	n := p.node(body)
	if p.aliased > maxAliased {
		return nil
	}
	return n
}

// FilePlace returns the place that stands for a whole file.
func FilePlace(name string) Place { return Place{file: &File{Name: name}} }

type reader struct {
	file     *File
	problems *Problems
	hint     string
	anchors  map[string]ast.Node
	depth    int // aliases being followed
	aliased  int // nodes read through aliases so far
}

func (p *reader) fail(n ast.Node, hint, format string, args ...any) {
	p.problems.Add(p.place(tokenOf(n)), hint, format, args...)
}

func (p *reader) place(t *token.Token) Place { return placeOf(p.file, t) }

// placeOf returns the place of a token.
func placeOf(file *File, t *token.Token) Place {
	at := Place{file: file}
	if t != nil && t.Position != nil {
		at.Line, at.Column, at.word = t.Position.Line, t.Position.Column, t.Value
		at.quoted = t.Type == token.SingleQuoteType || t.Type == token.DoubleQuoteType
		if at.quoted {
			at.word = ""
		}
	}
	return at
}

// parse returns the only document of the text, or nil.
func (p *reader) parse() (body ast.Node) {
	whole := Place{file: p.file}
	defer func() {
		if r := recover(); r != nil { // a panic of the parser
			p.problems.Add(whole, "", "the text is not valid YAML")
			body = nil
		}
	}()
	tokens, ok := tokenize(p.file, p.problems)
	if !ok {
		return nil
	}
	file, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	var syntax yaml.Error
	switch {
	case errors.As(err, &syntax):
		at := *syntax.GetToken()
		at.Value = "" // it may be a secret
		p.problems.Add(p.place(&at), "", "not YAML: %s", strings.ReplaceAll(syntax.GetMessage(), "\t", "tab"))
		return nil
	case err != nil:
		p.problems.Add(whole, "", "the text is not valid YAML")
		return nil
	}
	for _, doc := range file.Docs {
		if doc.Body == nil {
			continue
		}
		if body != nil {
			p.fail(doc.Body, "one text is one document", "a second document in one text")
			return nil
		}
		body = doc.Body
	}
	if body == nil {
		p.problems.Add(whole, p.hint, "the text is empty")
	}
	return body
}

// anchors collects the anchors of a text.
type anchors map[string]ast.Node

func (a anchors) Visit(n ast.Node) ast.Visitor {
	if x, ok := n.(*ast.AnchorNode); ok && x.Name != nil {
		a[x.Name.GetToken().Value] = x.Value
	}
	return a
}

// tokenOf returns the token where a node starts: for a mapping, its first key.
func tokenOf(n ast.Node) *token.Token {
	switch x := n.(type) {
	case *ast.MappingNode:
		if len(x.Values) > 0 && !x.IsFlowStyle {
			return tokenOf(x.Values[0].Key)
		}
	case *ast.MappingValueNode:
		return tokenOf(x.Key)
	case *ast.SequenceNode:
		if len(x.Values) > 0 && !x.IsFlowStyle {
			return tokenOf(x.Values[0])
		}
	}
	return n.GetToken()
}

// node converts a node of the parser. The result is never nil.
func (p *reader) node(n ast.Node) *Node {
	depth := p.depth
	defer func() { p.depth = depth }()
	used := n
	if n = p.follow(n); p.exceedsLimit(used) || n == nil {
		return &Node{Kind: Unreadable, At: p.place(tokenOf(used))}
	}
	out := &Node{At: p.place(tokenOf(n))}
	if used != n {
		at := p.place(tokenOf(used))
		out.use = &at
	}
	switch x := n.(type) {
	case *ast.SequenceNode:
		out.Kind = List
		for _, each := range x.Values {
			out.Items = append(out.Items, p.node(each))
		}
	case *ast.MappingNode, *ast.MappingValueNode:
		out.Kind = Map
		p.mapping(out, n)
	default:
		p.scalar(out, n)
	}
	return out
}

// exceedsLimit counts nodes that are read through aliases, and reports whether there are too many.
func (p *reader) exceedsLimit(n ast.Node) bool {
	if p.depth == 0 {
		return false
	}
	p.aliased++
	if p.aliased == maxAliased+1 {
		p.fail(n, "", "aliases make too much of this text")
	}
	return p.aliased > maxAliased
}

// follow returns the node behind an anchor or an alias.
func (p *reader) follow(n ast.Node) ast.Node {
	for {
		switch x := n.(type) {
		case *ast.AnchorNode:
			n = x.Value
		case *ast.AliasNode:
			name := x.Value.GetToken().Value
			to, ok := p.anchors[name]
			if !ok {
				p.fail(n, "", "no anchor &%s in this text", name)
				return nil
			}
			if p.depth++; p.depth > maxAliasDepth {
				p.fail(n, "", "aliases that lead to one another")
				return nil
			}
			n = to
		case *ast.TagNode:
			p.fail(n, "", "a tag has no meaning here")
			return nil
		case nil:
			return nil
		default:
			return n
		}
	}
}

func (p *reader) mapping(out *Node, n ast.Node) {
	own, merged := p.pairs(n)
	seen := map[string]bool{}
	for i, pair := range append(own, merged...) {
		switch {
		case !seen[pair.Key]:
			out.Pairs = append(out.Pairs, pair)
		case i < len(own):
			p.problems.Add(pair.KeyAt, "", "duplicate key %q", pair.Key)
		}
		seen[pair.Key] = true
	}
}

// pairs returns the pairs of a mapping, and separately the merged ones (<<), because a mapping's own keys win.
func (p *reader) pairs(n ast.Node) (own, merged []Pair) {
	var values []*ast.MappingValueNode
	switch m := n.(type) {
	case *ast.MappingNode:
		values = m.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{m}
	}
	for _, mv := range values {
		if mv.Key.IsMergeKey() {
			merged = append(merged, p.merge(mv.Value)...)
			continue
		}
		key := &Node{At: p.place(tokenOf(mv.Key))}
		if p.scalar(key, mv.Key); key.Kind == Null {
			p.fail(mv.Key, "", "a key must be a word")
			continue
		}
		own = append(own, Pair{Key: key.Raw, KeyAt: key.At, Name: key, Value: p.node(mv.Value)})
	}
	return own, merged
}

func (p *reader) merge(n ast.Node) []Pair {
	var all []Pair
	for _, from := range p.node(n).List() {
		if from.Kind != Map && from.Kind != Unreadable {
			p.problems.Add(from.At, "", "<< takes a mapping")
		}
		all = append(all, from.Pairs...)
	}
	return all
}

// scalar converts a single value. Any other node becomes Null.
func (p *reader) scalar(out *Node, n ast.Node) {
	out.Raw = n.GetToken().Value
	switch x := n.(type) {
	case *ast.StringNode:
		out.Kind, out.Value, out.Raw = Text, x.Value, x.Value
	case *ast.LiteralNode:
		out.Kind, out.Value, out.Raw = Text, x.Value.Value, x.Value.Value
	case *ast.BoolNode:
		out.Kind, out.Value = Bool, x.Value
	case *ast.IntegerNode:
		out.Kind, out.Value = Number, integer(x.Value)
	case *ast.FloatNode:
		out.Kind, out.Value = Number, x.Value
	case *ast.InfinityNode, *ast.NanNode:
		out.Kind, out.Value = Text, out.Raw
	}
}

func integer(v any) any {
	switch i := v.(type) {
	case int64:
		return int(i)
	case uint64:
		if i <= 1<<62 {
			return int(i)
		}
		return float64(i)
	}
	return fmt.Sprint(v)
}
