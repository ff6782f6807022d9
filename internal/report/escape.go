package report

import (
	"fmt"
	"html"
	"strings"

	"github.com/connectmock/connectmock/internal/coverage"
)

// text makes Markdown show a text as it is, on one line and at some length.
func text(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`,
		"[", `\[`, "]", `\]`, "#", `\#`, "~", `\~`, "@", "&#64;").Replace(oneLine(s, 500))
}

// cell is text within a table.
func cell(s string) string { return strings.ReplaceAll(text(s), "|", `\|`) }

// code is a name in a typewriter face, within a table too.
func code(s string) string {
	return "<code>" + strings.ReplaceAll(html.EscapeString(oneLine(s, 500)), "|", "&#124;") + "</code>"
}

// fence is a block of code that no backticks within can end; nothing for an
// empty text.
func fence(language, s string) string {
	if s == "" {
		return ""
	}
	s = cut(s, shownBytes)
	ticks := "```"
	for strings.Contains(s, ticks) {
		ticks += "`"
	}
	return ticks + language + "\n" + strings.TrimSuffix(s, "\n") + "\n" + ticks + "\n\n"
}

func coverageMark(row coverage.Row) string {
	switch {
	case row.Undocumented:
		return "❌"
	case row.Matches > 0:
		return "✅"
	case row.Excused:
		return "➖"
	}
	return "⬜"
}

// oneLine is a text without line breaks, cut after so many bytes.
func oneLine(s string, most int) string {
	s = strings.Join(strings.Fields(s), " ")
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + "..."
	}
	return s
}

// cut is a text of at most so many bytes, and says so if it is not whole.
func cut(s string, most int) string {
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + "\n[cut here; the JSON report has more]"
	}
	return s
}

func plural(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %ss", n, one)
}
