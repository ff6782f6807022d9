package console

import (
	"html/template"
	"io"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/docs"
	"github.com/connectmock/connectmock/internal/docsite"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// helpPage shows the documentation, with the address and token of this mock in its examples.
func helpPage() page {
	return page{path: "/help", title: "Help", handlers: map[string]handlerFunc{
		"GET /help":                    getHelp,
		"GET /help/pictures/{path...}": getPicture,
		"GET /help/{page}":             func(req *request) (*response, error) { return req.helpPage(req.r.PathValue("page"), "") },
		"POST /help/token":             func(req *request) (*response, error) { return req.helpPage(req.form("page"), req.about.Token) },
	}}
}

// getHelp lists the pages, or what a search finds in them.
func getHelp(req *request) (*response, error) {
	search := req.query("search")
	hits, err := searchHelp(search)
	if err != nil {
		return nil, err
	}
	return req.render("help", "Help", map[string]any{"Groups": docsite.Groups(), "Search": search, "Hits": hits}), nil
}

// helpPage shows a page of the documentation, with the token of clients or, if that is empty, a placeholder.
func (req *request) helpPage(name, token string) (*response, error) {
	if _, found := docsite.Find(name); !found {
		return nil, &controlapi.Error{Status: http.StatusNotFound, Message: "the help has no such page"}
	}
	account := view{Account: req.account()}
	e := examples{host: req.about.URL, control: req.about.Control, token: token, inCI: name == "ci"}
	document, err := docsite.Render(name, docsite.Options{
		Page: func(name string) string { return account.Link("/help/" + url.PathEscape(name)) },
		Code: e.fill, Image: func(path string) string { return Mount + "/help/pictures/" + path },
	})
	if err != nil {
		return nil, err
	}
	title, parts := document.Title, []docsite.Section(nil)
	for _, s := range document.Sections {
		switch s.Level {
		case 1:
			title = s.Title
		case 2:
			parts = append(parts, s)
		}
	}
	return req.render("help_page", title, map[string]any{
		"Previous": neighbour(name, -1), "Next": neighbour(name, 1), "Name": name, "Body": withoutTitle(document.HTML), "Parts": parts,
		"HasToken": token != "", "URL": req.about.URL,
	}), nil
}

// neighbour returns the page that is so many after a page in reading order, nil if there is none.
func neighbour(name string, distance int) *docsite.Page {
	all := docsite.Pages()
	at := slices.IndexFunc(all, func(p docsite.Page) bool { return p.Name == name }) + distance
	if at < 0 || at >= len(all) {
		return nil
	}
	return &all[at]
}

// getPicture sends a picture of the documentation.
func getPicture(req *request) (*response, error) {
	name := req.r.PathValue("path")
	picture, err := docs.FS.ReadFile(name)
	if err != nil || path.Ext(name) != ".png" {
		return notFound(req)
	}
	return download("", "image/png", func(w io.Writer) error {
		_, err := w.Write(picture)
		return err
	}), nil
}

// withoutTitle returns a document without its title, which is that of the page.
func withoutTitle(document template.HTML) template.HTML {
	_, rest, found := strings.Cut(string(document), "</h1>")
	if !found {
		return document
	}
	return template.HTML(rest) // docsite has escaped it
}
