package language

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/internal/nearest"
	"github.com/connectmock/connectmock/internal/textenc"
	"github.com/connectmock/connectmock/internal/yamlsource"
)

// Limits of what fragments add to a scenario. Without them a fragment that is included twice by one that is included
// twice, and so on, would take minutes to load.
const (
	maxIncludes      = 1000
	maxIncludedSteps = 10_000
	maxIncludedBytes = 16 << 20
	maxIncludeDepth  = 50
)

// size is how much a scenario includes.
type size struct {
	includes, steps, bytes int
	exceeded               bool // a limit, which has been reported
}

// countInclude counts a fragment that is included at w, and reports whether the limits allow it. Beyond them nothing
// more is included.
func (l *loader) countInclude(w word, bytes, depth int) bool {
	l.size.includes++
	l.size.bytes += bytes
	switch at := w.at(); {
	case depth > maxIncludeDepth:
		l.reportLimit(at, "fragments include one another more than %d deep", maxIncludeDepth)
	case l.size.includes > maxIncludes:
		l.reportLimit(at, "more than %d fragments are included in one scenario", maxIncludes)
	case l.size.bytes > maxIncludedBytes:
		l.reportLimit(at, "the fragments included in one scenario are more than %d bytes", maxIncludedBytes)
	}
	return !l.size.exceeded
}

// countSteps counts steps of fragments, or the capabilities that an include adds to them.
func (l *loader) countSteps(at yamlsource.Place, n int) {
	if l.size.steps += n; l.size.steps > maxIncludedSteps {
		l.reportLimit(at, "fragments make more than %d steps of one scenario", maxIncludedSteps)
	}
}

func (l *loader) reportLimit(at yamlsource.Place, format string, limit int) {
	if !l.size.exceeded {
		l.fail(at, "a fragment that includes another twice doubles it", format, limit)
	}
	l.size.exceeded = true
}

// expandIncludes replaces includes by the steps of their fragments. given are the states that the fragments need, those
// of each fragment once. chain is the list of files that lead here.
func (l *loader) expandIncludes(steps []*Step, file string, chain []string, prefix string) ([]State, []*Step) {
	var given []State
	var all []*Step
	for i, st := range steps {
		st.Name = prefix + st.ID.Text
		if !st.ID.Set() {
			st.Name = fmt.Sprintf("%sstep %d", prefix, i+1)
		}
		if !st.Include.Set() {
			if st.Fragment = len(chain) > 1; st.Fragment {
				l.countSteps(st.At, 1)
			}
			all = append(all, st)
			continue
		}
		if l.size.exceeded {
			continue
		}
		l.checkInclude(st)
		name, data := l.readInclude(st.Include, file, chain)
		if data == nil || !l.countInclude(st.Include, len(data), len(chain)) {
			continue
		}
		states, inner := l.readFragment(name, data, append(slices.Clone(chain), name), st.Name+".")
		for _, one := range inner {
			one.Needs = append(slices.Clone(st.Needs), one.Needs...)
		}
		l.countSteps(st.Include.at(), len(st.Needs)*len(inner))
		given, all = append(given, states...), append(all, inner...)
	}
	return given, all
}

// checkInclude checks a step that includes a fragment. It can't have other keys than id and needs.
func (l *loader) checkInclude(st *Step) {
	if got := st.actions(); len(got) > 1 {
		l.fail(st.At, "", "a step has exactly one action, not %s", strings.Join(got, " and "))
	}
	for key, n := range map[string]bool{
		"as": st.As.Set(), "with": st.With != nil, "headers": st.Headers != nil, "json": st.JSON != nil,
		"body": st.Body != nil, "foreach": st.Foreach != nil, "parallel": st.Parallel, "retry": st.Retry != nil,
		"expect": st.Expect != nil, "capture": st.Capture != nil, "timeout": st.Timeout != 0,
	} {
		if n {
			l.fail(st.At, "put it into the steps of the fragment", "%q beside include", key)
		}
	}
	if st.ID.Set() {
		l.checkStepID(st)
	}
}

// readInclude finds and reads the file of an include. data is nil if that fails, which it reports.
func (l *loader) readInclude(w word, from string, chain []string) (string, []byte) {
	if strings.Contains(w.Text, "{{") || strings.Contains(w.Text, `\`) || path.IsAbs(w.Text) {
		l.fail(w.at(), "like shared/opening.yaml", "a fragment is named by its path relative to this file")
		return "", nil
	}
	name := path.Join(path.Dir(from), w.Text)
	if !fs.ValidPath(name) || l.folder != "." && !strings.HasPrefix(name, l.folder+"/") {
		l.fail(w.at(), "move the fragment there", "this file is outside the scenario's folder")
		return "", nil
	}
	if slices.Contains(chain, name) {
		l.fail(w.at(), strings.Join(append(slices.Clone(chain), name), " -> "), "this fragment includes itself")
		return "", nil
	}
	if link := l.symlinkIn(name); link != "" {
		l.fail(w.at(), "put the fragment itself there",
			"%s is a symbolic link, which may lead outside the folder", link)
		return "", nil
	}
	data, err := textenc.ReadFS(l.fsys, name)
	if errors.Is(err, fs.ErrNotExist) {
		l.fail(w.at(), nearest.Hint(name, l.folderFiles()), "there is no file %s", name)
		return "", nil
	}
	if err != nil {
		l.fail(w.at(), "", "%v", err)
		return "", nil
	}
	return name, data
}

// symlinkIn returns the part of a path below the folder that is a symbolic link, or "" if none is.
func (l *loader) symlinkIn(name string) string {
	for at := name; at != l.folder && at != "."; at = path.Dir(at) {
		if info, err := fs.Lstat(l.fsys, at); err == nil && info.Mode()&fs.ModeSymlink != 0 {
			return at
		}
	}
	return ""
}

// folderFiles returns the files of the folder, 500 at most, for a hint.
func (l *loader) folderFiles() []string {
	var all []string
	_ = fs.WalkDir(l.fsys, l.folder, func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && len(all) < 500 {
			all = append(all, name)
		}
		return nil // only for a hint
	})
	return all
}

// readFragment reads a fragment and returns its states, unless they were returned before, and its steps.
func (l *loader) readFragment(name string, data []byte, chain []string, prefix string) ([]State, []*Step) {
	root := yamlsource.Parse(name, data, "", l.problems)
	if root == nil {
		return nil, nil
	}
	if root.Get("fragment") == nil && root.Get("scenario") != nil {
		l.fail(root.At, "include a fragment, whose first key is fragment", "this is a scenario, not a fragment")
		return nil, nil
	}
	var f fragment
	yamlsource.Decode(root, &f, l.problems)
	for _, key := range []string{"fragment", "steps"} {
		if root.Get(key) == nil {
			l.fail(root.At, "", "a fragment without %q", key)
		}
	}
	if n := root.Get("fragment"); n != nil && f.Version != 1 {
		l.fail(n.At, "this connectmock reads version 1", "unknown version")
	}
	given, steps := l.expandIncludes(f.Steps, name, chain, prefix)
	if l.opened[name] {
		return given, steps
	}
	l.opened[name] = true
	return append(given, f.Given...), steps
}
