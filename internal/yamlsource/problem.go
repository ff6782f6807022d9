package yamlsource

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Problem is one mistake in a text, or in a value that a text could describe.
type Problem struct {
	File         string // "" if it is not in a text
	Line, Column int    // from 1; 0 for the whole file, or if there is none
	Path         string // what is wrong, as "accounts[0].vaults[1].name"; ends in # if the key is meant; may be empty
	Message      string // what is wrong with it
	Hint         string // a probable correction, or what to do; may be empty

	line string // the line up to the place, made safe to show
}

// Error holds all problems, in the order of the text.
type Error struct{ Problems []Problem }

// maxPrinted is the maximum number of problems that an error prints.
const maxPrinted = 20

// Error formats each problem with its place, the line and a caret.
func (e *Error) Error() string {
	var b strings.Builder
	for i, p := range e.Problems {
		if i == maxPrinted {
			fmt.Fprintf(&b, "\nand %d more", len(e.Problems)-maxPrinted)
			break
		}
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(p.String())
	}
	return b.String()
}

// String formats the problem with its place, the line and a caret.
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

// blank replaces each character of s except tabs by a space.
func blank(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\t' {
			return r
		}
		return ' '
	}, s)
}

// MaxProblems is the maximum number of problems that are kept: a text in another format may have one in each line.
const MaxProblems = 1000

// Problems collects problems. The zero value is empty.
type Problems struct {
	list []Problem
	seen map[[4]any]bool
}

// Add adds a problem at a place, unless the same problem exists.
func (ps *Problems) Add(at Place, hint, format string, args ...any) {
	ps.AddProblem(at, Problem{Message: fmt.Sprintf(format, args...), Hint: hint})
}

// AddProblem adds a problem as Add does, and sets its file, line and column from the place.
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
		if hint := specialSpaceHint(at.file.line(p.Line)); hint != "" {
			p.Hint = hint
		}
	}
	ps.list = append(ps.list, p)
}

// specialSpaceHint returns a hint for a line that has a special space where YAML needs a plain one, or "". Web pages
// and word processors produce them.
func specialSpaceHint(line string) string {
	const space = `([\x{a0}\x{2000}-\x{200b}\x{202f}\x{3000}\x{feff}])`
	found := regexp.MustCompile(`^(?:[ \t]|- )*` + space + `|[:-]` + space).FindStringSubmatch(line)
	if found == nil {
		return ""
	}
	return fmt.Sprintf("the line has a special space, %U; write plain spaces", []rune(found[1] + found[2])[0])
}

// Full reports whether there are MaxProblems.
func (ps *Problems) Full() bool { return len(ps.list) >= MaxProblems }

// Len returns the number of problems.
func (ps *Problems) Len() int { return len(ps.list) }

// Err returns an *Error with all problems in the order of the text, or nil if there are none.
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
