package yamlsource

import (
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/token"
)

// Limits of a text. The memory of the YAML parser grows with the square of the nesting, of the number of keys of a
// mapping and of the length of keys, and its stack grows with each of them. Texts that people write are far below.
const (
	maxNesting = 100       // levels of lists and mappings
	maxKeys    = 2000      // keys of one mapping
	maxKey     = 1024      // bytes of a key, as in the YAML specification
	maxWork    = 256 << 20 // approximate number of bytes that the parser needs for paths
	maxTokens  = 4_000_000 // words, values and punctuation marks, each of which takes about 1 KiB
)

// CheckLimits returns an *Error if a YAML or JSON text is nested too deeply or too large for the YAML parser. The error
// contains the name. It does not report syntax errors.
func CheckLimits(name string, data []byte) error {
	var problems Problems
	tokenize(&File{Name: name, data: data}, &problems)
	return problems.Err()
}

// tokenize splits a text into tokens for the parser. ok is false if the text exceeds the limits, which it reports.
func tokenize(file *File, problems *Problems) (tokens token.Tokens, ok bool) {
	const hint = "split it, or put large contents into separate files"
	if countMarks(file.data) > maxTokens {
		problems.Add(Place{file: file}, hint, "the text is too large")
		return nil, false
	}
	tokens = lexer.Tokenize(string(file.data))
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

// countMarks counts the bytes that start or end a token if they are not part of a value.
func countMarks(data []byte) (count int) {
	for _, b := range data {
		switch b {
		case '[', ']', '{', '}', ',', ':', '-', '?', '&', '*', '!':
			count++
		}
	}
	return count
}

// nesting tracks the open lists and mappings, token by token, as precisely as the limits require. The zero value is the
// start of a text.
type nesting struct {
	open []level
	last *token.Token // the previous token
	tags int          // consecutive anchors and tags
	path int          // bytes of the keys of all open levels
	work int          // bytes that the parser needs so far
}

// level is an open list or mapping.
type level struct {
	kind   levelKind
	column int // of its keys or dashes; 0 in brackets and braces, where columns have no meaning
	keys   int
	key    int // bytes of the last key
}

type levelKind int

const (
	blockMapping levelKind = iota
	blockList
	inBrackets // or braces
)

// add reads the next token. If a limit is exceeded, it returns which one and what to do.
func (n *nesting) add(t *token.Token) (what, hint string) {
	switch t.Type {
	case token.SequenceStartType, token.MappingStartType:
		n.push(level{kind: inBrackets})
	case token.SequenceEndType, token.MappingEndType:
		n.closeBrackets()
	case token.SequenceEntryType:
		n.addDash(t.Position.Column)
	case token.MappingKeyType:
		n.openBlock(blockMapping, t.Position.Column)
	case token.MappingValueType:
		if n.last == nil {
			break
		}
		if len(n.last.Value) > maxKey {
			return "a key of more than 1024 bytes", "keys are short"
		}
		n.addKey()
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
		return "the text is too large", "split it, or put large contents into separate files"
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

// isInBrackets reports whether the innermost level is in brackets or braces.
func (n *nesting) isInBrackets() bool {
	return len(n.open) > 0 && n.open[len(n.open)-1].kind == inBrackets
}

// openBlock opens a level at a column, unless it is open, and closes levels further to the right.
func (n *nesting) openBlock(kind levelKind, column int) {
	for len(n.open) > 0 && !n.isInBrackets() {
		top := n.open[len(n.open)-1]
		if top.column < column || top.column == column && (top.kind == kind || kind == blockList) {
			break
		}
		n.pop()
	}
	if len(n.open) > 0 && !n.isInBrackets() {
		top := n.open[len(n.open)-1]
		if top.column == column && top.kind == kind {
			return
		}
	}
	n.push(level{kind: kind, column: column})
}

// addDash reads the dash of a list entry.
func (n *nesting) addDash(column int) {
	if n.isInBrackets() {
		return // an error that the parser reports
	}
	n.openBlock(blockList, column)
}

// addKey treats the previous token as a key.
func (n *nesting) addKey() {
	if !n.isInBrackets() {
		n.openBlock(blockMapping, n.last.Position.Column)
	}
	top := &n.open[len(n.open)-1]
	top.keys++
	n.path += len(n.last.Value) - top.key
	top.key = len(n.last.Value)
}

// countTags counts consecutive anchors and tags: the parser recurses for each.
func (n *nesting) countTags(t *token.Token) {
	afterAnchor := n.last != nil && n.last.Type == token.AnchorType
	switch {
	case t.Type == token.AnchorType || t.Type == token.TagType:
		n.tags++
	case !afterAnchor:
		n.tags = 0
	}
}
