package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/internal/docsite"
)

func TestWrite_MakesASiteWithoutScriptsWhoseLinksWork(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "site")
	var out bytes.Buffer
	if err := write(dir, &out); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), " pages: ") {
		t.Errorf("it says %q", out.String())
	}
	pages := append([]docsite.Page{{Name: "index"}}, docsite.Pages()...)
	for _, p := range pages {
		data, err := os.ReadFile(filepath.Join(dir, p.Name+".html"))
		if err != nil {
			t.Error(err)
			continue
		}
		html := string(data)
		if strings.Contains(html, "<script") || regexp.MustCompile(`(src|stylesheet" href)="https?:`).MatchString(html) {
			t.Errorf("%s needs a script or another server", p.Name)
		}
		if p.Name != "index" && (!strings.Contains(html, `aria-current="page">`) || strings.Count(html, "<h1") != 1) {
			t.Errorf("%s does not mark its place in the list, or has not one title", p.Name)
		}
		for _, m := range regexp.MustCompile(`(?:href|src)="([^":#]+)["#]`).FindAllStringSubmatch(html, -1) {
			if _, err := os.Stat(filepath.Join(dir, m[1])); err != nil {
				t.Errorf("%s: %v", p.Name, err)
			}
		}
	}
}
