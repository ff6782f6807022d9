package environment

import (
	"fmt"
	"strings"
	"unicode"
)

// isPlain reports whether a text means itself, without quotes, in POSIX shells, in zsh, which expands a word after an
// equals sign at its start or after another one [D], and in dotenv files.
func isPlain(text string) bool {
	const safe = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.:/=+,@%"
	return text != "" && strings.Trim(text, safe) == "" && !strings.HasPrefix(text, "=") &&
		!strings.Contains(text, "==")
}

// ShellQuote returns a word in the form that a POSIX shell reads as that word [D].
func ShellQuote(word string) string {
	if isPlain(word) {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

// fishQuote returns a word in the form that fish reads as that word. In its single quotes a backslash escapes itself
// and the quote [D].
func fishQuote(word string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(word) + "'"
}

// powershellQuote returns a word as a string of PowerShell. It treats typographic quotes as plain ones: in single
// quotes each is doubled, in double quotes a backtick stands before it [D]. The ends of lines are escaped, because
// commands pass each other texts by lines.
func powershellQuote(word string) string {
	if !strings.ContainsAny(word, "\r\n") {
		return "'" + doubled(word, "'\u2018\u2019\u201a\u201b") + "'"
	}
	var b strings.Builder
	for _, r := range word {
		switch {
		case r == '\n':
			b.WriteString("`n")
		case r == '\r':
			b.WriteString("`r")
		case strings.ContainsRune("`$\"\u201c\u201d\u201e", r):
			b.WriteString("`" + string(r))
		default:
			b.WriteRune(r)
		}
	}
	return `"` + b.String() + `"`
}

// doubled returns a text with each of the given characters twice.
func doubled(text, characters string) string {
	var b strings.Builder
	for _, r := range text {
		if b.WriteRune(r); strings.ContainsRune(characters, r) {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// dotenvQuote returns a value of a dotenv file. The programs that read such files agree about plain words, and about
// single quotes without quotes and backslashes in them. Anything else is in double quotes with the escapes of docker
// compose [D].
func dotenvQuote(value string) string {
	switch {
	case isPlain(value):
		return value
	case !strings.ContainsAny(value, "'\\\r"):
		return "'" + value + "'"
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "$", `\$`, "\n", `\n`, "\r", `\r`).Replace(value) + `"`
}

// yamlQuote returns a scalar of YAML in double quotes.
func yamlQuote(value string) string {
	var b strings.Builder
	for _, r := range value {
		switch {
		case r == '"' || r == '\\':
			b.WriteString(`\` + string(r))
		case r == '\n':
			b.WriteString(`\n`)
		case unicode.IsPrint(r):
			b.WriteRune(r)
		default:
			fmt.Fprintf(&b, `\U%08X`, r)
		}
	}
	return `"` + b.String() + `"`
}
