package suites

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/internal/coverage"
	"github.com/connectmock/connectmock/internal/report"
)

// SummaryText describes a run: the results, what failed with a curl command for
// it, what was not tested and why. It has colours if to is a terminal.
func SummaryText(run *report.Run, to any) string {
	var b strings.Builder
	title := run.Suite + " of " + run.Target
	if run.Version != "" {
		title += ", Connect " + run.Version
	}
	fmt.Fprintf(&b, "%s: %s in %s\n", cli.Printable(title), headlineText(run, to), run.Took.Round(10*time.Millisecond))
	writeFailures(&b, run)
	writeGrouped(&b, "Errors", run, report.Error)
	writeGrouped(&b, "Not run", run, report.NotRun)
	writeGrouped(&b, "Known deviations", run, report.KnownDeviation)
	writePartial(&b, run)
	writeGrouped(&b, "Skipped", run, report.Skip)
	writeNotes(&b, "What broke outside the rules", run.Problems())
	writeNotes(&b, "Warnings", run.Warnings)
	b.WriteByte('\n')
	if len(run.Coverage) > 0 {
		b.WriteString(CoverageLine(run.Coverage))
	}
	fmt.Fprintln(&b, run.Verdict())
	return b.String()
}

// headlineText returns the headline of a run, with colours if to is a terminal.
func headlineText(run *report.Run, to any) string {
	var words []string
	for _, part := range run.HeadlineParts() {
		words = append(words, ColorText(to, part.State, cli.Printable(part.Text)))
	}
	return strings.Join(words, ", ")
}

// writeFailures shows the first 20 failures whole, the others on one line each.
func writeFailures(b *strings.Builder, run *report.Run) {
	const whole = 20
	n := 0
	for _, x := range run.Results {
		if x.State != report.Fail && x.State != report.UnexpectedPass {
			continue
		}
		if n++; n == whole+1 {
			b.WriteByte('\n')
		}
		if n > whole {
			fmt.Fprintf(b, "%s  %s  %s: %s\n", strings.ToUpper(string(x.State)), x.Level, x.ID, x.Title)
			continue
		}
		fmt.Fprintf(b, "\n%s  %s  %s: %s\n%s", strings.ToUpper(string(x.State)), x.Level, x.ID, x.Title,
			cli.Indent(strings.TrimPrefix(x.Reason+"\n"+x.Failure, "\n")))
		if len(x.Curl) > 0 {
			b.WriteString(cli.Indent(x.Curl[len(x.Curl)-1]))
		}
		if more := len(x.Curl) - 1; more > 0 {
			fmt.Fprintf(b, "    (%s before it; --report has them)\n", cli.Count(more, "request"))
		}
	}
}

// writePartial lists the scenarios that are partial, with the steps left out.
func writePartial(b *strings.Builder, run *report.Run) {
	title := "\nDone in part, which is no pass:\n"
	for _, x := range run.Results {
		if x.State == report.Partial {
			b.WriteString(title + "  " + cli.Printable(x.ID) + "\n" + cli.Indent(strings.ReplaceAll(x.Reason, "; ", "\n")))
			title = ""
		}
	}
}

// writeGrouped lists the results in a state, grouped by reason.
func writeGrouped(b *strings.Builder, title string, run *report.Run, state report.State) {
	const named = 4
	var reasons []string
	rules := map[string][]string{}
	for _, x := range run.Results {
		if x.State == state {
			if rules[x.Reason] == nil {
				reasons = append(reasons, x.Reason)
			}
			rules[x.Reason] = append(rules[x.Reason], x.ID)
		}
	}
	if len(reasons) == 0 {
		return
	}
	fmt.Fprintf(b, "\n%s:\n", title)
	slices.SortStableFunc(reasons, func(x, y string) int { return len(rules[y]) - len(rules[x]) })
	for _, reason := range reasons {
		ids := rules[reason]
		fmt.Fprintf(b, "%4d  %s\n      %s", len(ids), cli.Printable(reason), strings.Join(ids[:min(named, len(ids))], ", "))
		if more := len(ids) - named; more > 0 {
			fmt.Fprintf(b, " and %d more", more)
		}
		b.WriteByte('\n')
	}
}

func writeNotes(b *strings.Builder, title string, list []string) {
	if len(list) == 0 {
		return
	}
	fmt.Fprintf(b, "\n%s:\n", title)
	for _, text := range list {
		b.WriteString("  - " + strings.TrimLeft(cli.Indent(text), " "))
	}
}

// CoverageLine says how many of the documented responses were seen.
func CoverageLine(rows []coverage.Row) string {
	seen, of := coverage.CountCovered(rows)
	return fmt.Sprintf("%d of the %d documented responses that can be expected here were seen.\n", seen, of)
}

// ColorText colours a text by its state if to is a terminal. The state is in the
// text as well, for readers who can't tell colours apart.
func ColorText(to any, s report.State, text string) string {
	if !cli.IsTerminal(to) {
		return text
	}
	const red, yellow, green, grey = "31", "33", "32", "90"
	color := map[report.State]string{
		report.Fail: red, report.UnexpectedPass: red, report.Error: red, report.NotRun: red,
		report.Partial: yellow, report.KnownDeviation: yellow,
		report.Pass: green, report.Skip: grey, report.Disabled: grey,
	}[s]
	return "\x1b[" + color + "m" + text + "\x1b[0m"
}
