package report

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/connectmock/connectmock/internal/coverage"
)

//go:embed report.html.tmpl
var page string

//go:embed report.css
var style string

// Style returns the style sheet of the pages, for pages that look like them.
func Style() template.CSS { return template.CSS(style) }

// HTML writes a run as one page without scripts or other files: the verdict first, then failures, what was not run,
// what passed, and the coverage of the document.
func HTML(w io.Writer, r *Run) error {
	t, err := template.New("report").Funcs(template.FuncMap{
		"anchor":   func(id string) string { return "rule-" + id },
		"took":     took,
		"short":    short,
		"pretty":   pretty,
		"headers":  headers,
		"phrase":   http.StatusText,
		"mark":     State.label,
		"why":      Result.why,
		"headline": Result.headline,
	}).Parse(page)
	if err != nil {
		return err
	}
	seen, of := coverage.CountCovered(r.Coverage)
	return t.Execute(w, view{
		Run: r, Style: Style(), Exit: r.ExitCode(), InPart: r.isPartial(), Shares: r.shares(),
		Bad: r.badResults(), Others: r.others(), Operations: r.operations(), Seen: seen, Of: of,
	})
}

type view struct {
	*Run
	Style      template.CSS
	Exit       int
	InPart     bool
	Shares     []share
	Bad        []Result
	Others     []group
	Operations []operation
	Seen, Of   int
}

// share is the number of results in a state, for the bar and the counts.
type share struct {
	State State
	Count int
	Words string
}

func (r *Run) shares() []share {
	var all []share
	count := r.Count()
	for _, s := range States() {
		words := s.label()
		if s == Skip {
			words = "not tested: " + r.SkipReasons()
		}
		if count[s] > 0 {
			all = append(all, share{s, count[s], words})
		}
	}
	return all
}

// group has the results of one state that is not bad.
type group struct {
	State   State
	Open    bool // whether the page shows it expanded
	Results []Result
}

func (r *Run) others() []group {
	var all []group
	for _, s := range States() {
		g := group{State: s, Open: s == Partial || s == KnownDeviation}
		for _, x := range r.Results {
			if x.State == s && !s.isBad() {
				g.Results = append(g.Results, x)
			}
		}
		if len(g.Results) > 0 {
			all = append(all, g)
		}
	}
	return all
}

// operation has the coverage of one operation.
type operation struct {
	Name string
	Rows []coverageRow
}

type coverageRow struct {
	coverage.Row
	Class string // seen, missing, excused, undocumented
}

func (r *Run) operations() []operation {
	var all []operation
	index := map[string]int{}
	for _, row := range r.Coverage {
		at, ok := index[row.Operation]
		if !ok {
			at = len(all)
			index[row.Operation] = at
			all = append(all, operation{Name: row.Operation})
		}
		class := "missing"
		switch {
		case row.Undocumented:
			class = "undocumented"
		case row.Matches > 0:
			class = "seen"
		case row.Excused:
			class = "excused"
		}
		all[at].Rows = append(all[at].Rows, coverageRow{row, class})
	}
	return all
}

func took(d time.Duration) string {
	if d >= time.Second {
		return d.Round(10 * time.Millisecond).String()
	}
	return d.Round(10 * time.Microsecond).String()
}

// headers returns "Name: value" lines, sorted by name.
func headers(h http.Header) string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(h)) {
		for _, value := range h[name] {
			fmt.Fprintf(&b, "%s: %s\n", name, value)
		}
	}
	return b.String()
}

// pretty returns a body with indented JSON.
func pretty(body []byte) string {
	var b bytes.Buffer
	if len(body) <= maxTextBytes && json.Indent(&b, body, "", "  ") == nil {
		return b.String()
	}
	return short(string(body))
}

func short(text string) string { return cut(text, maxTextBytes) }
