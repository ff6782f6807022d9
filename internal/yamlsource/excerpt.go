package yamlsource

import (
	"regexp"
	"strings"
)

// caretMark marks the position of the caret in an excerpt.
const caretMark = "\x00"

// excerpt returns the line of a place up to the end of the word there. An error must not show more: what follows, and
// the values before it, may be secrets. It is empty for a line that may be inside a block of text.
func excerpt(at Place) string {
	if at.Column > maxColumns {
		return ""
	}
	runes := at.file.lineStart(at.Line)
	if at.Column < 1 || at.Column > len(runes)+1 {
		return ""
	}
	start := at.start
	if start == 0 {
		start = at.Column
	}
	before := string(runes[:start-1])
	if !structure().MatchString(before) {
		return ""
	}
	word := at.word
	if len(word) > maxColumns || !strings.HasPrefix(string(runes[at.Column-1:]), word) {
		word = ""
	}
	before = earlierValues().ReplaceAllString(before, "$1 …")
	before = earlierEntries().ReplaceAllString(before, "$1…, ") + string(runes[start-1:at.Column-1])
	return strings.Map(printable, before) + caretMark + strings.Map(printable, word)
}

// structure matches what may come before a place on its line: indentation, dashes, the inside of a flow mapping, a key.
func structure() *regexp.Regexp {
	return regexp.MustCompile(`^[ \t]*(- +)*(["']?[A-Za-z_<$][^:]{0,40}:.*|\{.*|\[.*|"[^"]*" *:.*|'[^']*' *:.*)?$`)
}

// earlierValues matches values of keys earlier on the same line.
func earlierValues() *regexp.Regexp {
	return regexp.MustCompile(`(:)[ \t]+("(?:[^"\\]|\\.)*"|'[^']*'|[^\[{&*!|>\s"'][^,]*)`)
}

// earlierEntries matches consecutive entries of a flow list earlier on the same line.
func earlierEntries() *regexp.Regexp {
	const entry = `"(?:[^"\\]|\\.)*"|'[^']*'|[^\s\[\]{},:"'&*!|>][^\[\]{},:]*`
	return regexp.MustCompile(`(\[[ \t]*|[\]}],[ \t]*)(?:(?:` + entry + `)[ \t]*,[ \t]*)+`)
}

func printable(r rune) rune {
	if r == '\t' || r >= ' ' && r != 0x7f {
		return r
	}
	return '?'
}
