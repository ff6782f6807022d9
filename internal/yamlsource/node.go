// Package yamlsource reads YAML that people write, and keeps where everything
// stands, so that a mistake can be shown with its line, column and a caret.
//
// It does not know what the text means: Decode fills Go values from it and
// complains of keys they do not have.
package yamlsource

import (
	"regexp"
	"strings"
	"sync"
)

// Kind is what a node is.
type Kind int

// The kinds.
const (
	Null Kind = iota
	Bool
	Number
	Text
	List
	Map
	Unreadable // could not be read, which has been complained of
)

// String is the kind in words, with its article.
func (k Kind) String() string {
	return [...]string{"nothing", "true or false", "a number", "text", "a list", "a mapping", "unreadable"}[k]
}

// Node is one value of a text, aliases and merges resolved. It is not to be
// changed.
type Node struct {
	Kind  Kind
	Value any    // of a Bool, Number (int or float64) or Text (string)
	Raw   string // a scalar as it is written: 007, 4xx, yes
	Items []*Node
	Pairs []Pair
	At    Place
	use   *Place // the anchor or alias that stands for it; nil: neither
}

// UsePlace is where the text has the node: its own place, or that of the anchor or
// alias that stands for it.
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

// Place is where something stands.
type Place struct {
	file   *File
	Line   int // from 1; 0: nowhere in particular
	Column int // from 1
	word   string
	quoted bool
	start  int // column where the value begins that Column is within; 0: Column
}

// File is one text with the mistakes found in it.
type File struct {
	Name  string
	data  []byte
	split sync.Once
	lines []string // see line
}

// File is the name of the file a place is in.
func (p Place) File() string {
	if p.file == nil {
		return ""
	}
	return p.file.Name
}

// PlaceWithin is the place of a byte of a text, if it can be told: the text's own
// place where quoting or line breaks are in the way.
func (n *Node) PlaceWithin(offset int) Place {
	at := n.At
	if at.file == nil || offset <= 0 || offset > len(n.Raw) {
		return at
	}
	if at.Column > widest {
		return at
	}
	line := at.file.lineStart(at.Line)
	begin := at.Column - 1
	if at.quoted {
		begin++
	}
	if offset > 4*widest {
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

// line is one line of a file, from 1.
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

// widest is how many letters of a line are shown or searched: a line may be as long as the file.
const widest = 400

// lineStart returns the first letters of a line: twice widest, so that a word that starts in time is whole.
func (f *File) lineStart(number int) []rune {
	line := f.line(number)
	return []rune(line[:min(len(line), 8*widest)])
}

// Get is the value of a key, nil if there is none.
func (n *Node) Get(key string) *Node {
	if p := n.Pair(key); p != nil {
		return p.Value
	}
	return nil
}

// Pair is the pair of a key, nil if there is none.
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

// List is the elements of a list, the node itself for anything else, and none
// for nil.
func (n *Node) List() []*Node {
	switch {
	case n == nil:
		return nil
	case n.Kind == List:
		return n.Items
	}
	return []*Node{n}
}

// GoValue is the node as Go has JSON: map[string]any, []any, string, bool, int or
// float64, nil.
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

// Walk calls f with a node and everything in it, keys too, outer ones first.
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
