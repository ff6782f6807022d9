package report

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/connectmock/connectmock/internal/coverage"
)

// CI servers truncate or reject summaries above a mebibyte.
const (
	maxDetailed  = 20      // bad results with details; the others are only listed
	maxCodeBytes = 8 << 10 // of each code block
)

// Markdown writes a run as the summary of a CI job: the verdict, the counts, failures with commands to repeat them, and
// the rest collapsed.
func Markdown(w io.Writer, r *Run) error {
	var b strings.Builder
	fmt.Fprintf(&b, "## %s %s\n\n%s\n\n", icon(r), text(r.Suite+": "+r.Headline()), text(r.Verdict()))
	r.markdownFacts(&b)
	r.markdownNotes(&b)
	r.markdownBad(&b)
	r.markdownRest(&b)
	r.markdownCoverage(&b)
	_, err := io.WriteString(w, b.String())
	return err
}

// icon returns a character that stands for the verdict.
func icon(r *Run) string {
	if r.isPartial() {
		return "🟡"
	}
	return [...]string{Kept: "✅", Broken: "❌", Failed: "💥", Empty: "⚪"}[r.ExitCode()]
}

func (r *Run) markdownFacts(b *strings.Builder) {
	b.WriteString("| | |\n|---|---|\n")
	row := func(name, value string) {
		if value != "" {
			fmt.Fprintf(b, "| %s | %s |\n", name, cell(value))
		}
	}
	row("Target", r.Target)
	row("Server version", r.Version)
	row("Document", r.Document)
	row("Began", r.Began.UTC().Format("2006-01-02 15:04:05 UTC"))
	row("Took", r.Took.Round(time.Millisecond).String())
	row("Seed", fmt.Sprint(r.Seed))
	if seen, of := coverage.CountCovered(r.Coverage); of > 0 {
		row("Coverage", fmt.Sprintf("%d of %d documented responses", seen, of))
	}
	for _, c := range r.Capabilities {
		row("Can: "+cell(c.Name), strings.TrimSuffix(yesNo(c.Have)+", "+c.Why, ", "))
	}
	b.WriteString("\n")
}

func (r *Run) markdownNotes(b *strings.Builder) {
	if problems := r.Problems(); len(problems) > 0 {
		b.WriteString("### Problems of the run\n\n")
		for _, p := range problems {
			fmt.Fprintf(b, "- %s\n", text(p))
		}
		b.WriteString("\n")
	}
	if len(r.Warnings) > 0 {
		b.WriteString("### Warnings\n\n")
		for _, p := range r.Warnings {
			fmt.Fprintf(b, "- %s\n", text(p))
		}
		b.WriteString("\n")
	}
}

func (r *Run) markdownBad(b *strings.Builder) {
	bad := r.badResults()
	if len(bad) == 0 {
		return
	}
	b.WriteString("### Failures\n\n")
	for i, x := range bad {
		if i == maxDetailed {
			fmt.Fprintf(b, "And %d more:\n\n", len(bad)-maxDetailed)
		}
		if i >= maxDetailed {
			fmt.Fprintf(b, "- **%s** %s %s\n", x.State.label(), code(x.ID), text(x.headline()))
			continue
		}
		markdownResult(b, x)
	}
	b.WriteString("\n")
}

func markdownResult(b *strings.Builder, x Result) {
	fmt.Fprintf(b, "#### %s: %s\n\n%s", x.State.label(), code(x.ID), text(x.Title))
	if x.Level != "" {
		fmt.Fprintf(b, " (%s, %s)", x.Level, text(x.Evidence))
	}
	b.WriteString("\n\n")
	if x.Reason != "" {
		fmt.Fprintf(b, "%s\n\n", text(x.Reason))
	}
	if x.Expected != "" {
		fmt.Fprintf(b, "Expected: %s\n\n", text(x.Expected))
	}
	b.WriteString(fence("", x.Failure))
	b.WriteString(fence("sh", strings.Join(x.Curl, "\n\n")))
	if n := len(x.Exchanges); n > 0 {
		text := strings.TrimPrefix(exchangesText(x.Exchanges), "\n")
		fmt.Fprintf(b, "<details><summary>%s</summary>\n\n%s</details>\n\n", plural(n, "exchange"), fence("http", text))
	}
}

func (r *Run) markdownRest(b *strings.Builder) {
	for _, s := range []State{NotRun, Partial, KnownDeviation, Skip, Disabled, Pass} {
		count := r.Count()[s]
		if count == 0 {
			continue
		}
		fmt.Fprintf(b, "<details><summary>%d %s</summary>\n\n", count, s.label())
		b.WriteString("| Rule | Level | What | Why |\n|---|---|---|---|\n")
		for _, x := range r.Results {
			if x.State == s {
				fmt.Fprintf(b, "| %s | %s | %s | %s |\n", code(x.ID), cell(x.Level), cell(x.Title), cell(x.why()))
			}
		}
		b.WriteString("\n</details>\n\n")
	}
}

func (r *Run) markdownCoverage(b *strings.Builder) {
	if len(r.Coverage) == 0 {
		return
	}
	seen, of := coverage.CountCovered(r.Coverage)
	fmt.Fprintf(b, "<details><summary>Coverage: %d of %d documented responses</summary>\n\n", seen, of)
	b.WriteString("| | Operation | Status | Media type | Attempts | Matches | Why |\n|---|---|---|---|--:|--:|---|\n")
	for _, row := range r.Coverage {
		fmt.Fprintf(b, "| %s | %s | %s | %s | %d | %d | %s |\n", coverageMark(row), cell(row.Operation),
			cell(row.Status), cell(row.MediaType), row.Attempts, row.Matches, cell(row.Reason))
	}
	b.WriteString("\n</details>\n")
}
