package yamlsource

import (
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/token"
)

// What a text may ask of the YAML parser, whose memory grows with the square of the nesting, of the keys of one
// mapping and of the length of keys, and whose stack grows with each of them. Nothing people write comes near.
const (
	maxNesting = 100       // lists and mappings in one another
	maxKeys    = 2000      // keys of one mapping
	maxKey     = 1024      // bytes of a key, as the YAML specification has it
	maxWork    = 256 << 20 // bytes that the parser is going to need for paths, about
	maxTokens  = 8_000_000 // words, values and punctuation marks
)

// CheckLimits returns an *Error where a YAML or JSON text is nested too deeply or too large to be handed to a YAML
// parser. The name stands in the error. Syntax errors are the parser's to find.
func CheckLimits(name string, data []byte) error {
	var problems Problems
	tokenize(&File{Name: name, data: data}, &problems)
	return problems.Err()
}

// tokenize splits a text into the tokens that the parser takes. The result is false where the text is beyond the
// limits, which the problems say.
func tokenize(file *File, problems *Problems) (token.Tokens, bool) {
	const hint = "split it, or give large contents as files of their own"
	if marks(file.data) > maxTokens {
		problems.Add(Place{file: file}, hint, "the text is too large")
		return nil, false
	}
	tokens := lexer.Tokenize(string(file.data))
	var n nesting
	for _, t := range tokens {
		before := n.last
		if what, hint := n.add(t); what != "" {
			if t.Type == token.MappingValueType {
				t = before // the key
			}
			at := placeOf(file, t)
			at.word = "" // it may be a secret
			problems.Add(at, hint, "%s", what)
			return nil, false
		}
	}
	return tokens, true
}

// marks counts the bytes that start or end a token where they are no part of a value.
func marks(data []byte) (count int) {
	for _, b := range data {
		switch b {
		case '[', ']', '{', '}', ',', ':', '-', '?', '&', '*', '!':
			count++
		}
	}
	return count
}

// nesting follows what lies in what, token by token, as closely as the limits need. The zero value is the start of
// a text.
type nesting struct {
	open []level
	last *token.Token // the token before
	tags int          // anchors and tags one after the other
	path int          // bytes of the keys of all open levels
	work int          // bytes the parser needs so far
}

// level is a list or a mapping that is still open.
type level struct {
	kind   levelKind
	column int // of its keys or dashes; 0 in brackets and braces, which may stand anywhere
	keys   int
	key    int // bytes of the key that was read last
}

type levelKind int

const (
	blockMapping levelKind = iota
	blockList
	inBrackets // or braces
)

// add takes the next token. The result says what is too much, and what to do; it is empty where nothing is.
func (n *nesting) add(t *token.Token) (what, hint string) {
	switch t.Type {
	case token.SequenceStartType, token.MappingStartType:
		n.push(level{kind: inBrackets})
	case token.SequenceEndType, token.MappingEndType:
		n.closeBrackets()
	case token.SequenceEntryType:
		n.dash(t.Position.Column)
	case token.MappingKeyType:
		n.block(blockMapping, t.Position.Column)
	case token.MappingValueType:
		if n.last == nil {
			break
		}
		if len(n.last.Value) > maxKey {
			return "a key of more than 1024 bytes", "keys are short"
		}
		n.colon()
	case token.DocumentHeaderType, token.DocumentEndType:
		n.open, n.path = nil, 0
	}
	n.countTags(t)
	n.last = t
	n.work += n.path
	switch {
	case len(n.open) > maxNesting || n.tags > maxNesting:
		return "nested too deeply", "at most 100 lists and mappings in one another"
	case len(n.open) > 0 && n.open[len(n.open)-1].keys > maxKeys:
		return "a mapping of more than 2000 keys", "a list may be longer"
	case n.work > maxWork:
		return "the text is too large", "split it, or give large contents as files of their own"
	}
	return "", ""
}

func (n *nesting) push(l level) { n.open = append(n.open, l) }

func (n *nesting) pop() {
	last := len(n.open) - 1
	n.path -= n.open[last].key
	n.open = n.open[:last]
}

func (n *nesting) closeBrackets() {
	for len(n.open) > 0 {
		kind := n.open[len(n.open)-1].kind
		n.pop()
		if kind == inBrackets {
			return
		}
	}
}

// inside says whether the innermost level is in brackets, where columns mean nothing.
func (n *nesting) inside() bool {
	return len(n.open) > 0 && n.open[len(n.open)-1].kind == inBrackets
}

// block opens a level at a column, unless it is open, and closes those that are further to the right.
func (n *nesting) block(kind levelKind, column int) {
	for len(n.open) > 0 && !n.inside() {
		top := n.open[len(n.open)-1]
		if top.column < column || top.column == column && (top.kind == kind || kind == blockList) {
			break
		}
		n.pop()
	}
	if len(n.open) == 0 || n.inside() || n.open[len(n.open)-1].column != column || n.open[len(n.open)-1].kind != kind {
		n.push(level{kind: kind, column: column})
	}
}

func (n *nesting) dash(column int) {
	if n.inside() {
		return // an error, which the parser finds
	}
	n.block(blockList, column)
}

// colon takes the token before it for a key.
func (n *nesting) colon() {
	if !n.inside() {
		n.block(blockMapping, n.last.Position.Column)
	}
	top := &n.open[len(n.open)-1]
	top.keys++
	n.path += len(n.last.Value) - top.key
	top.key = len(n.last.Value)
}

// countTags counts anchors and tags that follow one another: the parser calls itself for each.
func (n *nesting) countTags(t *token.Token) {
	afterAnchor := n.last != nil && n.last.Type == token.AnchorType
	switch {
	case t.Type == token.AnchorType || t.Type == token.TagType:
		n.tags++
	case !afterAnchor:
		n.tags = 0
	}
}
