package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/connectmock/connectmock/cmd/connectmock/locate"
	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets the scripts run this program, and a small client, by name.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"connectmock": main,
		"get":         get,
		"await":       await,
		"assistant":   assistant,
	})
}

// TestScripts_Pass runs the scripts of testdata/script.
func TestScripts_Pass(t *testing.T) {
	t.Parallel()
	p := scriptParams()
	p.Dir = "testdata/script"
	testscript.Run(t, p)
}

// Starting, serving, recording and stopping have no race. The other scripts run without the race detector, which
// slows down each start of the program.
func TestConcurrentScripts_Pass(t *testing.T) {
	t.Parallel()
	p := scriptParams()
	for _, name := range []string{"serve", "logs", "scenario_record"} {
		p.Files = append(p.Files, "testdata/script/"+name+".txtar")
	}
	testscript.Run(t, p)
}

// scriptParams returns the commands and settings of the scripts.
func scriptParams() testscript.Params {
	return testscript.Params{
		RequireExplicitExec: true,
		Setup:               setUpScript,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"ready":  awaitReady,
			"signal": signalReady,
			"exits":  exits,

			"until-fails": untilFails,
			"keep":        keep,
			"secret":      secret,
			"graded":      graded,
		},
	}
}

// setUpScript lets many servers run in parallel, on a slow machine too, and names
// the program for scripts that empty PATH.
func setUpScript(e *testscript.Env) error {
	program, err := exec.LookPath("connectmock")
	if err != nil {
		return err
	}
	e.Setenv("PROGRAM", program)
	e.Setenv("CONNECTMOCK_CONTROL_ADDR", "127.0.0.1:0")
	e.Setenv("CONNECTMOCK_TIMEOUT", "10m")
	return nil
}

// get is the client of the scripts: get [METHOD] PATH. It sends a request to the
// server of OP_CONNECT_HOST, prints the response, and fails unless the status is
// 2xx.
func get() {
	method, path := http.MethodGet, os.Args[len(os.Args)-1]
	if len(os.Args) > 2 {
		method = os.Args[1]
	}
	r, err := http.NewRequest(method, os.Getenv("OP_CONNECT_HOST")+path, nil)
	exitOn(err)
	if token := os.Getenv("OP_CONNECT_TOKEN"); token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := http.DefaultClient.Do(r)
	exitOn(err)
	body, err := io.ReadAll(resp.Body)
	exitOn(err)
	fmt.Printf("%s\n", resp.Status)
	for name := range resp.Header {
		fmt.Printf("%s: %s\n", name, resp.Header.Get(name))
	}
	fmt.Printf("\n%s\n", body)
	if resp.StatusCode >= 300 {
		os.Exit(1)
	}
}

// await writes the file of its argument, waits for a signal and prints its name.
func await() {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	exitOn(os.WriteFile(os.Args[1]+".part", fmt.Appendf(nil, `{"pid":%d}`, os.Getppid()), 0o600))
	exitOn(os.Rename(os.Args[1]+".part", os.Args[1]))
	fmt.Println("got", <-signals)
	os.Exit(7)
}

func exitOn(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// awaitReady waits for a ready file and sets variables from it.
func awaitReady(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: ready FILE")
	}
	var line locate.Ready
	name := ts.MkAbs(args[0])
	for deadline := time.Now().Add(5 * time.Minute); ; time.Sleep(2 * time.Millisecond) { // another process writes it
		data, err := os.ReadFile(name)
		if err == nil {
			ts.Check(json.Unmarshal(data, &line))
			break
		}
		if !errors.Is(err, fs.ErrNotExist) || time.Now().After(deadline) {
			ts.Fatalf("%s does not exist: %v", args[0], err)
		}
	}
	ts.Setenv("OP_CONNECT_HOST", line.URL)
	ts.Setenv("OP_CONNECT_TOKEN", line.Token)
	ts.Setenv("PID", strconv.Itoa(line.PID))
	_, addr, _ := strings.Cut(line.URL, "://")
	ts.Setenv("ADDR", addr)
	ts.Setenv("CONTROL", line.Control)
	ts.Setenv("CONTROL_ADDR", strings.TrimPrefix(line.Control, "http://"))
	ts.Setenv("CONTROL_TOKEN", line.ControlToken)
}

// signalReady sends a signal to the process that wrote the last ready file.
func signalReady(ts *testscript.TestScript, neg bool, args []string) {
	known := map[string]os.Signal{"TERM": syscall.SIGTERM, "INT": os.Interrupt, "KILL": os.Kill}
	if neg || len(args) != 1 || known[args[0]] == nil {
		ts.Fatalf("usage: signal TERM|INT|KILL")
	}
	pid, err := strconv.Atoi(ts.Getenv("PID"))
	ts.Check(err)
	process, err := os.FindProcess(pid)
	ts.Check(err)
	ts.Check(process.Signal(known[args[0]]))
}

// exits runs a command and checks its exit code: exits 2 connectmock ...
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND [ARG...]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	code := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		code = -1
		if ended := new(exitStatus); errors.As(err, ended) {
			code = (*ended).ExitCode()
		}
	}
	if code != want {
		ts.Fatalf("%s: exit code %d, not %d", strings.Join(args[1:], " "), code, want)
	}
}

// untilFails repeats a command until it fails, for changes that another process
// notices some time later.
func untilFails(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: until-fails COMMAND [ARG...]")
	}
	for deadline := time.Now().Add(5 * time.Minute); ts.Exec(args[0], args[1:]...) == nil; {
		if time.Now().After(deadline) {
			ts.Fatalf("%s still succeeds", strings.Join(args, " "))
		}
	}
}

type exitStatus interface {
	error
	ExitCode() int
}

// keep sets a variable to the last standard output, as $(...) does.
func keep(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: keep VARIABLE")
	}
	ts.Setenv(args[0], strings.TrimSpace(ts.ReadFile("stdout")))
}

// secret checks that no output of the last command contains a text. Unlike grep it
// takes the text literally, because a token may contain anything.
func secret(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: secret TEXT")
	}
	for _, stream := range []string{"stdout", "stderr"} {
		if strings.Contains(ts.ReadFile(stream), args[0]) {
			ts.Fatalf("%s contains the secret", stream)
		}
	}
}
