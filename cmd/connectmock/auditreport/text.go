package auditreport

import (
	"cmp"
	"fmt"
	"html"
	"strings"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/internal/audit"
	"github.com/connectmock/connectmock/internal/environment"
)

// auditSummary returns the number of requests and of findings by severity.
func auditSummary(r *audit.Report) string {
	if r.Requests == 0 {
		return "audit of 0 requests: nothing to audit; does the client use OP_CONNECT_HOST?"
	}
	counts := map[audit.Severity]int{}
	for _, f := range r.Findings {
		counts[f.Severity]++
	}
	var parts []string
	for _, severity := range []audit.Severity{audit.Error, audit.Warning} {
		if n := counts[severity]; n > 0 {
			parts = append(parts, cli.Count(n, string(severity)))
		}
	}
	if n := counts[audit.Info]; n > 0 {
		parts = append(parts, cli.Count(n, "hint"))
	}
	return "audit of " + cli.Count(r.Requests, "request") + ": " + cmp.Or(strings.Join(parts, ", "), "nothing found")
}

// auditNotes returns what makes an audit incomplete.
func auditNotes(r *audit.Report) (notes []string) {
	if r.Dropped > 0 {
		notes = append(notes, fmt.Sprintf("%s dropped from the journal: findings and permissions may be missing;"+
			" --journal-size keeps more", cli.Count(int(r.Dropped), "older exchange")))
	}
	if r.Unmeasured > 0 {
		notes = append(notes, fmt.Sprintf("the pause before %s is unknown, because the clock of the account stood still",
			retriesText(r.Unmeasured)))
	}
	return notes
}

func retriesText(n int) string {
	if n == 1 {
		return "1 retry"
	}
	return fmt.Sprintf("%d retries", n)
}

// findingTitle names the operation of a finding and its token.
func findingTitle(f audit.Finding) string {
	title := cmp.Or(f.Operation, f.Request)
	if f.Kind == audit.Storm {
		title = "requests"
	}
	if f.Token != "" {
		title += " by " + f.Token
	}
	return title
}

// findingFacts returns what is known about a finding, as pairs of a name and a text.
func findingFacts(f audit.Finding) (facts [][2]string) {
	numbers := strings.Trim(strings.Join(strings.Fields(fmt.Sprint(f.Examples)), ", "), "[]")
	for _, fact := range [][2]string{
		{"found", f.Found},
		{"requests", numbers + ": " + f.Request},
		{"inferred", f.Inferred},
		{"real server", f.RealServer},
		{"change", f.Change},
	} {
		if fact[1] != "" {
			facts = append(facts, fact)
		}
	}
	return facts
}

// Plain returns an audit for a terminal.
func Plain(r *audit.Report) string {
	var b strings.Builder
	line := func(indent int, text string) {
		b.WriteString(strings.Repeat(" ", indent) + cli.Printable(text) + "\n")
	}
	line(0, auditSummary(r))
	for _, note := range auditNotes(r) {
		line(0, note)
	}
	for _, f := range r.Findings {
		b.WriteString("\n")
		line(0, fmt.Sprintf("%s %s: %s", f.Severity, f.Kind, findingTitle(f)))
		for _, fact := range findingFacts(f) {
			line(2, fmt.Sprintf("%-11s %s", fact[0], fact[1]))
		}
	}
	for _, n := range r.Needs {
		b.WriteString("\n")
		line(0, "narrowest token for what "+n.Token+" did")
		for _, text := range needLines(n) {
			line(2, text)
		}
		for _, command := range needCommands(n) {
			line(4, command)
		}
	}
	return b.String()
}

// needLines describes what a token needed.
func needLines(n audit.Need) (lines []string) {
	for _, v := range n.Vaults {
		vault := v.Vault
		if v.Name != "" {
			vault += " (" + v.Name + ")"
		}
		lines = append(lines, fmt.Sprintf("%s in %s: %s", v.Permission, vault, strings.Join(v.Operations, ", ")))
	}
	if len(n.Vaults) == 0 {
		lines = append(lines, "no permission: every token may do what it did")
	}
	for _, refused := range n.Refused {
		lines = append(lines,
			fmt.Sprintf("refused in %s and left out: %s", refused.Vault, strings.Join(refused.Operations, ", ")))
	}
	return lines
}

// needCommands returns the command lines that create a token, for a real server and for a mock.
func needCommands(n audit.Need) (lines []string) {
	for _, command := range [][]string{n.OpCommand, n.CtlCommand} {
		words := make([]string, len(command))
		for i, word := range command {
			words[i] = environment.ShellQuote(word)
		}
		if len(words) > 0 {
			lines = append(lines, strings.Join(words, " "))
		}
	}
	return lines
}

// auditMarkdown returns an audit for the summary of a CI job. Texts that may contain names are written as HTML, so that
// Markdown in them has no effect.
func auditMarkdown(r *audit.Report) string {
	var b strings.Builder
	escape := func(text string) string {
		return strings.NewReplacer("|", "&#124;", "`", "&#96;", "*", "&#42;", "_", "&#95;", "[", "&#91;", "@", "&#64;",
			"~", "&#126;", `\`, "&#92;").Replace(html.EscapeString(cli.Printable(text)))
	}
	fmt.Fprintf(&b, "## %s\n", escape(auditSummary(r)))
	for _, note := range auditNotes(r) {
		fmt.Fprintf(&b, "\n%s\n", escape(note))
	}
	for _, f := range r.Findings {
		fmt.Fprintf(&b, "\n### %s: %s, %s\n\n| | |\n|---|---|\n", f.Severity, f.Kind, escape(findingTitle(f)))
		for _, fact := range findingFacts(f) {
			fmt.Fprintf(&b, "| %s | %s |\n", fact[0], escape(fact[1]))
		}
	}
	for _, n := range r.Needs {
		fmt.Fprintf(&b, "\n### Narrowest token for what %s did\n\n", escape(n.Token))
		for _, text := range needLines(n) {
			fmt.Fprintf(&b, "- %s\n", escape(text))
		}
		for _, command := range needCommands(n) {
			fmt.Fprintf(&b, "\n<pre><code>%s</code></pre>\n", escape(command))
		}
	}
	return b.String()
}
