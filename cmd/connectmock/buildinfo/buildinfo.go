// Package buildinfo says which version of the program this is, from what the Go toolchain built into it.
package buildinfo

import (
	"runtime/debug"
	"strings"
	"time"
)

// Release is the newest dated section of CHANGELOG.md; a test compares the two.
// The version of a build that is not of a released module is RELEASE-devel.
const Release = "v0.2.0"

// Info identifies this program.
type Info struct {
	Version  string
	commit   string // empty if unknown, as in `go run`
	date     string // of the commit, as 2026-11-28; empty as above
	modified bool   // the source had uncommitted changes
}

// Read returns the build information of the Go toolchain.
func Read() Info {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		info = &debug.BuildInfo{}
	}
	return describe(info)
}

func describe(info *debug.BuildInfo) Info {
	b := Info{Version: info.Main.Version}
	// A commit after a release is a pseudo-version, as v0.2.1-0.20261128...
	if b.Version == "" || b.Version == "(devel)" || strings.HasPrefix(b.Version, "v0.0.0-") ||
		strings.Contains(b.Version, "-0.") || strings.HasSuffix(b.Version, "+dirty") {
		b.Version = Release + "-devel"
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			b.commit = s.Value
		case "vcs.time":
			if at, err := time.Parse(time.RFC3339, s.Value); err == nil {
				b.date = at.UTC().Format(time.DateOnly)
			}
		case "vcs.modified":
			b.modified = s.Value == "true"
		}
	}
	return b
}

// String returns the first line of `connectmock version`.
func (b Info) String() string {
	parts := []string{"connectmock " + b.Version}
	if b.commit != "" {
		commit := "commit " + b.commit[:min(12, len(b.commit))]
		if b.modified {
			commit += " with changes"
		}
		parts = append(parts, commit)
	}
	if b.date != "" {
		parts = append(parts, b.date)
	}
	return strings.Join(parts, ", ")
}
