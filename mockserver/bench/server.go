package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
)

// server is a running process of the bare handler or of the binary.
type server struct {
	Addr string // host:port

	tokens map[string]string // by name; only of the binary
	store  string            // only of the binary

	control, controlToken string // only of the binary: its control API
	console               string // opens the console once; only of the binary

	process *exec.Cmd
}

// memory returns the memory of the process.
func (s *server) memory() memory { return memoryOf(s.process.Process.Pid) }

// stop ends the process and waits for its end.
func (s *server) stop() {
	_ = s.process.Process.Signal(syscall.SIGTERM) // it may have ended already
	_ = s.process.Wait()
}

// startBare runs this program again as the bare handler.
func (r *run) startBare(ctx context.Context) (*server, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, self)
	cmd.Env = append(os.Environ(), roleVariable+"=bare", fileVariable+"="+r.path(servedFile))
	s := &server{}
	return s, s.start(cmd, s)
}

// startMock runs the binary on a store as users do.
func (r *run) startMock(ctx context.Context, store string, flags ...string) (*server, error) {
	cmd := exec.CommandContext(ctx, r.binary, append([]string{"serve", "--json", "--store", store,
		"--addr", "127.0.0.1:0", "--control", "127.0.0.1:0"}, flags...)...)
	var ready struct {
		URL                   string
		Tokens                map[string]string
		Control, ControlToken string
		Console               string
	}
	s := &server{store: store}
	if err := s.start(cmd, &ready); err != nil {
		return nil, err
	}
	s.Addr, s.tokens = strings.TrimPrefix(ready.URL, "http://"), ready.Tokens
	s.control, s.controlToken, s.console = ready.Control, ready.ControlToken, ready.Console
	return s, nil
}

// startBoth starts the bare handler, and the binary on a copy of the main dataset.
func (r *run) startBoth(ctx context.Context) (bare, mock *server, d *dataset, err error) {
	if bare, err = r.startBare(ctx); err != nil {
		return nil, nil, nil, err
	}
	if mock, d, err = r.serveMain(ctx); err != nil {
		bare.stop()
	}
	return bare, mock, d, err
}

// start starts a process and decodes its ready line, which is JSON.
func (s *server) start(cmd *exec.Cmd, ready any) error {
	cmd.Stderr = os.Stderr
	// SIGTERM, so that an interrupted run leaves no store behind.
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	s.process = cmd
	line, err := bufio.NewReader(out).ReadBytes('\n')
	if err == nil {
		err = json.Unmarshal(line, ready)
	}
	if err != nil {
		s.stop()
		return fmt.Errorf("start %s: no ready line: %w", cmd.Path, err)
	}
	return nil
}
