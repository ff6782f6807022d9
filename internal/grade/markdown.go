package grade

import (
	"fmt"
	"html"
	"io"
	"strings"
	"time"
)

// maxDetailed is how many wrong responses Markdown shows with details: CI servers
// truncate or reject summaries above a mebibyte.
const maxDetailed = 100

// Markdown writes a report as the summary of a CI job.
func Markdown(w io.Writer, r *Report) error {
	var b strings.Builder
	icon := [...]string{Enough: "✅", TooFew: "❌", Broken: "💥", Empty: "⚪"}[r.ExitCode()]
	fmt.Fprintf(&b, "## %s %s\n\n%s\n\n", icon, countsText(r), escape(r.Verdict()))
	if r.Problem != "" {
		_, err := io.WriteString(w, b.String())
		return err
	}
	b.WriteString("| | |\n|---|---|\n")
	fmt.Fprintf(&b, "| Command | <code>%s</code> |\n", strings.ReplaceAll(html.EscapeString(r.Command), "|", "&#124;"))
	fmt.Fprintf(&b, "| On the correct server | %s |\n", r.FirstRun())
	fmt.Fprintf(&b, "| Took | %s |\n", r.Took.Round(time.Second))
	if r.Ended != "" {
		fmt.Fprintf(&b, "| Ended early | %s |\n", escape(r.Ended))
	}
	b.WriteString("\n")
	if accepted := r.ByState(Accepted); len(accepted) > 0 {
		fmt.Fprintf(&b, "### Wrong responses accepted\n\n%s\n\n", Accepted.About())
		b.WriteString("| What the server does | What would pass too | First request |\n|---|---|---|\n")
		for i, x := range accepted {
			if i == maxDetailed {
				fmt.Fprintf(&b, "| and %d more | | |\n", len(accepted)-maxDetailed)
				break
			}
			fmt.Fprintf(&b, "| %s<br><code>%s</code> | %s | %s |\n",
				escape(x.Mutant.About), x.Mutant.ID(), escape(x.Mutant.ClientBug()), escape(x.First))
		}
		b.WriteString("\n")
	}
	writeGroups(&b, r, NotTriggered, r.ByBug(NotTriggered))
	writeGroups(&b, r, NotRun, r.ByReason(NotRun))
	writeGroups(&b, r, NotReached, r.ByKind(NotReached))
	writeGroups(&b, r, Noticed, r.ByBug(Noticed))
	_, err := io.WriteString(w, b.String())
	return err
}

// writeGroups writes the results in a state, collapsed.
func writeGroups(b *strings.Builder, r *Report, s State, groups []Group) {
	if len(groups) == 0 {
		return
	}
	fmt.Fprintf(b, "<details><summary>%d %s</summary>\n\n%s\n\n", r.Count()[s], s.Label(), s.About())
	for _, g := range groups {
		fmt.Fprintf(b, "- %s\n", escape(g.Text))
		for _, m := range g.Mutants {
			fmt.Fprintf(b, "  - <code>%s</code> %s\n", m.ID(), escape(m.About))
		}
	}
	b.WriteString("\n</details>\n\n")
}

// countsText counts the results by state in words.
func countsText(r *Report) string {
	words := []string{"grade"}
	count := r.Count()
	for _, s := range States() {
		if count[s] > 0 {
			words = append(words, fmt.Sprintf("%d %s", count[s], s.Label()))
		}
	}
	return strings.Replace(strings.Join(words, ", "), ",", ":", 1)
}

// escape escapes a text for Markdown and its tables.
func escape(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`,
		"[", `\[`, "]", `\]`, "|", `\|`, "\n", " ").Replace(s)
}
