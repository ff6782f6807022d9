package conformance

import (
	"cmp"
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/internal/report"
)

//go:embed matrix.html.tmpl
var page string

// matrix compares reports. Each has a column, in the order given.
type matrix struct {
	Style    template.CSS
	Columns  []column
	Profiles []row // a verdict for each column
	Facts    []row
	Differ   []row   // rules on which the reports differ
	Groups   []group // all rules
	Notes    []string
}

// column is the head of a report's column.
type column struct {
	Target  string
	Version string // in words
}

// row has a cell for each column.
type row struct {
	Name  string
	Level string // of a rule
	Cells []cell
}

// cell is a text with the class that colors it. The text alone says everything.
type cell struct {
	Text  string
	Note  string
	Class string
}

// group has the rules whose ids begin with the same word.
type group struct {
	Name string
	Rows []row
}

// newMatrix returns the comparison of reports.
func newMatrix(reports []*Report) *matrix {
	m := &matrix{Style: report.Style()}
	for _, r := range reports {
		version := "version unknown"
		if r.Server.Version != "" {
			version = "Connect " + r.Server.Version
		}
		if r.AgainstVersion != "" {
			version += ", held to " + r.AgainstVersion
		}
		m.Columns = append(m.Columns, column{r.Server.Target, version})
	}
	m.addProfiles(reports)
	m.addFacts(reports)
	m.addRules(reports)
	digests := map[string]bool{}
	for _, r := range reports {
		digests[r.Rules.Digest] = true
	}
	if len(digests) > 1 {
		m.Notes = append(m.Notes,
			"The reports are of different sets of rules: run them again with one version of connectmock.")
	}
	return m
}

func (m *matrix) addProfiles(reports []*Report) {
	for _, name := range Profiles() {
		line := row{Name: name}
		for _, r := range reports {
			i := slices.IndexFunc(r.Profiles, func(p Profile) bool { return p.Name == name })
			if i < 0 {
				line.Cells = append(line.Cells, cell{Text: NotTested, Class: "skip"})
				continue
			}
			p := r.Profiles[i]
			class := map[string]string{Conformant: "pass", Partial: "partial"}[p.Verdict]
			line.Cells = append(line.Cells, cell{p.Verdict, p.Must.String(), cmp.Or(class, "skip")})
		}
		m.Profiles = append(m.Profiles, line)
	}
}

func (m *matrix) addFacts(reports []*Report) {
	fact := func(name string, value func(*Report) string) {
		line := row{Name: name}
		for _, r := range reports {
			line.Cells = append(line.Cells, cell{Text: cmp.Or(value(r), "-")})
		}
		m.Facts = append(m.Facts, line)
	}
	fact("Results", func(r *Report) string { return r.Headline })
	fact("Verdict", func(r *Report) string { return r.Verdict })
	fact("Began", func(r *Report) string {
		if r.Began.IsZero() {
			return ""
		}
		return r.Began.UTC().Format("2006-01-02 15:04 UTC")
	})
	fact("Rules", func(r *Report) string {
		return fmt.Sprintf("%d, %.12s", r.Rules.Count, strings.TrimPrefix(r.Rules.Digest, "sha256:"))
	})
	fact("Tool", func(r *Report) string { return r.Tool.Name + " " + r.Tool.Version })
	fact("Seed", func(r *Report) string { return fmt.Sprint(r.Seed) })
	fact("To run it again", func(r *Report) string { return r.Reproduce.Command })
}

// addRules adds a row for each rule of any report, in the order of the reports.
func (m *matrix) addRules(reports []*Report) {
	var ids []string
	levels := map[string]string{}
	verdicts := make([]map[string]Result, len(reports))
	for i, r := range reports {
		verdicts[i] = map[string]Result{}
		for _, x := range r.Results {
			verdicts[i][x.ID] = x
			if _, known := levels[x.ID]; !known {
				ids = append(ids, x.ID)
				levels[x.ID] = x.Level
			}
		}
	}
	for _, id := range ids {
		line, differs := row{Name: id, Level: levels[id]}, false
		for i := range reports {
			x, known := verdicts[i][id]
			c := cell{Text: "no verdict", Class: "disabled"}
			if known {
				c = cell{Text: verdictWords(x.Verdict), Class: verdictClass(x.Verdict)}
				if isBad(x.Verdict) {
					c.Note = x.Reason
				}
			}
			differs = differs || i > 0 && c.Text != line.Cells[0].Text
			line.Cells = append(line.Cells, c)
		}
		if differs {
			m.Differ = append(m.Differ, line)
		}
		name, _, _ := strings.Cut(id, "/")
		at := slices.IndexFunc(m.Groups, func(g group) bool { return g.Name == name })
		if at < 0 {
			at = len(m.Groups)
			m.Groups = append(m.Groups, group{Name: name})
		}
		m.Groups[at].Rows = append(m.Groups[at].Rows, line)
	}
}

