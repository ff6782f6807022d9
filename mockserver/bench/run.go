package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// run is one call of the command: what its parts share.
type run struct {
	settings
	dir    string // for stores; removed at the end
	binary string
	stock  *stock                // made by the first part that needs it
	taken  string                // said below each table of the document
	filled map[string]*generated // by name of the file
	tables []*table
}

// build makes the binary as `make build` does.
func (r *run) build(ctx context.Context) error {
	c := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags=-s -w", "-o", r.binary, "github.com/connectmock/connectmock/cmd/connectmock")
	c.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("building connectmock: %w\n%s", err, out)
	}
	return nil
}

// table begins a table and prints its head.
func (r *run) table(name string, columns ...string) *table {
	t := &table{name: name, columns: columns, taken: r.taken, out: os.Stdout}
	r.tables = append(r.tables, t)
	t.head()
	return t
}

// introduce says where and with what the figures are taken.
func (r *run) introduce(ctx context.Context) {
	t := r.table("machine", "what", "")
	r.taken = fmt.Sprintf("Taken on %s, commit %s.", time.Now().UTC().Format("2006-01-02"), revision(ctx))
	t.note("%s", r.taken)
	t.add("Go", runtime.Version()+" "+runtime.GOOS+"/"+runtime.GOARCH)
	t.add("machine", fmt.Sprintf("%s, %d CPUs, %s of memory", processor(), runtime.NumCPU(), machineMemory()))
	t.add("load", fmt.Sprintf("%d connections, %d rounds of %s in turns with the bare handler", r.conns, r.rounds, r.length))
	t.add("server", fmt.Sprintf("connectmock serve --store FILE: ES256 token, validation, activity, metrics, journal; demo world and %d items", r.items))
}

// revision is the commit measured, and whether it was changed since.
func revision(ctx context.Context) string {
	out, err := exec.CommandContext(ctx, "git", "describe", "--always", "--dirty=, changed", "--exclude=*").Output()
	if err != nil {
		return "a tree without git"
	}
	return strings.TrimSpace(string(out))
}

func processor() string {
	text, _ := os.ReadFile("/proc/cpuinfo") // elsewhere than on Linux it is not told
	if name, ok := lineOf(string(text), "model name"); ok {
		return name
	}
	return "a processor without a name"
}

func machineMemory() string {
	text, _ := os.ReadFile("/proc/meminfo")
	value, _ := lineOf(string(text), "MemTotal")
	kb, err := strconv.ParseInt(strings.TrimSuffix(value, " kB"), 10, 64)
	if err != nil {
		return "an unknown amount"
	}
	return fmt.Sprintf("%.0f GiB", float64(kb)/(1<<20))
}

// lineOf is the value of a line "name: value" of a file in /proc.
func lineOf(text, name string) (string, bool) {
	for line := range strings.Lines(text) {
		key, value, _ := strings.Cut(line, ":")
		if strings.TrimSpace(key) == name {
			return strings.TrimSpace(value), true
		}
	}
	return "", false
}

// path is a file of this run.
func (r *run) path(name string) string { return filepath.Join(r.dir, name) }
