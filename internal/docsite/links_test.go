package docsite

import (
	"io/fs"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// parsedFile is a Markdown file of the repository.
type parsedFile struct {
	links   []string
	anchors map[string]bool
}

// readMarkdown reads every Markdown file of the repository that people read.
func readMarkdown(t *testing.T) map[string]parsedFile {
	t.Helper()
	all, root := map[string]parsedFile{}, os.DirFS("../..")
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if base := d.Name(); base == "testdata" || base == "node_modules" || base == ".git" || base == "dist" {
				return fs.SkipDir
			}
			return nil
		}
		if path.Ext(name) != ".md" {
			return nil
		}
		source, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		all[name] = parseFile(source)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// parseFile returns the links of a file and the anchors of its headings.
func parseFile(source []byte) parsedFile {
	md := goldmark.New(goldmark.WithExtensions(extension.Table), goldmark.WithParserOptions(parser.WithAutoHeadingID()))
	ids := anchors{}
	tree := md.Parser().Parse(text.NewReader(source), parser.WithContext(parser.NewContext(parser.WithIDs(ids))))
	f := parsedFile{anchors: ids}
	_ = ast.Walk(tree, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			switch n := n.(type) {
			case *ast.Link:
				f.links = append(f.links, string(n.Destination))
			case *ast.Image:
				f.links = append(f.links, string(n.Destination))
			}
		}
		return ast.WalkContinue, nil
	})
	return f
}

// Links between files are followed. Of those to other places only the shape is checked.
func TestLinks_LeadSomewhere(t *testing.T) {
	t.Parallel()
	all, followed := readMarkdown(t), 0
	for name, f := range all {
		for _, link := range f.links {
			to, err := url.Parse(link)
			if err != nil || link == "" || strings.Contains(link, " ") {
				t.Errorf("%s: %q is no address: %v", name, link, err)
				continue
			}
			if to.Scheme != "" {
				if (to.Scheme != "https" || !strings.Contains(to.Host, ".")) && to.Hostname() != "127.0.0.1" {
					t.Errorf("%s: %s is no https address of another site", name, link)
				}
				continue
			}
			followed++
			target := name
			if to.Path != "" {
				target = path.Join(path.Dir(name), to.Path)
			}
			if _, err := os.Stat(filepath.Join("../..", filepath.FromSlash(target))); err != nil {
				t.Errorf("%s: %s: %v", name, link, err)
				continue
			}
			if other, isMarkdown := all[target]; to.Fragment != "" && (!isMarkdown || !other.anchors[to.Fragment]) {
				t.Errorf("%s: %s has no heading #%s", name, target, to.Fragment)
			}
		}
	}
	if followed < 50 {
		t.Errorf("only %d links were found", followed)
	}
}

// A reader of the README, of the contributing notes or of a page finds the policies.
func TestLinks_ReachThePolicies(t *testing.T) {
	t.Parallel()
	linked := map[string]bool{}
	for name, f := range readMarkdown(t) {
		for _, link := range f.links {
			if to := path.Join(path.Dir(name), strings.SplitN(link, "#", 2)[0]); to != name {
				linked[to] = true
			}
		}
	}
	for _, name := range []string{
		"SECURITY.md", "CODE_OF_CONDUCT.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "CHANGELOG.md", "LICENSE", "docs/versions.md",
	} {
		if !linked[name] {
			t.Errorf("nothing links to %s", name)
		}
	}
}
