package docsite

import (
	"bytes"
	"fmt"
	"html/template"
	"strings"

	"github.com/connectmock/connectmock/docs"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// What code blocks of the pages have in place of a reader's own server. Options.Code may replace them.
const (
	ExampleHost    = "http://127.0.0.1:8080"
	ExampleControl = "http://127.0.0.1:8081"
	ExampleToken   = "eyJhbGciOi..." // of OP_CONNECT_TOKEN, as serve prints it
)

// Options say how a page becomes part of what the caller shows.
type Options struct {
	Page  func(name string) string // the address of another page; nil: NAME.html
	File  func(path string) string // the address of a file of the repository, by its path from the root; nil: on the forge
	Image func(path string) string // the address of a picture, by its path in docs.FS; nil: the path
	// Code returns what to show in place of a code block. The language is that of the fence, as "sh". nil: the block.
	Code func(language, block string) string
}

// Section is a part of a page that begins with a heading, up to the next heading.
type Section struct {
	Level int    // of the heading, 1 is the title of the page
	ID    string // the anchor of the heading
	Title string
	Text  string // plain, for search
}

// Document is a rendered page.
type Document struct {
	Page
	HTML     template.HTML
	Sections []Section // in order; the first one is the title with what stands before the second heading
}

// Lead returns the first sentence of the page.
func (d *Document) Lead() string {
	if len(d.Sections) == 0 {
		return ""
	}
	text, _, _ := strings.Cut(d.Sections[0].Text, ":\n") // what follows is code or a list
	lead, _, _ := strings.Cut(strings.ReplaceAll(text, "\n", " "), ". ")
	return strings.TrimRight(lead, ".:")
}

// repository is where links to files outside the documentation lead without Options.File.
const repository = "https://github.com/connectmock/connectmock/blob/main/"

func (o Options) withDefaults() Options {
	if o.Page == nil {
		o.Page = func(name string) string { return name + ".html" }
	}
	if o.File == nil {
		o.File = func(path string) string { return repository + path }
	}
	if o.Image == nil {
		o.Image = func(path string) string { return path }
	}
	if o.Code == nil {
		o.Code = func(_, block string) string { return block }
	}
	return o
}

// Render renders a page. The HTML has no raw HTML of the page, and each table stands in a div of the class "table",
// which can scroll. The error says that there is no such page, or that a link leads nowhere.
func Render(name string, o Options) (*Document, error) {
	p, found := Find(name)
	if !found {
		return nil, fmt.Errorf("there is no page %q", name)
	}
	source, err := docs.FS.ReadFile(name + ".md")
	if err != nil {
		return nil, err
	}
	return render(p, source, o.withDefaults())
}

// render renders the Markdown of a page.
func render(p Page, source []byte, o Options) (*Document, error) {
	md := goldmark.New(
		goldmark.WithExtensions(extension.NewTable( // a policy may forbid attributes with styles
			extension.WithTableCellAlignMethod(extension.TableCellAlignAttribute))),
		goldmark.WithParserOptions(parser.WithAutoHeadingID()),
		goldmark.WithRendererOptions(renderer.WithNodeRenderers(util.Prioritized(nodes{o.Code}, 1))),
	)
	tree := md.Parser().Parse(text.NewReader(source), parser.WithContext(parser.NewContext(parser.WithIDs(anchors{}))))
	if err := rewriteLinks(tree, o); err != nil {
		return nil, fmt.Errorf("%s.md: %w", p.Name, err)
	}
	var html bytes.Buffer
	if err := md.Renderer().Render(&html, source, tree); err != nil {
		return nil, err
	}
	// Code is escaped and raw HTML left out, so that only tables have these tags.
	scrolling := strings.NewReplacer("<table>", `<div class="table" tabindex="0"><table>`, "</table>", "</table></div>")
	return &Document{p, template.HTML(scrolling.Replace(html.String())), sections(tree, source)}, nil
}

// nodes renders code blocks as the caller wants them, and no raw HTML: only the marks of generated tables are raw.
type nodes struct {
	code func(language, block string) string
}

func (n nodes) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	skip := func(util.BufWriter, []byte, ast.Node, bool) (ast.WalkStatus, error) { return ast.WalkSkipChildren, nil }
	r.Register(ast.KindHTMLBlock, skip)
	r.Register(ast.KindRawHTML, skip)
	r.Register(ast.KindFencedCodeBlock, n.renderCode)
	r.Register(ast.KindCodeBlock, n.renderCode)
}

func (n nodes) renderCode(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	class, language := "", ""
	if fenced, ok := node.(*ast.FencedCodeBlock); ok && fenced.Language(source) != nil {
		language = string(fenced.Language(source))
		class = fmt.Sprintf(` class="language-%s"`, template.HTMLEscapeString(language))
	}
	code := template.HTMLEscapeString(n.code(language, string(node.Lines().Value(source))))
	_, err := fmt.Fprintf(w, "<pre tabindex=\"0\"><code%s>%s</code></pre>\n", class, code)
	return ast.WalkSkipChildren, err
}
