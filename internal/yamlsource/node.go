// Package yamlsource reads YAML that people write and records the place of every value, so that a problem can be shown
// with its line, column and a caret.
//
// The package does not know what the text means: Decode fills Go values from it and reports keys they do not have.
package yamlsource

import (
	"regexp"
	"strings"
	"sync"
)

// Kind is the kind of a node.
type Kind int

// The kinds.
const (
	Null Kind = iota
	Bool
	Number
	Text
	List
	Map
	Unreadable // could not be read; already reported
)

// String describes the kind in words, with an article.
func (k Kind) String() string {
	return [...]string{"nothing", "true or false", "a number", "text", "a list", "a mapping", "unreadable"}[k]
}

// Node is one value of a text, with aliases and merges resolved. Do not change it.
type Node struct {
	Kind  Kind
	Value any    // of a Bool, Number (int or float64) or Text (string)
	Raw   string // a scalar as it is written: 007, 4xx, yes
	Items []*Node
	Pairs []Pair
	At    Place
	use   *Place // the anchor or alias that stands for it; nil: neither
}

// UsePlace returns where the text uses the node: its own place, or that of the anchor or alias that stands for it.
func (n *Node) UsePlace() Place {
	if n.use != nil {
		return *n.use
	}
	return n.At
}

// Pair is a key of a mapping with its value, in the order of the text.
type Pair struct {
	Key   string
	KeyAt Place
	Name  *Node // the key as a node, for those that are templates
	Value *Node
}

// Place is a place in a text. The zero value is nowhere.
type Place struct {
	file   *File
	Line   int // from 1; 0: unknown
	Column int // from 1
	word   string
	quoted bool
	start  int // column where the value begins that Column is within; 0: Column
}

// File is a text and its name.
type File struct {
	Name  string
	data  []byte
	split sync.Once
	lines []string // see line
}

// File returns the name of the file that the place is in.
func (p Place) File() string {
	if p.file == nil {
		return ""
	}
	return p.file.Name
}

// PlaceWithin returns the place of the byte at offset in a scalar. If quoting or line breaks make it unknown, it
// returns the place of the scalar.
func (n *Node) PlaceWithin(offset int) Place {
	at := n.At
	if at.file == nil || offset <= 0 || offset > len(n.Raw) {
		return at
	}
	if at.Column > maxColumns {
		return at
	}
	line := at.file.lineStart(at.Line)
	begin := at.Column - 1
	if at.quoted {
		begin++
	}
	if offset > 4*maxColumns {
		return at
	}
	before := []rune(n.Raw[:offset])
	if begin < 0 || begin+len(before) > len(line) || string(line[begin:begin+len(before)]) != string(before) {
		return at
	}
	at.start, at.Column = at.Column, begin+len(before)+1
	at.word = regexp.MustCompile(`^[.\w$'"{}=<>!?-]*`).FindString(n.Raw[offset:])
	return at
}

// line returns a line of a file, from 1, or "".
func (f *File) line(number int) string {
	f.split.Do(func() {
		breaks := strings.NewReplacer("\r\n", "\n", "\r", "\n") // what YAML takes for the end of a line
		f.lines = strings.Split(breaks.Replace(string(f.data)), "\n")
	})
	if number < 1 || number > len(f.lines) {
		return ""
	}
	return f.lines[number-1]
}

// maxColumns is how many letters of a line are shown or searched: a line may be as long as the file.
const maxColumns = 400

// lineStart returns the first letters of a line: twice maxColumns, so that a word that starts in time is whole.
func (f *File) lineStart(number int) []rune {
	line := f.line(number)
	return []rune(line[:min(len(line), 8*maxColumns)])
}

// Get returns the value of a key, or nil.
func (n *Node) Get(key string) *Node {
	if p := n.Pair(key); p != nil {
		return p.Value
	}
	return nil
}

// Pair returns the pair with a key, or nil.
func (n *Node) Pair(key string) *Pair {
	if n == nil {
		return nil
	}
	for i := range n.Pairs {
		if n.Pairs[i].Key == key {
			return &n.Pairs[i]
		}
	}
	return nil
}

// List returns the elements of a list, the node itself for any other node, and nothing for nil.
func (n *Node) List() []*Node {
	switch {
	case n == nil:
		return nil
	case n.Kind == List:
		return n.Items
	}
	return []*Node{n}
}

// GoValue returns the node as map[string]any, []any, string, bool, int, float64 or nil.
func (n *Node) GoValue() any {
	switch {
	case n == nil || n.Kind == Null:
		return nil
	case n.Kind == List:
		list := make([]any, len(n.Items))
		for i, item := range n.Items {
			list[i] = item.GoValue()
		}
		return list
	case n.Kind == Map:
		object := make(map[string]any, len(n.Pairs))
		for _, p := range n.Pairs {
			object[p.Key] = p.Value.GoValue()
		}
		return object
	}
	return n.Value
}

// Walk calls f with a node and all nodes in it, keys included, outer nodes first.
func (n *Node) Walk(f func(*Node)) {
	if n == nil {
		return
	}
	f(n)
	for _, item := range n.Items {
		item.Walk(f)
	}
	for _, p := range n.Pairs {
		f(p.Name)
		p.Value.Walk(f)
	}
}
