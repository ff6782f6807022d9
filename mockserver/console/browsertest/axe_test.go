package browsertest

import (
	"fmt"
	"os"
	"testing"
)

// finding is what axe-core finds on a page.
type finding struct {
	ID, Impact, Help string
	Nodes            []string
}

// TestAxe_FindsMistakes checks that a page with mistakes has findings.
func TestAxe_FindsMistakes(t *testing.T) {
	t.Parallel()
	axe := readAxe(t)
	b := newTab(t)
	b.open("data:text/html,<title>t</title><input><p style='color:%23ccc;background:white'>pale</p>")
	evaluate[bool](b, axe+"; true")
	found := map[string]bool{}
	for _, f := range b.findings(`{}`) {
		found[f.ID] = true
	}
	if !found["label"] || !found["color-contrast"] || !found["html-has-lang"] {
		t.Errorf("axe finds only %v", found)
	}
}

// checkAccess lets axe-core, which is in the page already, look at it. In the dark theme only the contrast is another.
func (b *tab) checkAccess(theme string) {
	b.t.Helper()
	options := `{}`
	if theme == "dark" {
		options = `{runOnly: ["color-contrast"]}`
	}
	for _, f := range b.findings(options) {
		if f.Impact == "serious" || f.Impact == "critical" {
			b.t.Errorf("%s, %s: %s: %s: %s", b.address(), theme, f.Impact, f.Help, f.Nodes)
		}
	}
}

// findings runs axe with options of its function run.
func (b *tab) findings(options string) []finding {
	b.t.Helper()
	return evaluate[[]finding](b, fmt.Sprintf(`axe.run(document, %s).then((r) => r.violations.map((v) => ({
		ID: v.id, Impact: v.impact, Help: v.help, Nodes: v.nodes.map((n) => n.html.slice(0, 200)) })))`, options))
}

// readAxe returns the script of axe-core.
func readAxe(t *testing.T) string {
	t.Helper()
	script, err := os.ReadFile("testdata/axe-core/axe.min.js")
	if err != nil {
		t.Fatal(err)
	}
	return string(script)
}
