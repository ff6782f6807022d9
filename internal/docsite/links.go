package docsite

import (
	"fmt"
	"net/url"
	"path"
	"strings"

	"github.com/yuin/goldmark/ast"
)

// rewriteLinks gives links and pictures of a page the addresses that the caller has for them. Addresses with a scheme
// and anchors of the same page stay.
func rewriteLinks(tree ast.Node, o Options) error {
	return ast.Walk(tree, func(n ast.Node, entering bool) (status ast.WalkStatus, err error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Link:
			n.Destination, err = o.address(n.Destination)
		case *ast.Image:
			if !isAbsolute(n.Destination) {
				n.Destination = []byte(o.Image(string(n.Destination)))
			}
		}
		return ast.WalkContinue, err
	})
}

// address returns the address for the destination of a link, which is relative to docs/.
func (o Options) address(destination []byte) ([]byte, error) {
	if isAbsolute(destination) || destination[0] == '#' {
		return destination, nil
	}
	file, anchor, found := strings.Cut(string(destination), "#")
	if found {
		anchor = "#" + anchor
	}
	if name, isPage := strings.CutSuffix(file, ".md"); isPage && !strings.Contains(name, "/") {
		if _, known := Find(name); !known {
			return nil, fmt.Errorf("the link %s leads to no page of the list", destination)
		}
		return []byte(o.Page(name) + anchor), nil
	}
	file = path.Join("docs", file)
	if file == ".." || strings.HasPrefix(file, "../") {
		return nil, fmt.Errorf("the link %s leaves the repository", destination)
	}
	return []byte(o.File(file) + anchor), nil
}

// isAbsolute reports whether a destination has a scheme, or is empty.
func isAbsolute(destination []byte) bool {
	to, err := url.Parse(string(destination))
	return err != nil || to.Scheme != "" || len(destination) == 0
}
