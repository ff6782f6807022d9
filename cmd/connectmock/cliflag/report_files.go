package cliflag

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/internal/nearest"
	"github.com/spf13/pflag"
)

// ReportFiles is the value of a flag FORMAT=FILE, which names files to write.
type ReportFiles struct {
	Pairs
	flag string
}

// Bind adds the flag for the known formats. Usage says what is written.
func (r *ReportFiles) Bind(f *pflag.FlagSet, name, usage string, known []string) {
	r.flag, r.Form, r.keepAll = "--"+name, "FORMAT=FILE", true
	r.Check = func(p Pair) error {
		if !slices.Contains(known, p.Name) {
			return fmt.Errorf("there is no format %q%s", p.Name, nearest.HintWithList(p.Name, known))
		}
		return nil
	}
	f.Var(&r.Pairs, name, usage+"; - is standard output; "+Repeatable)
}

// Prepare returns an error if one of the files can't be written after a run, as
// cli.PrepareOutput does, or two names mean one file.
func (r *ReportFiles) Prepare() error {
	for i, p := range r.List {
		for _, other := range r.List[:i] {
			if isSameOutput(p.Value, other.Value) {
				return cli.Usage("%s: %s=%s and %s=%s are one file; name two", r.flag, other.Name, other.Value, p.Name, p.Value)
			}
		}
		if err := cli.PrepareOutput(r.flag, p.Value); err != nil {
			return err
		}
	}
	return nil
}

// Print writes a text for people to standard output, or to standard error if one of
// the files is standard output.
func (r *ReportFiles) Print(std *cli.Streams, text func(to io.Writer) string) error {
	to := std.Out
	if slices.ContainsFunc(r.List, func(p Pair) bool { return cli.IsStdout(p.Value) }) {
		to = std.Err
	}
	_, err := io.WriteString(to, text(to))
	return err
}

// Write writes all files that can be written.
func (r *ReportFiles) Write(std *cli.Streams, write func(w io.Writer, format string) error) error {
	var errs []error
	for _, p := range r.List {
		if err := std.WriteOutput(p.Value, func(w io.Writer) error { return write(w, p.Name) }); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", r.flag, err))
		}
	}
	return errors.Join(errs...)
}

// isSameOutput reports whether two names mean one file.
func isSameOutput(a, b string) bool {
	if cli.IsStdout(a) || cli.IsStdout(b) {
		return cli.IsStdout(a) && cli.IsStdout(b)
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
