// Command build writes the pages of docs/ as a static site: go run ./internal/docsite/build DIR. It needs no script in the
// browser and asks no other server for anything.
package main

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"github.com/connectmock/connectmock/docs"
	"github.com/connectmock/connectmock/internal/docsite"
)

//go:embed page.html style.css
var files embed.FS

func main() {
	if len(os.Args) != 2 || os.Args[1] == "" {
		fmt.Fprintln(os.Stderr, "usage: go run ./internal/docsite/build DIR")
		os.Exit(2)
	}
	if err := write(os.Args[1], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "build:", err)
		os.Exit(1)
	}
}

// view is what a page of the site shows.
type view struct {
	Title    string
	Groups   []docsite.Group
	Leads    map[string]string // the first sentence of each page, for the overview
	Current  string            // the name of the page, empty for the overview
	Document *docsite.Document // nil for the overview
	Contents []docsite.Section // headings of the second level
	Next     *docsite.Page     // nil on the last page
}

// write writes the site into dir, which it creates, and says how many pages it has.
func write(dir string, out io.Writer) error {
	page, err := template.ParseFS(files, "page.html")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	save := func(name string, v view) error {
		var html bytes.Buffer
		if err := page.Execute(&html, v); err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(dir, name+".html"), html.Bytes(), 0o644)
	}
	all, listed, leads := docsite.Pages(), docsite.Groups(), map[string]string{}
	for i, p := range all {
		document, err := docsite.Render(p.Name, docsite.Options{})
		if err != nil {
			return err
		}
		leads[p.Name] = document.Lead()
		v := view{Title: p.Title, Groups: listed, Current: p.Name, Document: document}
		for _, s := range document.Sections {
			if s.Level == 2 {
				v.Contents = append(v.Contents, s)
			}
		}
		if i+1 < len(all) {
			v.Next = &all[i+1]
		}
		if err := save(p.Name, v); err != nil {
			return err
		}
	}
	if err := save("index", view{Title: "Documentation", Groups: listed, Leads: leads}); err != nil {
		return err
	}
	style, err := files.ReadFile("style.css")
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "style.css"), style, 0o644); err != nil {
		return err
	}
	if err := writePictures(dir); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%d pages: %s\n", len(all), filepath.Join(dir, "index.html"))
	return err
}

// writePictures copies what the pages show into dir: all files of docs.FS that are no pages.
func writePictures(dir string) error {
	return fs.WalkDir(docs.FS, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(name) == ".md" {
			return err
		}
		data, err := docs.FS.ReadFile(name)
		if err != nil {
			return err
		}
		to := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			return err
		}
		return os.WriteFile(to, data, 0o644)
	})
}