// isBad reports whether a reader wants the reason of a verdict.
func isBad(s report.State) bool {
	return slices.Contains([]report.State{report.Fail, report.Error, report.KnownDeviation, report.UnexpectedPass}, s)
}

// verdictWords returns a verdict in words.
func verdictWords(s report.State) string {
	switch s {
	case report.Skip:
		return "not tested"
	case report.Disabled:
		return "not selected"
	}
	return strings.ReplaceAll(string(s), "-", " ")
}

// verdictClass returns the class of the style sheet that colors a verdict.
func verdictClass(s report.State) string {
	if slices.Contains(report.States(), s) {
		return string(s)
	}
	return "disabled"
}

// HTML writes a page that compares reports, without scripts or other files.
func HTML(w io.Writer, reports []*Report) error {
	t, err := template.New("matrix").Funcs(template.FuncMap{
		"tableOf": func(m *matrix, rows []row, first string) any {
			return struct {
				Matrix *matrix
				Rows   []row
				First  string
			}{m, rows, first}
		},
	}).Parse(page)
	if err != nil {
		return err
	}
	return t.Execute(w, newMatrix(reports))
}

// Markdown writes a page that compares reports.
func Markdown(w io.Writer, reports []*Report) error {
	m := newMatrix(reports)
	var b strings.Builder
	b.WriteString("# Conformance of Connect servers\n\n")
	for _, note := range m.Notes {
		b.WriteString("> " + escape(note) + "\n\n")
	}
	m.table(&b, "Profile", m.Profiles, true)
	b.WriteString("Conformant: every rule of level MUST that the version promises was tested and passed. " +
		"Partial: one of them failed or was not tested. Not tested: no rule was tested.\n\n")
	m.table(&b, "", m.Facts, false)
	if len(m.Columns) > 1 {
		b.WriteString("## Where they differ\n\n")
		if len(m.Differ) == 0 {
			b.WriteString("Nowhere.\n\n")
		} else {
			m.table(&b, "Rule", m.Differ, false)
		}
	}
	b.WriteString("## All rules\n\n")
	for _, g := range m.Groups {
		fmt.Fprintf(&b, "<details><summary>%s: %d</summary>\n\n", escape(g.Name), len(g.Rows))
		m.table(&b, "Rule", g.Rows, false)
		b.WriteString("</details>\n\n")
	}
	_, err := io.WriteString(w, strings.TrimSuffix(b.String(), "\n"))
	return err
}

// table writes rows with the head of each column.
func (m *matrix) table(b *strings.Builder, first string, rows []row, withNotes bool) {
	head, rule := "| "+first+" |", "|---|"
	for _, c := range m.Columns {
		head += " " + escape(c.Target) + "<br>" + escape(c.Version) + " |"
		rule += "---|"
	}
	b.WriteString(head + "\n" + rule + "\n")
	for _, line := range rows {
		text := "| " + escape(line.Name)
		if line.Level != "" {
			text += " (" + escape(line.Level) + ")"
		}
		text += " |"
		for _, c := range line.Cells {
			text += " " + escape(c.Text)
			if withNotes && c.Note != "" {
				text += "<br>" + escape(c.Note)
			}
			text += " |"
		}
		b.WriteString(text + "\n")
	}
	b.WriteString("\n")
}

// escape returns a text that is no markup in a table of Markdown.
func escape(text string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`,
		"[", `\[`, "]", `\]`, "#", `\#`, "~", `\~`, "@", "&#64;", "|", `\|`).Replace(oneLine(text))
}
