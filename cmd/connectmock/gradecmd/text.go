package gradecmd

import (
	"fmt"
	"strings"
	"time"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/internal/grade"
)

// reportText describes a report: the wrong responses that the tests accepted, and the
// other mutants in groups.
func reportText(r *grade.Report) string {
	var b strings.Builder
	fmt.Fprintf(&b, "grade of %s, in %s\n", r.Command, r.Took.Round(10*time.Millisecond))
	writeAccepted(&b, r)
	writeGroups(&b, r, grade.NotTriggered, r.ByBug(grade.NotTriggered))
	writeGroups(&b, r, grade.NotRun, r.ByReason(grade.NotRun))
	writeNotReached(&b, r)
	if r.Ended != "" {
		fmt.Fprintf(&b, "\nThe run is not complete: %s.\n", r.Ended)
	}
	fmt.Fprintf(&b, "\n%s\n", r.Verdict())
	return b.String()
}

// writeAccepted lists the wrong responses that the tests accepted, the first 20 with all
// that is known.
func writeAccepted(b *strings.Builder, r *grade.Report) {
	const whole = 20
	list := r.ByState(grade.Accepted)
	if len(list) == 0 {
		return
	}
	writeStateTitle(b, r, grade.Accepted)
	for i, x := range list {
		if i == whole {
			b.WriteString("\n  The others; --report has all that is known of them:\n")
		}
		if i >= whole {
			fmt.Fprintf(b, "  %s: %s\n", x.Mutant.ID(), x.Mutant.About)
			continue
		}
		fmt.Fprintf(b, "\n  %s: %s\n%s", x.Mutant.ID(), x.Mutant.About, cli.Indent("would pass too: "+x.Mutant.ClientBug()))
		b.WriteString(cli.Indent("first at " + x.First))
	}
}

func writeStateTitle(b *strings.Builder, r *grade.Report, s grade.State) {
	label := s.Label()
	fmt.Fprintf(b, "\n%s%s, %d. %s\n", strings.ToUpper(label[:1]), label[1:], r.Count()[s], s.About())
}

// writeGroups lists the results in a state, grouped by a text.
func writeGroups(b *strings.Builder, r *grade.Report, s grade.State, groups []grade.Group) {
	const named = 4
	if len(groups) == 0 {
		return
	}
	writeStateTitle(b, r, s)
	for _, g := range groups {
		var ids []string
		for _, m := range g.Mutants[:min(named, len(g.Mutants))] {
			ids = append(ids, m.ID())
		}
		fmt.Fprintf(b, "%4d  %s\n      %s", len(g.Mutants), cli.Printable(g.Text), strings.Join(ids, ", "))
		if more := len(g.Mutants) - named; more > 0 {
			fmt.Fprintf(b, " and %d more", more)
		}
		b.WriteByte('\n')
	}
}

// writeNotReached counts the mutants that were not reached, by kind.
func writeNotReached(b *strings.Builder, r *grade.Report) {
	var words []string
	for _, g := range r.ByKind(grade.NotReached) {
		words = append(words, fmt.Sprintf("%s %d", g.Text, len(g.Mutants)))
	}
	if len(words) > 0 {
		writeStateTitle(b, r, grade.NotReached)
		b.WriteString("      " + strings.Join(words, ", ") + "\n")
	}
}

// progressEvery is how often the progress is reported where there is no terminal.
const progressEvery = 10 * time.Second

// progressLines reports how far a grade is.
type progressLines struct {
	std     *cli.Streams
	next    time.Time // of the next line, without a terminal
	written bool      // the last line has no end yet
}

// first reports the runs on the correct server.
func (p *progressLines) first(r *grade.Report) {
	p.std.Say("the command passes on the correct server in %s: %s of %s. It is run on %s that send it a wrong response",
		r.First.Round(time.Millisecond), cli.Count(r.Requests, "request"), cli.Count(len(r.Operations), "operation"),
		cli.Count(r.Count()[grade.NotRun], "server"))
}

// result reports the end of a run.
func (p *progressLines) result(done, all int) {
	line := fmt.Sprintf("connectmock: %d of %d servers", done, all)
	switch now := time.Now(); {
	case cli.IsTerminal(p.std.Err):
		p.written = true
		fmt.Fprint(p.std.Err, "\r"+line+"\x1b[K")
	case now.After(p.next):
		p.next = now.Add(progressEvery)
		fmt.Fprintln(p.std.Err, line)
	}
}

// end ends the line, if there is one.
func (p *progressLines) end() {
	if p.written {
		fmt.Fprintln(p.std.Err)
	}
}
