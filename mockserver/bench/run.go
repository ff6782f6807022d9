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

// connections is the number of connections that the load keeps busy.
const connections = 16

// run is one call of the command: what its parts share.
type run struct {
	settings
	dir       string // for stores; removed at the end
	binary    string
	main      *dataset            // nil until a part needs it
	generated map[string]*dataset // by name of the file
	tables    []*table
	source    string // date and commit, printed below each table
}

// path returns the path of a file of this run.
func (r *run) path(name string) string { return filepath.Join(r.dir, name) }

// build builds the binary as `make build` does.
func (r *run) build(ctx context.Context) error {
	c := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags=-s -w", "-o", r.binary,
		"github.com/connectmock/connectmock/cmd/connectmock")
	c.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("build connectmock: %w\n%s", err, out)
	}
	return nil
}

// table begins a table and prints its head.
func (r *run) table(name string, columns ...string) *table {
	t := &table{name: name, columns: columns, source: r.source, out: os.Stdout}
	r.tables = append(r.tables, t)
	fmt.Fprintf(t.out, "\n%s\n%s", name, t.head())
	return t
}

// describeMachine prints the table that says where and with what the figures are measured.
func (r *run) describeMachine(ctx context.Context) {
	t := r.table("machine", "what", "")
	commit := "unknown"
	out, err := exec.CommandContext(ctx, "git", "describe", "--always", "--dirty=, changed", "--exclude=*").Output()
	if err == nil {
		commit = strings.TrimSpace(string(out))
	}
	r.source = fmt.Sprintf("Taken on %s, commit %s.", time.Now().UTC().Format("2006-01-02"), commit)
	t.note("%s", r.source)
	cpu := procLine("/proc/cpuinfo", "model name")
	if cpu == "" {
		cpu = "unknown processor"
	}
	t.add("Go", runtime.Version()+" "+runtime.GOOS+"/"+runtime.GOARCH)
	t.add("machine", fmt.Sprintf("%s, %d CPUs, %.0f GiB of memory", cpu, runtime.NumCPU(),
		float64(procBytes("/proc/meminfo", "MemTotal"))/(1<<30)))
	t.add("load", fmt.Sprintf("%d connections, %d rounds of %s in turns with the bare handler",
		connections, r.rounds, r.length))
	t.add("server", fmt.Sprintf("connectmock serve --store FILE: ES256 token, validation, activity, metrics, journal; "+
		"demo fixture and %d items", largeVault))
}

// memory is what a process holds, in bytes. Anonymous memory is the process's own; the rest are pages of files, of the
// binary and of the index of a WAL, that the kernel may drop.
type memory struct{ resident, anonymous, files, peak int64 }

// memoryOf returns the memory of a process. It is all zero on systems without /proc.
func memoryOf(pid int) memory {
	status := fmt.Sprintf("/proc/%d/status", pid)
	return memory{
		resident: procBytes(status, "VmRSS"), anonymous: procBytes(status, "RssAnon"), peak: procBytes(status, "VmHWM"),
		files: procBytes(status, "RssFile") + procBytes(status, "RssShmem"),
	}
}

// procBytes returns an amount of memory from a file in /proc, or 0.
func procBytes(file, name string) int64 {
	kb, _ := strconv.ParseInt(strings.TrimSuffix(procLine(file, name), " kB"), 10, 64)
	return kb << 10
}

// procLine returns the value of the first line "name: value" of a file in /proc, or "".
func procLine(file, name string) string {
	text, _ := os.ReadFile(file) // other systems than Linux have none
	for line := range strings.Lines(string(text)) {
		key, value, _ := strings.Cut(line, ":")
		if strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

func mebibytes(bytes int64) string { return fmt.Sprintf("%.1f MiB", float64(bytes)/(1<<20)) }
