package report

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/internal/redact"
	"github.com/google/go-cmp/cmp"
)

func annotations(t *testing.T, r *Run) []string {
	t.Helper()
	var b strings.Builder
	if err := GitHub(&b, r); err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n")
}

func TestGitHub_MatchesGoldenFile(t *testing.T) {
	t.Parallel()
	run := sample()
	run.Results[1].File, run.Results[1].Line = "tests/create.yaml", 12
	got := strings.Join(annotations(t, run), "\n") + "\n"
	path := filepath.Join("testdata", "full.github")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("run with -update and read the diff: %s", diff)
	}
}

// A job is red with a reason: exactly the runs that do not pass have an error.
func TestGitHub_HasAnErrorUnlessTheRunPassed(t *testing.T) {
	t.Parallel()
	for name, run := range map[string]*Run{
		"pass":            {Results: []Result{{ID: "a", State: Pass}}},
		"skip":            {Results: []Result{{ID: "a", State: Pass}, {ID: "b", State: Skip, Reason: "no files"}}},
		"known deviation": {Results: []Result{{ID: "a", State: KnownDeviation, Reason: "old"}}},
		"fail":            {Results: []Result{{ID: "a", State: Fail, Failure: "no"}}},
		"unexpected pass": {Results: []Result{{ID: "a", State: UnexpectedPass, Reason: "listed"}}},
		"error":           {Results: []Result{{ID: "a", State: Error, Reason: "no network"}}},
		"not run":         {Results: []Result{{ID: "a", State: Pass}, {ID: "b", State: NotRun, Reason: "Ctrl-C"}}},
		"only skips":      {Results: []Result{{ID: "a", State: Skip, Reason: "no files"}}},
		"empty":           {},
		"set up wrong":    {Errors: []string{"the target can't be reached"}},
		"too little":      {Results: []Result{{ID: "a", State: Pass}}, Shortfalls: []string{"1 of 2 rules tested"}},
	} {
		got := annotations(t, run)
		if has := strings.HasPrefix(got[0], "::error "); has != (run.ExitCode() != Kept) {
			t.Errorf("%s ends with %d:\n%s", name, run.ExitCode(), strings.Join(got, "\n"))
		}
		if last := got[len(got)-1]; !strings.HasPrefix(last, "::notice ") {
			t.Errorf("%s: the last annotation is not the headline: %s", name, last)
		}
	}
}

// Nothing in a run becomes a command of its own, or a property.
func TestGitHub_EscapesTexts(t *testing.T) {
	t.Parallel()
	const evil = "a%0A\r\n::set-output name=exit-code::0,file=/etc/passwd,line=1::\x1b[31m##[error]\xff"
	run := sample()
	run.Target, run.Suite = evil, evil
	run.Errors, run.Warnings, run.Shortfalls = []string{evil}, []string{evil}, []string{evil}
	for i := range run.Results {
		x := &run.Results[i]
		x.ID, x.Title, x.Reason, x.Failure, x.File = fmt.Sprint(i, evil), evil, evil, evil, evil
	}
	command := regexp.MustCompile(`^::(error|warning|notice) (file=[^,:]*,)?title=[^,:]*::[^\x00-\x1f\x7f]*$`)
	unescape := strings.NewReplacer("%0A", "\n", "%0D", "\r", "%25", "%")
	kept := regexp.MustCompile(`a%0A\s+::set-output name=exit-code::0,file=/etc/passwd`)
	for _, line := range annotations(t, run) {
		if !command.MatchString(line) {
			t.Errorf("not one command: %q", line)
		}
		if _, text, _ := strings.Cut(line[2:], "::"); !kept.MatchString(unescape.Replace(text)) {
			t.Errorf("the text is not what it was: %q", text)
		}
	}
}

func TestGitHub_NamesThePlacesOfMistakes(t *testing.T) {
	t.Parallel()
	run := &Run{Suite: "contract", Errors: []string{
		"dir/known.yaml:3:1: a deviation without reason\n    3 | - rule\n        ^\nother.yaml:12:7: an unknown key",
		"http://127.0.0.1:1:1: no place",
		"1 problem\nknown.yaml:3:1: within a text",
	}}
	want := []string{
		"::error file=dir/known.yaml,line=3,col=1,title=contract%3A the run::" +
			"a deviation without reason%0A    3 | - rule%0A        ^",
		"::error file=other.yaml,line=12,col=7,title=contract%3A the run::an unknown key",
		"::error title=contract%3A the run::http://127.0.0.1:1:1: no place",
		"::error title=contract%3A the run::1 problem%0Aknown.yaml:3:1: within a text",
	}
	if diff := cmp.Diff(want, annotations(t, run)[:len(want)]); diff != "" {
		t.Error(diff)
	}
}

// GitHub drops what is more or longer than it keeps.
func TestGitHub_LimitsNumberAndSize(t *testing.T) {
	t.Parallel()
	run := &Run{Suite: "contract"}
	for i := range 30 {
		run.Results = append(run.Results, Result{
			ID: fmt.Sprint("rule/", i), State: Fail, Failure: strings.Repeat("ä", 9000),
			Curl: []string{strings.Repeat("x", 9000)},
		})
		run.Warnings = append(run.Warnings, strings.Repeat("w", 9000))
	}
	got := annotations(t, run)
	if len(got) != 2*maxAnnotations+1 {
		t.Errorf("%d annotations", len(got))
	}
	for i, line := range got {
		if _, text, _ := strings.Cut(line[2:], "::"); len(text) > 4096 {
			t.Errorf("annotation %d has %d bytes", i, len(text))
		}
	}
	if !strings.HasSuffix(got[maxAnnotations-1], "::21 more are in the summary of the job") {
		t.Errorf("the rest is not counted: %s", got[maxAnnotations-1])
	}
}

func TestGitHub_ShowsNoSecrets(t *testing.T) {
	t.Parallel()
	secrets := new(redact.Redactor)
	value, core := canary(1)
	secrets.Add(value)
	run := sample()
	run.Target, run.Errors, run.Warnings = "https://user:"+core+"@example.com", []string{value}, []string{value}
	run.Results[1].Failure, run.Results[2].Reason, run.Results[1].Curl = value, value, []string{"curl " + value}
	if got := strings.Join(annotations(t, run), ""); !strings.Contains(got, core) {
		t.Fatal("the run has no secret")
	}
	if got := strings.Join(annotations(t, run.Redacted(secrets)), "\n"); strings.Contains(got, core) {
		t.Errorf("a secret is shown:\n%s", got)
	}
}

func TestGitHub_ReturnsWriteErrors(t *testing.T) {
	t.Parallel()
	if err := GitHub(full{}, sample()); err == nil {
		t.Error("a full disk is not reported")
	}
}
