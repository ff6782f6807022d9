package main

import (
	"fmt"
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
)

// mutation is one change of one source file.
type mutation struct {
	file       string // absolute path
	line       int    // where the changed text starts
	operator   string // "negate"
	about      string // "if err == nil becomes if !(err == nil)"
	start, end int    // offsets of the text that is replaced
	text       string // that replaces it
}

// apply returns the source with the change.
func (m mutation) apply(source []byte) []byte {
	return []byte(string(source[:m.start]) + m.text + string(source[m.end:]))
}

// diff returns the lines that differ, those of the source after "-" and those of the mutation after "+".
func (m mutation) diff(source []byte) string {
	first := strings.LastIndexByte(string(source[:m.start]), '\n') + 1
	rest := string(source[m.end:])
	if end := strings.IndexByte(rest, '\n'); end >= 0 {
		rest = rest[:end]
	}
	var out strings.Builder
	fmt.Fprintf(&out, "@@ -%d @@\n", m.line)
	for line := range strings.Lines(string(source[first:m.end]) + rest) {
		out.WriteString("-" + strings.TrimSuffix(line, "\n") + "\n")
	}
	changed := string(source[first:m.start]) + m.text + rest
	if strings.TrimSpace(changed) == "" {
		return out.String()
	}
	for line := range strings.Lines(changed) {
		out.WriteString("+" + strings.TrimSuffix(line, "\n") + "\n")
	}
	return out.String()
}

// defaultPackages are the packages that decide what a client of the server gets. Those that keep resources (caches,
// memory, clocks) and those that only tests or other programs use are not among them.
func defaultPackages() []string {
	const internal = "mockserver/internal/"
	return []string{
		internal + "api", internal + "auth", internal + "backend", internal + "backend/vaults",
		internal + "backend/visibility", internal + "encode", internal + "explain", internal + "filter",
		internal + "items", internal + "journal", internal + "store",
	}
}

// packageMutations returns every mutation of the files of a package that are built here, in the order of the source.
func packageMutations(dir string) (all []mutation, err error) {
	pkg, err := build.ImportDir(dir, 0)
	if err != nil {
		return nil, err
	}
	for _, name := range pkg.GoFiles {
		if name == "metrics.go" || strings.HasSuffix(name, "_linux.go") {
			continue // see the exclusions in the package documentation
		}
		name = filepath.Join(dir, name)
		source, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		found, err := fileMutations(name, source)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}

// fileMutations returns every mutation of a file.
func fileMutations(name string, source []byte) ([]mutation, error) {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, name, source, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	f := &finder{
		name: name, source: source, files: files, negated: map[ast.Expr]bool{},
		stringsChange: file.Name.Name != "store", // where they are SQL and names of files
	}
	f.find(file)
	return f.found, nil
}

// shuffle puts mutations in an order that depends on the seed and on nothing else. Operators take turns, so that the
// frequent ones, such as string constants, do not crowd out the others.
func shuffle(all []mutation, seed uint64) (ordered []mutation) {
	random := rand.New(rand.NewPCG(seed, 0))
	random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	left := map[string][]mutation{}
	for _, m := range all {
		left[m.operator] = append(left[m.operator], m)
	}
	for len(ordered) < len(all) {
		names := operatorNames()
		random.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
		for _, name := range names {
			if rest := left[name]; len(rest) > 0 {
				ordered, left[name] = append(ordered, rest[0]), rest[1:]
			}
		}
	}
	return ordered
}

// finder collects the mutations of one file.
type finder struct {
	name          string
	source        []byte
	files         *token.FileSet
	stringsChange bool
	functions     []*ast.FuncType   // the functions around the node, the innermost last
	negated       map[ast.Expr]bool // comparisons that are the condition of an if
	found         []mutation
}

// add adds a mutation that replaces a node.
func (f *finder) add(operator string, n ast.Node, text, about string) {
	start, end := f.files.Position(n.Pos()), f.files.Position(n.End())
	f.found = append(f.found, mutation{
		file: f.name, line: start.Line, operator: operator, about: about,
		start: start.Offset, end: end.Offset, text: text,
	})
}

// text returns the source of a node.
func (f *finder) text(n ast.Node) string {
	return string(f.source[f.files.Position(n.Pos()).Offset:f.files.Position(n.End()).Offset])
}

// summary returns the source of a node in one line of at most 60 characters.
func (f *finder) summary(n ast.Node) string {
	line := []rune(strings.Join(strings.Fields(f.text(n)), " "))
	if len(line) > 60 {
		line = append(line[:57], '.', '.', '.')
	}
	return string(line)
}
