package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/connectmock/connectmock/internal/nearest"
	"github.com/spf13/pflag"
)

// reportFiles is the value of a flag FORMAT=FILE, which names files to write.
type reportFiles struct {
	pairs
	flag string
}

// bind adds the flag for the known formats. Usage says what is written.
func (r *reportFiles) bind(f *pflag.FlagSet, name, usage string, known []string) {
	r.flag, r.form, r.keepAll = "--"+name, "FORMAT=FILE", true
	r.check = func(p pair) error {
		if !slices.Contains(known, p.name) {
			return fmt.Errorf("there is no format %q%s", p.name, nearest.HintWithList(p.name, known))
		}
		return nil
	}
	f.Var(&r.pairs, name, usage+"; - is standard output; "+repeatable)
}

// prepare returns an error if one of the files can't be written after a run, as
// prepareOutput does, or two names mean one file.
func (r *reportFiles) prepare() error {
	for i, p := range r.list {
		for _, other := range r.list[:i] {
			if isSameOutput(p.value, other.value) {
				return usage("%s: %s=%s and %s=%s are one file; name two", r.flag, other.name, other.value, p.name, p.value)
			}
		}
		if err := prepareOutput(r.flag, p.value); err != nil {
			return err
		}
	}
	return nil
}

// isSameOutput reports whether two names mean one file.
func isSameOutput(a, b string) bool {
	if isStdout(a) || isStdout(b) {
		return isStdout(a) && isStdout(b)
	}
	x, errX := os.Stat(a)
	y, errY := os.Stat(b)
	if errX == nil && errY == nil {
		return x.Mode().IsRegular() && os.SameFile(x, y)
	}
	absA, errA := filepath.Abs(a)
	absB, errB := filepath.Abs(b)
	return errA == nil && errB == nil && absA == absB
}
