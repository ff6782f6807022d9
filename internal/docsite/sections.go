package docsite

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/yuin/goldmark/ast"
	tables "github.com/yuin/goldmark/extension/ast"
)

// sections returns the parts of a page. What stands before the first heading belongs to no part.
func sections(tree ast.Node, source []byte) (all []Section) {
	for n := tree.FirstChild(); n != nil; n = n.NextSibling() {
		if h, ok := n.(*ast.Heading); ok {
			id, _ := h.AttributeString("id")
			all = append(all, Section{Level: h.Level, ID: fmt.Sprintf("%s", id), Title: plainText(h, source)})
			continue
		}
		if words := plainText(n, source); len(all) > 0 && words != "" {
			last := &all[len(all)-1]
			last.Text = strings.TrimPrefix(last.Text+"\n"+words, "\n")
		}
	}
	return all
}

// plainText returns the text of a node without marks, one line for each block and each cell of a table.
func plainText(node ast.Node, source []byte) string {
	var b strings.Builder
	_ = ast.Walk(node, func(n ast.Node, entering bool) (ast.WalkStatus, error) { // the function returns no error
		switch n := n.(type) {
		case *ast.Text:
			if entering {
				b.Write(n.Value(source))
				if n.SoftLineBreak() || n.HardLineBreak() {
					b.WriteByte('\n')
				}
			}
		case *ast.AutoLink:
			if entering {
				b.Write(n.URL(source))
			}
		case *ast.CodeBlock, *ast.FencedCodeBlock:
			if entering {
				b.Write(n.Lines().Value(source))
			}
		case *ast.Paragraph, *ast.TextBlock, *tables.TableCell:
			if !entering {
				b.WriteByte('\n')
			}
		}
		return ast.WalkContinue, nil
	})
	return strings.TrimSpace(b.String())
}

// anchors gives headings the ids that the forge gives them, so that a link works in both places.
type anchors map[string]bool

// Generate returns the id for the text of a heading.
func (a anchors) Generate(heading []byte, _ ast.NodeKind) []byte {
	base := strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case unicode.IsLetter(r), unicode.IsDigit(r), r == '-', r == '_':
			return unicode.ToLower(r)
		}
		return -1
	}, strings.TrimSpace(string(heading)))
	id := base
	for n := 1; a[id]; n++ {
		id = fmt.Sprintf("%s-%d", base, n)
	}
	a[id] = true
	return []byte(id)
}

// Put marks an id as taken.
func (a anchors) Put(id []byte) { a[string(id)] = true }
