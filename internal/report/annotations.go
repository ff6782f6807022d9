package report

import (
	"cmp"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

// GitHub keeps ten annotations of each kind for a step, and 4096 bytes of each message [D] [C] actions/runner.
const (
	maxAnnotations     = 10
	maxAnnotationBytes = 4000
)

// annotation is a message that GitHub shows beside the job, and beside a line of a file if it names one.
type annotation struct {
	file, line, column string // "": none
	title, text        string
}

// GitHub writes a run as workflow commands of GitHub Actions: an error for each problem and each bad result, a warning
// for each warning, and the headline as a notice. A step that prints them gets annotations. Whatever the run contains,
// each command is one line and no text becomes a command of its own.
func GitHub(w io.Writer, r *Run) error {
	notice := annotation{
		title: strings.TrimSuffix(r.Suite+" of "+r.Target, " of "),
		text:  r.Verdict() + "\n" + r.Headline(),
	}
	var warnings []annotation
	for _, text := range r.Warnings {
		warnings = append(warnings, annotation{title: r.Suite + ": warning", text: text})
	}
	var b strings.Builder
	writeAnnotations(&b, "error", r.errorAnnotations())
	writeAnnotations(&b, "warning", warnings)
	writeAnnotations(&b, "notice", []annotation{notice})
	_, err := io.WriteString(w, b.String())
	return err
}

// errorAnnotations returns everything that keeps the exit code from being Kept, problems of the run first.
func (r *Run) errorAnnotations() (list []annotation) {
	for _, problem := range r.Problems() {
		list = append(list, problemAnnotations(r.Suite+": the run", problem)...)
	}
	for _, x := range r.badResults() {
		list = append(list, x.annotation(r.Suite))
	}
	var notRun []Result
	for _, x := range r.Results {
		if x.State == NotRun {
			notRun = append(notRun, x)
		}
	}
	if len(notRun) > 0 {
		text := fmt.Sprintf("%s not run; the first is %s: %s", plural(len(notRun), "result"), notRun[0].ID,
			notRun[0].why())
		list = append(list, annotation{title: r.Suite + ": not run", text: text})
	}
	if len(list) == 0 && r.ExitCode() == Empty {
		list = append(list, annotation{title: r.Suite + ": nothing ran", text: cmp.Or(r.SkipReasons(), r.Verdict())})
	}
	return list
}

// annotation returns a bad result with the command that repeats its last request.
func (x Result) annotation(suite string) annotation {
	text := x.Title
	if x.Level != "" {
		text += " (" + x.Level + ")"
	}
	for _, part := range []string{x.Reason, cutAnnotation(x.Failure, 2000)} {
		if part != "" {
			text += "\n" + part
		}
	}
	if n := len(x.Curl); n > 0 && len(x.Curl[n-1]) <= 1000 { // half a command helps nobody
		text += "\n\n" + x.Curl[n-1]
	}
	line := ""
	if x.File != "" && x.Line > 0 {
		line = strconv.Itoa(x.Line)
	}
	return annotation{
		file: x.File, line: line, title: fmt.Sprintf("%s: %s: %s", suite, x.State.label(), x.ID), text: text,
	}
}

// problemAnnotations returns an annotation for each place in a file that a problem names, as in
// "known.yaml:3:1: a deviation without reason", or one for the whole problem if it names none.
func problemAnnotations(title, problem string) (list []annotation) {
	place := regexp.MustCompile(`^([^\s:][^:]*):(\d+):(\d+): `)
	for line := range strings.Lines(problem) {
		m := place.FindStringSubmatch(line)
		switch {
		case m != nil:
			list = append(list, annotation{m[1], m[2], m[3], title, line[len(m[0]):]})
		case len(list) == 0:
			return []annotation{{title: title, text: problem}}
		default:
			list[len(list)-1].text += line
		}
	}
	return list
}

// writeAnnotations writes annotations of one kind. If there are more than GitHub keeps, the last one says so.
func writeAnnotations(b *strings.Builder, kind string, list []annotation) {
	if more := len(list) - maxAnnotations; more > 0 {
		last := annotation{title: list[0].title, text: fmt.Sprintf("%d more are in the summary of the job", more+1)}
		list = append(list[:maxAnnotations-1:maxAnnotations-1], last)
	}
	for _, a := range list {
		b.WriteString("::" + kind + " ")
		for _, property := range [][2]string{{"file", a.file}, {"line", a.line}, {"col", a.column}} {
			if property[1] != "" {
				b.WriteString(property[0] + "=" + escapeProperty(property[1]) + ",")
			}
		}
		b.WriteString("title=" + escapeProperty(oneLine(a.title, 200)) + "::")
		b.WriteString(escapeCommand(cutAnnotation(strings.TrimSpace(a.text), maxAnnotationBytes)) + "\n")
	}
}

// cutAnnotation shortens a text to maxBytes, and says so.
func cutAnnotation(s string, maxBytes int) string {
	if len(s) > maxBytes {
		s = s[:maxBytes] + "\n[cut here; the summary of the job has more]"
	}
	return s
}

// escapeCommand escapes the message of a workflow command, as GitHub documents it [D]. It removes control characters,
// which a log would interpret.
func escapeCommand(s string) string {
	s = strings.Map(func(c rune) rune {
		if unicode.IsControl(c) && c != '\n' && c != '\r' && c != '\t' {
			return -1
		}
		return c
	}, strings.ToValidUTF8(s, ""))
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(s)
}

// escapeProperty escapes the value of a property of a workflow command [D].
func escapeProperty(s string) string {
	return strings.NewReplacer(":", "%3A", ",", "%2C").Replace(escapeCommand(s))
}
