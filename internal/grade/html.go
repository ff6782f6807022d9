package grade

import (
	_ "embed"
	"html/template"
	"io"
	"time"

	"github.com/connectmock/connectmock/internal/report"
)

//go:embed grade.html.tmpl
var page string

// HTML writes a report as one page without scripts or other files.
func HTML(w io.Writer, r *Report) error {
	t, err := template.New("grade").Funcs(template.FuncMap{
		"class": func(s State) string { return stateClasses[s] },
		"took":  func(d time.Duration) string { return d.Round(10 * time.Millisecond).String() },
	}).Parse(page)
	if err != nil {
		return err
	}
	count := r.Count()
	v := view{Report: r, Style: report.Style(), Accepted: r.ByState(Accepted),
		Missed: count[Accepted]+count[NotTriggered] > 0}
	for _, s := range States() {
		if count[s] == 0 {
			continue
		}
		v.Shares = append(v.Shares, share{s, count[s]})
		switch s {
		case Accepted:
		case NotReached:
			v.Others = append(v.Others, section{s, count[s], r.ByKind(s)})
		case NotRun:
			v.Others = append(v.Others, section{s, count[s], r.ByReason(s)})
		default:
			v.Others = append(v.Others, section{s, count[s], r.ByBug(s)})
		}
	}
	return t.Execute(w, v)
}

// stateClasses has the classes of the style of reports, by state.
var stateClasses = map[State]string{
	Accepted: "fail", NotTriggered: "partial", NotRun: "not-run", NotReached: "skip", Noticed: "pass",
}

type view struct {
	*Report
	Style    template.CSS
	Shares   []share
	Accepted []Result
	Missed   bool // some mistakes were not noticed
	Others   []section
}

// share is the number of results in a state.
type share struct {
	State State
	Count int
}

// section has the results of a state in groups.
type section struct {
	State  State
	Count  int
	Groups []Group
}
