package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// The test writes the files of the chapter for QA, runs its commands one after the
// other beside a new server, and compares their output.
func TestREADME_ShowsTheOutputOfItsCommands(t *testing.T) {
	t.Parallel()
	for _, program := range []string{"sh", "curl"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("there is no %s", program)
		}
	}
	_, chapter, found := strings.Cut(readme(t), "\n## For QA")
	if !found {
		t.Fatal("there is no chapter for QA")
	}
	chapter, _, _ = strings.Cut(chapter, "\n## ")
	script, commands := scriptOf(chapter)
	if commands < 10 {
		t.Errorf("only %d commands found: has the form of the README changed?", commands)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "readme.txtar"), []byte(script), 0o600); err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:   dir,
		Setup: setUpScript,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"ready": awaitReady, "signal": signalReady, "keep": keep, "sh": runInShell, "shows": shows,
		},
	})
}

// scriptOf turns the chapter into a testscript.
func scriptOf(chapter string) (script string, commands int) {
	var steps, files strings.Builder
	steps.WriteString("exec connectmock serve --addr 127.0.0.1:0 --ready-file ready.json &server&\nready ready.json\n")
	steps.WriteString("env CONNECTMOCK_CONTROL=$CONTROL CONNECTMOCK_CONTROL_TOKEN=$CONTROL_TOKEN\n")
	quote := func(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }
	for _, m := range regexp.MustCompile("(?s)```(yaml|console)\n(.*?)```").FindAllStringSubmatch(chapter, -1) {
		if m[1] == "yaml" {
			name, _, _ := strings.Cut(strings.TrimPrefix(m[2], "# "), "\n")
			fmt.Fprintf(&files, "-- %s --\n%s", name, m[2])
			continue
		}
		for _, part := range strings.Split("\n"+m[2], "\n$ ")[1:] {
			command, output, _ := strings.Cut(part, "\n")
			commands++
			if name, value, ok := strings.Cut(command, "=$("); ok && strings.HasPrefix(name, "export ") {
				fmt.Fprintf(&steps, "sh %s\nkeep %s\n", quote(strings.TrimSuffix(value, ")")), strings.TrimPrefix(name, "export "))
				continue
			}
			fmt.Fprintf(&steps, "sh %s\nshows out-%d\n", quote(command), commands)
			if output != "" && !strings.HasSuffix(output, "\n") {
				output += "\n"
			}
			fmt.Fprintf(&files, "-- out-%d --\n%s", commands, output)
		}
	}
	steps.WriteString("signal TERM\nwait server\n")
	return steps.String() + files.String(), commands
}

// runInShell runs a line in a shell, and allows any exit code.
func runInShell(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: sh 'LINE'")
	}
	if err := ts.Exec("sh", "-c", args[0]); err != nil {
		ts.Logf("%v", err) // "shows" compares the output
	}
}

// shows compares the output of the last command with a file, in which "..." stands
// for anything.
func shows(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: shows FILE")
	}
	want := regexp.QuoteMeta(replaceVariableParts(ts.ReadFile(args[0])))
	want = strings.ReplaceAll(want, `\.\.\.`+"\n", `(?s:.*?)`+"\n")
	want = strings.ReplaceAll(want, `\.\.\.`, `.*?`)
	got := ts.ReadFile("stdout") + ts.ReadFile("stderr")
	if got != "" && !strings.HasSuffix(got, "\n") {
		got += "\n" // of curl
	}
	if !regexp.MustCompile(`^` + want + `$`).MatchString(replaceVariableParts(got)) {
		ts.Fatalf("README shows\n%s\nthe output is\n%s", ts.ReadFile(args[0]), got)
	}
}

// replaceVariableParts replaces what differs from run to run: moments, ids, durations
// and addresses.
func replaceVariableParts(text string) string {
	for _, x := range [][2]string{
		{`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ`, "MOMENT"}, {`\b[a-z2-7]{26}\b`, "ID"}, {`\bin \d[\dms.]*s\b`, "in TIME"},
		{`\b127\.0\.0\.1:\d+`, "ADDRESS"},
	} {
		text = regexp.MustCompile(x[0]).ReplaceAllString(text, x[1])
	}
	return text
}
