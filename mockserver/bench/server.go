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

// server is a process that answers.
type server struct {
	Addr string // host:port

	tokens  map[string]string // the binary's, by name
	store   string            // the binary's
	process *exec.Cmd
}

func (s *server) pid() int { return s.process.Process.Pid }

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
		URL    string
		Tokens map[string]string
	}
	s := &server{store: store}
	if err := s.start(cmd, &ready); err != nil {
		return nil, err
	}
	s.Addr, s.tokens = strings.TrimPrefix(ready.URL, "http://"), ready.Tokens
	return s, nil
}

// start starts a process and waits for its word: one line of JSON.
func (s *server) start(cmd *exec.Cmd, word any) error {
	cmd.Stderr = os.Stderr
	// A process ends by SIGTERM, so that an interrupted run leaves no store behind.
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
		err = json.Unmarshal(line, word)
	}
	if err != nil {
		s.stop()
		return fmt.Errorf("%s did not start: %w", cmd.Path, err)
	}
	return nil
}
