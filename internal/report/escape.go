package report

import (
	"fmt"
	"html"
	"strings"

	"github.com/connectmock/connectmock/internal/coverage"
	"github.com/connectmock/connectmock/internal/textenc"
)

// text escapes a text for Markdown, on one line and shortened.
func text(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`,
		"[", `\[`, "]", `\]`, "#", `\#`, "~", `\~`, "@", "&#64;").Replace(oneLine(s, 500))
}

// cell escapes a text for a table.
func cell(s string) string { return strings.ReplaceAll(text(s), "|", `\|`) }

// code returns a name as code, also for tables.
func code(s string) string {
	return "<code>" + strings.ReplaceAll(html.EscapeString(oneLine(s, 500)), "|", "&#124;") + "</code>"
}

// fence returns a code block that backticks in the text can't end, or "" for an empty text.
func fence(language, s string) string {
	if s == "" {
		return ""
	}
	s = cut(s, maxCodeBytes)
	ticks := "```"
	for strings.Contains(s, ticks) {
		ticks += "`"
	}
	return ticks + language + "\n" + strings.TrimSuffix(s, "\n") + "\n" + ticks + "\n\n"
}

// coverageMark returns a character for a row of the coverage.
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

// oneLine returns a text without line breaks, shortened to maxBytes.
func oneLine(s string, maxBytes int) string {
	return textenc.Cut(strings.Join(strings.Fields(s), " "), maxBytes)
}

// cut shortens a text to maxBytes, and says so.
func cut(s string, maxBytes int) string {
	if len(s) > maxBytes {
		s = strings.ToValidUTF8(s[:maxBytes], "") + "\n[cut here; the JSON report has more]"
	}
	return s
}

// plural returns a number with a noun.
func plural(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %ss", n, one)
}
