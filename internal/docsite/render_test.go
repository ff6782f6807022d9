package docsite

import (
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/docs"
	"github.com/google/go-cmp/cmp"
)

// renderText renders Markdown as the page of the contract.
func renderText(t *testing.T, markdown string, o Options) *Document {
	t.Helper()
	d, err := render(Page{Name: "contract"}, []byte(markdown), o.withDefaults())
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestPages_AreTheFilesOfDocs(t *testing.T) {
	t.Parallel()
	files, err := fs.Glob(docs.FS, "*.md")
	if err != nil {
		t.Fatal(err)
	}
	files = slices.DeleteFunc(files, func(name string) bool { return name == "README.md" })
	for _, name := range files {
		if _, found := Find(strings.TrimSuffix(name, ".md")); !found {
			t.Errorf("docs/%s is not in the list of pages: add it to pages.go", name)
		}
	}
	if len(Pages()) != len(files) {
		t.Errorf("%d pages, %d files", len(Pages()), len(files))
	}
	var kinds []Kind
	for _, p := range Pages() {
		if len(kinds) == 0 || kinds[len(kinds)-1] != p.Kind {
			kinds = append(kinds, p.Kind)
		}
	}
	if diff := cmp.Diff([]Kind{Tutorial, HowTo, Reference, Explanation}, kinds); diff != "" {
		t.Errorf("each kind is one stretch (-want +got):\n%s", diff)
	}
	listed := 0
	for _, g := range Groups() {
		listed += len(g.Pages)
		if g.Title == "" {
			t.Errorf("%v have no heading", g.Pages)
		}
	}
	if listed != len(files) {
		t.Errorf("the groups have %d pages of %d", listed, len(files))
	}
}

func TestRender_ReturnsEveryPageWithOneTitle(t *testing.T) {
	t.Parallel()
	raw := regexp.MustCompile(`(?m)^<|<!--`)
	marks := regexp.MustCompile("(?s)```.*?```|<!-- /?(bench|generated)\\S* -->") // code, and marks of generated tables
	for _, p := range Pages() {
		d, err := Render(p.Name, Options{})
		if err != nil {
			t.Error(err)
			continue
		}
		titles := 0
		for _, s := range d.Sections {
			if s.Level == 1 {
				titles++
			}
			if s.Title == "" || s.ID == "" {
				t.Errorf("%s: a heading without a text or an id: %+v", p.Name, s)
			}
		}
		if titles != 1 || d.Sections[0].Level != 1 || d.Lead() == "" || p.Title == "" || len(p.Title) > 30 {
			t.Errorf("%s: %d titles, in the list %q, lead %q", p.Name, titles, p.Title, d.Lead())
		}
		source, err := docs.FS.ReadFile(p.Name + ".md")
		if err != nil {
			t.Fatal(err)
		}
		if text := marks.ReplaceAllString(string(source), ""); raw.MatchString(text) {
			t.Errorf("%s has HTML, which is not rendered: %q", p.Name, raw.FindString(text))
		}
	}
	if _, err := Render("no-such-page", Options{}); err == nil {
		t.Error("a page that does not exist is rendered")
	}
}

func TestRender_RewritesLinks(t *testing.T) {
	t.Parallel()
	o := Options{
		Page:  func(name string) string { return "/help/" + name },
		File:  func(path string) string { return "https://forge.example.com/" + path },
		Image: func(path string) string { return "/help/files/" + path },
	}
	for name, tt := range map[string]struct{ markdown, want string }{
		"page":    {"[a](ci.md)", `href="/help/ci"`},
		"anchor":  {"[a](ci.md#gitlab)", `href="/help/ci#gitlab"`},
		"same":    {"[a](#x)", `href="#x"`},
		"file":    {"[a](../deploy/kind/run.sh)", `href="https://forge.example.com/deploy/kind/run.sh"`},
		"record":  {"[a](adr/0001-x.md#decision)", `href="https://forge.example.com/docs/adr/0001-x.md#decision"`},
		"outside": {"[a](https://example.com/x.md)", `href="https://example.com/x.md"`},
		"picture": {"![a](images/x.png)", `src="/help/files/images/x.png"`},
	} {
		if d := renderText(t, tt.markdown, o); !strings.Contains(string(d.HTML), tt.want) {
			t.Errorf("%s: %s, want %s", name, d.HTML, tt.want)
		}
	}
	for _, markdown := range []string{"[a](no-such-page.md)", "[a](../../x)"} {
		if _, err := render(Page{}, []byte(markdown), o.withDefaults()); err == nil {
			t.Errorf("%s is accepted", markdown)
		}
	}
}

func TestRender_EscapesCodeAndLeavesOutHTML(t *testing.T) {
	t.Parallel()
	const markdown = "# A\n\n<script>alert(1)</script>\n\nb <b onclick=x>c</b> [d](javascript:alert)\n\n" +
		"```sh\ncurl " + ExampleHost + " <x> </table>\n```\n\n| e |\n|--:|\n| `<table>` |\n"
	d := renderText(t, markdown, Options{Code: func(language, block string) string {
		if language != "sh" {
			t.Errorf("the language is %q, want sh", language)
		}
		return strings.ReplaceAll(block, ExampleHost, "http://mine.example.com")
	}})
	html := string(d.HTML)
	for _, want := range []string{
		"<code class=\"language-sh\">curl http://mine.example.com &lt;x&gt; &lt;/table&gt;\n</code>",
		`<div class="table" tabindex="0"><table>`, `<td align="right"><code>&lt;table&gt;</code>`, `<a href="">d</a>`,
	} {
		if !strings.Contains(html, want) {
			t.Errorf("%s\nis not in\n%s", want, html)
		}
	}
	if strings.Contains(html, "script") || strings.Contains(html, "onclick") || strings.Contains(html, "<b>") {
		t.Errorf("HTML of the page is rendered:\n%s", html)
	}
}

func TestRender_ReturnsSectionsAsPlainText(t *testing.T) {
	t.Parallel()
	const markdown = "# The *title*\n\nIt `has` [a link](ci.md).\n\n## Two, `x --y`!\n\n- one\n- two\n\n### Two, x --y\n\n" +
		"```sh\na\nb\n```\n\n| c | d |\n|---|---|\n| e | f |\n"
	want := []Section{
		{1, "the-title", "The title", "It has a link."},
		{2, "two-x---y", "Two, x --y!", "one\ntwo"},
		{3, "two-x---y-1", "Two, x --y", "a\nb\nc\nd\ne\nf"},
	}
	if diff := cmp.Diff(want, renderText(t, markdown, Options{}).Sections); diff != "" {
		t.Error(diff)
	}
}
