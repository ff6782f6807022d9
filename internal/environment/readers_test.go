package environment

import (
	"strings"
	"testing"
)

// reader reads variables from a text in a format.
type reader func(t *testing.T, text string) map[string]string

func readers() map[string]reader {
	return map[string]reader{"fish": readFish, "powershell": readPowershell, "dotenv": readDotenv}
}

// statements reads statements that a prefix starts, a separator divides into name and value, and a line's end ends.
// Value reads a value at the start of a text and returns what follows.
func statements(
	t *testing.T, text, prefix, separator string, value func(*testing.T, string) (value, rest string),
) map[string]string {
	t.Helper()
	got := map[string]string{}
	for text != "" {
		name, after, found := strings.Cut(strings.TrimPrefix(text, prefix), separator)
		if !strings.HasPrefix(text, prefix) || !found {
			t.Fatalf("no statement at %q", text)
		}
		got[name], after = value(t, after)
		if text, found = strings.CutPrefix(after, "\n"); !found {
			t.Fatalf("%s: %q follows", name, after)
		}
	}
	return got
}

func readFish(t *testing.T, text string) map[string]string {
	t.Helper()
	return statements(t, text, "set -gx ", " ", func(t *testing.T, text string) (string, string) {
		t.Helper()
		return quoted(t, text, func(rest []rune) (string, int) {
			switch {
			case rest[0] == '\'':
				return "", 0
			case rest[0] == '\\' && len(rest) > 1 && strings.ContainsRune(`\'`, rest[1]):
				return string(rest[1]), 2
			}
			return string(rest[0]), 1
		})
	})
}

func readPowershell(t *testing.T, text string) map[string]string {
	t.Helper()
	const single, double = "'\u2018\u2019\u201a\u201b", "\"\u201c\u201d\u201e"
	return statements(t, text, "$env:", " = ", func(t *testing.T, text string) (string, string) {
		t.Helper()
		quotes, escapes := single, map[rune]string{}
		if text[0] == '"' {
			quotes, escapes = double, map[rune]string{'n': "\n", 'r': "\r"}
		}
		return quoted(t, text, func(rest []rune) (string, int) {
			switch {
			case strings.ContainsRune(quotes, rest[0]) && len(rest) > 1 && strings.ContainsRune(quotes, rest[1]):
				return string(rest[1]), 2
			case strings.ContainsRune(quotes, rest[0]):
				return "", 0
			case quotes == single || rest[0] != '`' && rest[0] != '$':
				return string(rest[0]), 1
			case rest[0] == '$':
				t.Fatalf("a variable at %q", string(rest))
			}
			if escape, known := escapes[rest[1]]; known {
				return escape, 2
			}
			return string(rest[1]), 2
		})
	})
}

func readDotenv(t *testing.T, text string) map[string]string {
	t.Helper()
	return statements(t, text, "", "=", func(t *testing.T, text string) (string, string) {
		t.Helper()
		switch text[0] {
		case '\'':
			return quoted(t, text, func(rest []rune) (string, int) {
				if rest[0] == '\'' {
					return "", 0
				}
				return string(rest[0]), 1
			})
		case '"':
			return quoted(t, text, func(rest []rune) (string, int) {
				escapes := map[rune]string{'n': "\n", 'r': "\r", '\\': `\`, '"': `"`, '$': "$"}
				switch {
				case rest[0] == '"':
					return "", 0
				case rest[0] == '\\' && escapes[rest[1]] != "":
					return escapes[rest[1]], 2
				case rest[0] == '\\' || rest[0] == '$':
					t.Fatalf("an unknown escape or a variable at %q", string(rest))
				}
				return string(rest[0]), 1
			})
		}
		value, rest, _ := strings.Cut(text, "\n")
		return value, "\n" + rest
	})
}

// quoted reads a text in quotes. Next returns the text that the first characters of its argument stand for, and how
// many they are: none at the closing quote.
func quoted(t *testing.T, text string, next func(rest []rune) (string, int)) (value, rest string) {
	t.Helper()
	all := []rune(text)[1:]
	var b strings.Builder
	for len(all) > 0 {
		part, length := next(all)
		if length == 0 {
			return b.String(), string(all[1:])
		}
		b.WriteString(part)
		all = all[length:]
	}
	t.Fatalf("the quote at %q has no end", text)
	return "", ""
}
