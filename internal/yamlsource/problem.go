package yamlsource

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Problem is one mistake, in a text or in what could come from one.
type Problem struct {
	File         string // "" for what did not come from a text
	Line, Column int    // from 1; 0 when the whole file is meant, or there is none
	Path         string // what is wrong, as "accounts[0].vaults[1].name"; ends in # if the key is meant; may be empty
	Message      string // what is wrong with it
	Hint         string // what may have been meant, or the way out; may be empty

	line string // the line up to the place, made safe to show
}

// Error is everything found wrong, in the order of the text.
type Error struct{ Problems []Problem }

// shown is how many problems an error prints; more help nobody.
const shown = 20

// Error prints each problem with its place, the line and a caret under it.
func (e *Error) Error() string {
	var b strings.Builder
	for i, p := range e.Problems {
		if i == shown {
			fmt.Fprintf(&b, "\nand %d more", len(e.Problems)-shown)
			break
		}
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(p.String())
	}
	return b.String()
}

// String is the problem with its place, the line and a caret.
func (p Problem) String() string {
	var b strings.Builder
	if p.Line > 0 {
		fmt.Fprintf(&b, "%s:%d:%d: ", p.File, p.Line, p.Column)
	} else if p.File != "" {
		fmt.Fprintf(&b, "%s: ", p.File)
	} else if p.Path != "" {
		fmt.Fprintf(&b, "%s: ", strings.TrimSuffix(p.Path, "#"))
	}
	b.WriteString(p.Message)
	if p.Hint != "" {
		fmt.Fprintf(&b, " (%s)", p.Hint)
	}
	if p.line != "" {
		number := fmt.Sprintf("%5d | ", p.Line)
		before, _, _ := strings.Cut(p.line, caretMark)
		fmt.Fprintf(&b, "\n%s%s\n%s^", number, strings.Replace(p.line, caretMark, "", 1),
			strings.Repeat(" ", len(number))+blank(before))
	}
	return b.String()
}

// blank is white space as wide as s, tabs kept.
func blank(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\t' {
			return r
		}
		return ' '
	}, s)
}

// MaxProblems is how many mistakes are kept: a text that is something else
// altogether may have one in each line.
const MaxProblems = 1000

// Problems collects mistakes. The zero value has none.
type Problems struct {
	list []Problem
	seen map[[4]any]bool
}

// Add enters a mistake at a place, once.
func (ps *Problems) Add(at Place, hint, format string, args ...any) {
	ps.AddProblem(at, Problem{Message: fmt.Sprintf(format, args...), Hint: hint})
}

// AddProblem is Add for a mistake whose path is known. The place makes its file,
// line and column.
func (ps *Problems) AddProblem(at Place, p Problem) {
	p.File, p.Line, p.Column = at.File(), at.Line, at.Column
	same := [4]any{p.File, p.Line, p.Column, p.Message}
	if ps.seen[same] || len(ps.list) >= MaxProblems {
		return
	}
	if ps.seen == nil {
		ps.seen = map[[4]any]bool{}
	}
	ps.seen[same] = true
	if at.file != nil && p.Line > 0 {
		p.line = excerpt(at)
		if odd := oddSpace(at.file.line(p.Line)); odd != "" {
			p.Hint = odd
		}
	}
	ps.list = append(ps.list, p)
}

// oddSpace returns a hint for a line that has, where YAML wants spaces, some that
// only look so: pages and word processors write them.
func oddSpace(line string) string {
	const odd = `([\x{a0}\x{2000}-\x{200b}\x{202f}\x{3000}\x{feff}])`
	found := regexp.MustCompile(`^(?:[ \t]|- )*` + odd + `|[:-]` + odd).FindStringSubmatch(line)
	if found == nil {
		return ""
	}
	return fmt.Sprintf("the line has a space that is none, %U; write plain spaces", []rune(found[1] + found[2])[0])
}

// Full says whether as many mistakes were entered as are kept.
func (ps *Problems) Full() bool { return len(ps.list) >= MaxProblems }

// Len is how many there are.
func (ps *Problems) Len() int { return len(ps.list) }

// Err is an *Error with all of them in the order of the text, nil for none.
func (ps *Problems) Err() error {
	if len(ps.list) == 0 {
		return nil
	}
	all := slices.Clone(ps.list)
	slices.SortStableFunc(all, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return &Error{all}
}
