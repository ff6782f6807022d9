//go:build unix

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/connectmock/connectmock/cmd/connectmock/locate"
)

// child is this program in another process.
type child struct {
	*exec.Cmd
	dir string
	url string
}

// startChild starts a server in a process and a folder of its own, and waits until
// it responds. change changes the command before the start.
func startChild(t *testing.T, change func(*exec.Cmd)) *child {
	t.Helper()
	c := &child{dir: t.TempDir()}
	c.Cmd = exec.Command("connectmock", "serve", "--addr", "127.0.0.1:0", "--control", "127.0.0.1:0",
		"--log-requests", "--ready-file", "ready.json")
	c.Dir = c.dir
	change(c.Cmd)
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = c.Process.Kill() // it has ended unless the test failed
		_ = c.Wait()
	})
	c.url = readyAt(t, filepath.Join(c.Dir, c.Args[len(c.Args)-1])).URL
	return c
}

// readyAt waits for a ready file that another process writes.
func readyAt(t *testing.T, name string) (r locate.Ready) {
	t.Helper()
	for deadline := time.Now().Add(5 * time.Minute); ; time.Sleep(2 * time.Millisecond) {
		text, err := os.ReadFile(name)
		if err == nil {
			if err := json.Unmarshal(text, &r); err != nil {
				t.Fatal(err)
			}
			return r
		}
		if !errors.Is(err, fs.ErrNotExist) || time.Now().After(deadline) {
			t.Fatalf("%s: %v", name, err)
		}
	}
}

// request sends heartbeats.
func (c *child) request(t *testing.T, times int) {
	t.Helper()
	for range times {
		resp, err := http.Get(c.url + "/heartbeat")
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, resp.Body)
		_ = resp.Body.Close()
	}
}

// checkEnd sends a signal and checks the exit code.
func (c *child) checkEnd(t *testing.T, signal os.Signal, code int) {
	t.Helper()
	if err := c.Process.Signal(signal); err != nil {
		t.Fatal(err)
	}
	err := c.Wait()
	if got := c.ProcessState.ExitCode(); got != code {
		t.Errorf("exit code %d, %v, want %d", got, err, code)
	}
}

// unreadPipe returns a pipe that nobody reads, with its reader closed or open.
func unreadPipe(t *testing.T, closed bool) *os.File {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.Close() })
	if closed {
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
		return w
	}
	t.Cleanup(func() { _ = r.Close() })
	return w
}

func TestServe_GoesOnWhenNobodyReadsItsOutput(t *testing.T) {
	if testing.Short() {
		t.Skip("starts and ends processes")
	}
	t.Parallel()
	for name, change := range map[string]func(*exec.Cmd){
		"standard error, never read": func(c *exec.Cmd) { c.Stderr = unreadPipe(t, false) },
		"standard error, closed":     func(c *exec.Cmd) { c.Stderr = unreadPipe(t, true) },
		"standard output, closed":    func(c *exec.Cmd) { c.Stdout = unreadPipe(t, true) },
		"both, closed":               func(c *exec.Cmd) { c.Stdout, c.Stderr = unreadPipe(t, true), unreadPipe(t, true) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := startChild(t, change)
			c.request(t, 3000) // their lines do not fit into a pipe
			c.checkEnd(t, syscall.SIGTERM, 0)
		})
	}
}

func TestServe_CleansUpWhenItsSessionEnds(t *testing.T) {
	if testing.Short() {
		t.Skip("starts and ends processes")
	}
	t.Parallel()
	if signal.Ignored(syscall.SIGHUP) {
		t.Skip("the tests run under nohup, and so do their children")
	}
	c := startChild(t, func(*exec.Cmd) {})
	if _, err := os.Stat(filepath.Join(c.dir, "connectmock.db.control")); err != nil {
		t.Error(err)
	}
	_ = c.Process.Signal(syscall.SIGHUP)
	c.checkEnd(t, syscall.SIGHUP, 0)
	for _, name := range []string{"connectmock.db.control", "ready.json", "connectmock.db-wal"} {
		if _, err := os.Stat(filepath.Join(c.dir, name)); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s was not removed: %v", name, err)
		}
	}
}

func TestServe_IgnoresHangupsUnderNohup(t *testing.T) {
	if testing.Short() {
		t.Skip("starts and ends processes")
	}
	t.Parallel()
	c := startChild(t, func(c *exec.Cmd) {
		c.Path = "/bin/sh"
		c.Args = append([]string{"sh", "-c", `trap "" HUP; exec "$0" "$@"`}, c.Args...)
	})
	if err := c.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	c.request(t, 1)
	c.checkEnd(t, syscall.SIGTERM, 0)
}

func TestServe_EndsWith1WhenItsFileIsRemoved(t *testing.T) {
	if testing.Short() {
		t.Skip("starts and ends processes")
	}
	t.Parallel()
	var stderr bytes.Buffer
	c := startChild(t, func(c *exec.Cmd) { c.Stderr = &stderr })
	if err := os.Remove(filepath.Join(c.dir, "connectmock.db")); err != nil {
		t.Fatal(err)
	}
	c.checkEnd(t, syscall.SIGTERM, 1)
	// A connection that is opened after the removal creates an empty file, so the
	// message may be that the file was replaced.
	if !strings.Contains(stderr.String(), "while the store was open: nothing is written any more") {
		t.Errorf("standard error: %s", &stderr)
	}
}

func TestServe_KeepsTheControlFileOfTheNextServer(t *testing.T) {
	if testing.Short() {
		t.Skip("starts and ends processes")
	}
	t.Parallel()
	first := startChild(t, func(*exec.Cmd) {})
	for _, suffix := range []string{"", "-wal", "-shm", ".lock"} {
		if err := os.Remove(filepath.Join(first.dir, "connectmock.db"+suffix)); err != nil {
			t.Fatal(err)
		}
	}
	startChild(t, func(c *exec.Cmd) { c.Dir = first.dir; c.Args[len(c.Args)-1] = "next.json" })
	first.checkEnd(t, syscall.SIGTERM, 1)
	if _, err := os.Stat(filepath.Join(first.dir, "connectmock.db.control")); err != nil {
		t.Error(err)
	}
}

func TestExec_EndsItsCommandWhenItIsKilled(t *testing.T) {
	if testing.Short() {
		t.Skip("starts and ends processes")
	}
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("only Linux signals a process when its parent has ended")
	}
	name := filepath.Join(t.TempDir(), "waiting.json")
	c := exec.Command("connectmock", "exec", "--control", "off", "--", "await", name)
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	readyAt(t, name)
	if err := c.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(out) // ends when the command has ended
	if err != nil || string(text) != "got terminated\n" {
		t.Errorf("the command printed %q, %v", text, err)
	}
	_ = c.Wait() // it was killed
}
