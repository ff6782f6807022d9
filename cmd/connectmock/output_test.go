package main

import (
	"bufio"
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
)

// readOneLine runs a command and closes its standard output after one line. It
// returns the exit code and standard error. The command must end.
func readOneLine(t *testing.T, args ...string) (code int, stderr string) {
	t.Helper()
	command := exec.Command("connectmock", args...)
	command.Dir = t.TempDir()
	command.Env = environWithoutServer()
	var buffer bytes.Buffer
	command.Stderr = &buffer
	out, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := bufio.NewReaderSize(out, 16).ReadString('\n'); err != nil {
		t.Error(err)
	}
	if err := out.Close(); err != nil {
		t.Error(err)
	}
	ended := new(exec.ExitError)
	switch err := command.Wait(); {
	case errors.As(err, &ended):
		code = ended.ExitCode()
	case err != nil:
		t.Fatal(err)
	}
	return code, buffer.String()
}

// As with head.
func TestCommands_EndWhenTheirReaderIsGone(t *testing.T) {
	t.Parallel()
	for _, line := range []string{
		"contract run --rule health/* --report json=/dev/stdout",
		"contract run --rule health/* --report json=-",
		"contract run --rule health/* --report html=-",
		"contract run --rule health/*",
		"contract coverage --rule health/*",
		"contract list --json",
		"contract plan",
		"scenario run library --id duplicate-titles --report json=-",
		"scenario list --json",
		"scenario schema",
		"spec show",
		"fixtures schema",
		"fixtures demo",
		"fixtures generate --items 5000",
		"quirks",
	} {
		t.Run(line, func(t *testing.T) {
			t.Parallel()
			code, stderr := readOneLine(t, strings.Fields(line)...)
			// 0 if all of the output was in the pipe before the reader had gone.
			if code != cli.ExitOK && code != cli.ExitBrokenPipe && code != -1 { // -1: ended by the signal
				t.Errorf("exit code %d: %s", code, stderr)
			}
			if strings.Contains(stderr, "broken pipe") {
				t.Errorf("standard error: %s", stderr)
			}
		})
	}
}

// A run that ends without cleaning up leaves items behind.
func TestRun_GoesOnWhenTheReaderOfItsProgressIsGone(t *testing.T) {
	t.Parallel()
	command := exec.Command("connectmock", "contract", "run", "-v", "--rule", "health/*,items/create*")
	command.Env = environWithoutServer()
	var out bytes.Buffer
	command.Stdout = &out
	progress, err := command.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	_ = progress.Close()
	if err := command.Wait(); err != nil || !strings.Contains(out.String(), "The contract is kept") {
		t.Errorf("%v: %s", err, out.String())
	}
}

// Only the reader has the pipe open for reading, so writing fails when it has gone.
func TestReport_FailsWhenTheReaderOfItsPipeIsGone(t *testing.T) {
	t.Parallel()
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Skip(err)
	}
	command := exec.Command("connectmock", "contract", "run", "--rule", "health/*,items/*", "--report", "json="+pipe)
	command.Env = environWithoutServer()
	var out bytes.Buffer
	command.Stdout, command.Stderr = &out, &out
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	reader, err := os.Open(pipe) // waits for the writer
	if err != nil {
		t.Fatal(err)
	}
	if _, err := reader.Read(make([]byte, 1)); err != nil {
		t.Error(err)
	}
	_ = reader.Close()
	err = command.Wait()
	ended := new(exec.ExitError)
	if !errors.As(err, &ended) || ended.ExitCode() != cli.ExitUsage || !strings.Contains(out.String(), "--report: ") {
		t.Errorf("%v: %s", err, out.String())
	}
}

func TestReports_AreCheckedBeforeTheRun(t *testing.T) {
	t.Chdir(t.TempDir()) // so not parallel
	for name, content := range map[string]string{"file": "", "old.json": "old"} {
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(os.Mkdir("folder", 0o700), os.Symlink("old.json", "link.json")); err != nil {
		t.Fatal(err)
	}
	const target = "--target http://127.0.0.1:1 --token t --vault h3kvwphsg7jkstbxmdycavun3c --allow-writes "
	for _, tt := range []mistake{
		{"--report json=folder", "this is a folder; name a file in it"},
		{"--report json=file/run.json", "its folder can't be made"},
		{"--report json=run.json --report junit=run.json", "json=run.json and junit=run.json are one file; name two"},
		{"--report json=run.json,junit=./run.json", "are one file"},
		{"--report json=old.json,html=link.json", "are one file"},
		{"--report json=-,html=/dev/stdout", "are one file"},
		{"--report pdf=run.pdf", `there is no format "pdf"`},
		{target + "--ledger folder", "--ledger folder: this is a folder"},
		{target + "--ledger file/x", "its folder can't be made"},
	} {
		for _, suite := range []string{
			"contract run --rule health/heartbeat ", "scenario run library --id duplicate-titles ",
		} {
			var out bytes.Buffer
			std := &cli.Streams{In: strings.NewReader(""), Out: &out, Err: &out}
			code, started := run(t.Context(), strings.Fields(suite+tt.line), std), "a mock in this process"
			if code != cli.ExitUsage || !strings.Contains(out.String(), tt.says) || strings.Contains(out.String(), started) {
				t.Errorf("%s%s: exit code %d: %s", suite, tt.line, code, &out)
			}
		}
	}
	if text, err := os.ReadFile("old.json"); err != nil || string(text) != "old" {
		t.Errorf("an earlier report became %q, %v", text, err)
	}
}

// The run makes their folders, writes one format to two files, and the summary to
// standard error if a report goes to standard output.
func TestReports_AreWrittenToFilesAndStandardOutput(t *testing.T) {
	t.Chdir(t.TempDir()) // so not parallel
	var out, stderr bytes.Buffer
	line := "contract run --rule health/heartbeat --report json=a/b/run.json,json=c/run.json --report json=-"
	std := &cli.Streams{In: strings.NewReader(""), Out: &out, Err: &stderr}
	if code := run(t.Context(), strings.Fields(line), std); code != cli.ExitOK {
		t.Fatalf("exit code %d: %s", code, &stderr)
	}
	for _, name := range []string{"a/b/run.json", "c/run.json"} {
		if text, err := os.ReadFile(name); err != nil || !bytes.Equal(text, out.Bytes()) {
			t.Errorf("%s differs from standard output: %v\n%s", name, err, out.String())
		}
	}
	if !strings.Contains(stderr.String(), "The contract is kept") {
		t.Errorf("the summary is not on standard error: %s", &stderr)
	}
}
