package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"time"
)

// completions are the files of completions by the shell that reads them.
var completions = map[string]string{
	"bash": "connectmock.bash", "zsh": "_connectmock", "fish": "connectmock.fish", "powershell": "connectmock.ps1",
}

// buildExtras builds the program for this machine and fills a folder from it.
func buildExtras(dir string) error {
	work, err := os.MkdirTemp("", "connectmock-dist-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	host := filepath.Join(work, binaryName(runtime.GOOS))
	if err := buildBinary(host, runtime.GOOS, runtime.GOARCH); err != nil {
		return err
	}
	at, err := sourceTime(host)
	if err != nil {
		return err
	}
	return writeExtras(host, dir, at)
}

// writeExtras writes completions/ and man/ with a built program. The time is the date of the manual pages.
func writeExtras(binary, dir string, at time.Time) error {
	for _, sub := range []string{"completions", "man"} {
		if err := os.RemoveAll(filepath.Join(dir, sub)); err != nil {
			return err
		}
		if err := os.MkdirAll(filepath.Join(dir, sub), 0o755); err != nil {
			return err
		}
	}
	for shell, name := range completions {
		text, err := exec.Command(binary, "completion", shell).Output()
		if err != nil {
			return fmt.Errorf("completion %s: %w", shell, err)
		}
		if err := os.WriteFile(filepath.Join(dir, "completions", name), text, 0o644); err != nil {
			return err
		}
	}
	c := exec.Command(binary, "man", filepath.Join(dir, "man"))
	c.Env = append(os.Environ(), "SOURCE_DATE_EPOCH="+strconv.FormatInt(at.Unix(), 10))
	c.Stderr = os.Stderr
	return c.Run()
}
