package console

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/openapi/controlapi"
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
		"duration": durationText,
		"bytes":    byteCount,
		"count":    count,
		"json":     indented,
		"body":     bodyText,
		"lower":    strings.ToLower,
		"evidence": evidenceText,
		"join":     func(list []string) string { return strings.Join(list, ", ") },
		"copied":   func(id, text string) copyText { return copyText{id, text} },
		"map":      pairs,
		"target":   target,
		"took":     tookText,

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

// indented returns a value as JSON on several lines.
func indented(value any) (string, error) {
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	err := e.Encode(value)
	return strings.TrimSuffix(text.String(), "\n"), err
}

// durationText returns a duration as people read it: long ones in milliseconds.
func durationText(d any) string {
	long, ok := d.(time.Duration)
	if api, is := d.(controlapi.Duration); is {
		long, ok = time.Duration(api), true
	}
	if ok && long.Abs() > time.Second {
		return long.Round(time.Millisecond).String()
	}
	return fmt.Sprint(d)
}

// bodyText returns a body as people read it: JSON on several lines, all else as it is.
func bodyText(body string) string {
	var text bytes.Buffer
	if json.Indent(&text, []byte(body), "", "  ") != nil {
		return body
	}
	return text.String()
}

// tookText returns how long a request took, as people read it.
func tookText(d controlapi.Duration) string {
	return time.Duration(d).Round(10 * time.Microsecond).String()
}

// count returns a number with its noun.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// byteCount returns a number of bytes as people read it.
func byteCount(n int64) string {
	const kib = 1024
	switch {
	case n < kib:
		return fmt.Sprintf("%d B", n)
	case n < kib*kib:
		return fmt.Sprintf("%.1f KiB", float64(n)/kib)
	}
	return fmt.Sprintf("%.1f MiB", float64(n)/kib/kib)
}

// permissions returns what a token may have, the most first, which is what most people want of a mock.
func permissions() []string {
	names := connect.PermissionNames()
	slices.Reverse(names)
	return names
}
