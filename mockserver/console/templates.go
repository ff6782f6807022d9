package console

import (
	"embed"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/connectmock/connectmock/mockserver/console/internal/command"
	"github.com/connectmock/connectmock/mockserver/console/internal/words"
	"github.com/connectmock/connectmock/openapi/connect"
)

//go:embed templates static
var embedded embed.FS

// templates are the pages by name: each is templates/NAME.html, which defines "main", with the layout and what pages
// share.
type templates map[string]*template.Template

// shared are the templates that all pages have.
var shared = []string{"templates/layout.html", "templates/shared.html"}

func parseTemplates() (templates, error) {
	base, err := template.New("layout.html").Funcs(templateFuncs()).ParseFS(embedded, shared...)
	if err != nil {
		return nil, err
	}
	names, err := fs.Glob(embedded, "templates/*.html")
	if err != nil {
		return nil, err
	}
	all := templates{}
	for _, name := range names {
		if name == shared[0] || name == shared[1] {
			continue
		}
		clone, err := base.Clone()
		if err == nil {
			clone, err = clone.ParseFS(embedded, name)
		}
		if err != nil {
			return nil, err
		}
		all[strings.TrimSuffix(path.Base(name), ".html")] = clone
	}
	return all, nil
}

// page writes a whole page.
func (t templates) page(w io.Writer, name string, v view) error {
	return t.part(w, name, "layout.html", v)
}

// part writes one template of a page, such as a row of its table.
func (t templates) part(w io.Writer, name, part string, data any) error {
	if t[name] == nil {
		return fmt.Errorf("the console has no template %s", name)
	}
	return t[name].ExecuteTemplate(w, part, data)
}

// templateFuncs are what templates may call.
func templateFuncs() template.FuncMap {
	return template.FuncMap{
		"time":     func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
		"moment":   func(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05") },
		"clock":    func(t time.Time) string { return t.UTC().Format(time.TimeOnly) },
		"duration": words.Duration,
		"bytes":    words.Bytes,
		"count":    words.Count,
		"json":     words.JSON,
		"body":     words.Body,
		"lower":    strings.ToLower,
		"evidence": words.Evidence,
		"join":     func(list []string) string { return strings.Join(list, ", ") },
		"copied":   func(id, text string) copyText { return copyText{id, text} },
		"map":      pairs,
		"target":   command.Target,
		"took":     words.Took,

		"permissions": permissions,
	}
}

// copyText is a text to copy, for the template "copy". ID is unique in the page.
type copyText struct{ ID, Text string }

// pairs returns a map of keys and values, for templates that need several.
func pairs(list ...any) (map[string]any, error) {
	if len(list)%2 != 0 {
		return nil, fmt.Errorf("map: %d arguments are no pairs", len(list))
	}
	m := map[string]any{}
	for i := 0; i < len(list); i += 2 {
		m[fmt.Sprint(list[i])] = list[i+1]
	}
	return m, nil
}

// permissions returns what a token may have, the most first, which is what most people want of a mock.
func permissions() []string {
	names := connect.PermissionNames()
	slices.Reverse(names)
	return names
}
