package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/connectmock/connectmock/mockserver/connecttest"
)

// process measures the binary as a person meets it: from the start of the
// process to the first answer, idle memory, and servers inside Go tests.
func process(ctx context.Context, binary string) error {
	build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags=-s -w", "-o", binary, "./cmd/connectmock")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("build: %w\n%s", err, out)
	}
	fmt.Println()
	for _, kind := range []string{"memory:", "new file", "kept file"} {
		var took []time.Duration
		var resident string
		for i := range 9 {
			store := kind
			if kind != "memory:" {
				store = filepath.Join(filepath.Dir(binary), fmt.Sprintf("start-%d.db", i))
				if kind == "kept file" {
					store = filepath.Join(filepath.Dir(binary), "start-0.db")
				}
			}
			d, rss, err := firstAnswer(ctx, binary, store)
			if err != nil {
				return err
			}
			took, resident = append(took, d), rss
		}
		slices.Sort(took)
		fmt.Printf("%-36s %s (%s..%s), then %s resident\n", "start to first 200, "+kind,
			took[len(took)/2].Round(100*time.Microsecond), took[0].Round(100*time.Microsecond),
			took[len(took)-1].Round(100*time.Microsecond), resident)
	}
	var took []time.Duration
	for range 50 {
		began := time.Now()
		s, err := connecttest.Start()
		if err != nil {
			return err
		}
		took = append(took, time.Since(began))
		if err := s.Close(); err != nil {
			return err
		}
	}
	slices.Sort(took[1:])
	fmt.Printf("%-36s first %s, then %s\n", "connecttest.Start",
		took[0].Round(10*time.Microsecond), took[len(took)/2].Round(10*time.Microsecond))
	return nil
}

// firstAnswer starts the binary and asks /heartbeat until it answers.
func firstAnswer(ctx context.Context, binary, store string) (time.Duration, string, error) {
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, "", err
	}
	addr := free.Addr().String()
	if err := free.Close(); err != nil {
		return 0, "", err
	}
	cmd := exec.CommandContext(ctx, binary, "serve", "--addr", addr, "--store", store)
	began := time.Now()
	if err := cmd.Start(); err != nil {
		return 0, "", err
	}
	defer func() {
		_ = cmd.Process.Signal(os.Interrupt)
		_ = cmd.Wait()
	}()
	for {
		res, err := http.Get("http://" + addr + "/heartbeat")
		if err == nil {
			took := time.Since(began)
			return took, resident(cmd.Process.Pid), res.Body.Close()
		}
		if time.Since(began) > 10*time.Second {
			return 0, "", fmt.Errorf("no answer within 10 s: %w", err)
		}
		time.Sleep(200 * time.Microsecond)
	}
}

// resident is the memory a process holds, as Linux tells it a moment later.
func resident(pid int) string {
	time.Sleep(300 * time.Millisecond)
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return "unknown memory"
	}
	for _, line := range strings.Split(string(status), "\n") {
		if value, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			return strings.TrimSpace(value)
		}
	}
	return "unknown memory"
}
