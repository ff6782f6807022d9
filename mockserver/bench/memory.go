package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
)

// memory is what a process holds, in bytes, as Linux tells it. Anonymous memory
// is the process's own; the rest are pages of files, of the binary and of mapped
// stores, that the kernel may drop.
type memory struct{ resident, anonymous, files, peak int64 }

// memoryOf is all zero on systems without /proc.
func memoryOf(pid int) memory {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return memory{}
	}
	amount := func(name string) int64 {
		value, _ := lineOf(string(text), name)
		kb, _ := strconv.ParseInt(strings.TrimSuffix(value, " kB"), 10, 64)
		return kb << 10
	}
	return memory{
		resident: amount("VmRSS"), anonymous: amount("RssAnon"),
		files: amount("RssFile") + amount("RssShmem"), peak: amount("VmHWM"),
	}
}

func mebibytes(bytes int64) string { return fmt.Sprintf("%.1f MiB", float64(bytes)/(1<<20)) }
