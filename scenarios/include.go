package scenarios

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

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
		l.exceed(at, "fragments include one another more than %d deep", maxIncludeDepth)
	case l.size.includes > maxIncludes:
		l.exceed(at, "more than %d fragments are included in one scenario", maxIncludes)
	case l.size.bytes > maxIncludedBytes:
		l.exceed(at, "the fragments included in one scenario are more than %d bytes", maxIncludedBytes)
	}
	return !l.size.exceeded
}

// countSteps counts steps of fragments, or the capabilities that an include adds to them.
func (l *loader) countSteps(at yamlsource.Place, n int) {
	if l.size.steps += n; l.size.steps > maxIncludedSteps {
		l.exceed(at, "fragments make more than %d steps of one scenario", maxIncludedSteps)
	}
}

func (l *loader) exceed(at yamlsource.Place, format string, limit int) {
	if !l.size.exceeded {
		l.fail(at, "a fragment that includes another twice doubles it", format, limit)
	}
	l.size.exceeded = true
}

// expand replaces includes by the steps of their fragments. given are the states that the fragments need, those of each
// fragment once. chain is the list of files that lead here.
func (l *loader) expand(steps []*action, file string, chain []string, prefix string) ([]state, []*action) {
	var given []state
	var all []*action
	for i, a := range steps {
		a.name = prefix + a.ID.Text
		if !a.ID.set() {
			a.name = fmt.Sprintf("%sstep %d", prefix, i+1)
		}
		if !a.Include.set() {
			if a.fragment = len(chain) > 1; a.fragment {
				l.countSteps(a.At, 1)
			}
			all = append(all, a)
			continue
		}
		if l.size.exceeded {
			continue
		}
		l.checkInclude(a)
		name, data := l.readInclude(a.Include, file, chain)
		if data == nil || !l.countInclude(a.Include, len(data), len(chain)) {
			continue
		}
		states, inner := l.fragment(name, data, append(slices.Clone(chain), name), a.name+".")
		for _, one := range inner {
			one.Needs = append(slices.Clone(a.Needs), one.Needs...)
		}
		l.countSteps(a.Include.at(), len(a.Needs)*len(inner))
		given, all = append(given, states...), append(all, inner...)
	}
	return given, all
}

// checkInclude checks a step that includes a fragment. It can't have other keys than id and needs.
func (l *loader) checkInclude(a *action) {
	if got := a.actions(); len(got) > 1 {
		l.fail(a.At, "", "a step has exactly one action, not %s", strings.Join(got, " and "))
	}
	for key, n := range map[string]bool{
		"as": a.As.set(), "with": a.With != nil, "headers": a.Headers != nil, "json": a.JSON != nil, "body": a.Body != nil,
		"foreach": a.Foreach != nil, "parallel": a.Parallel, "retry": a.Retry != nil, "expect": a.Expect != nil,
		"capture": a.Capture != nil, "timeout": a.Timeout != 0,
	} {
		if n {
			l.fail(a.At, "put it into the steps of the fragment", "%q beside include", key)
		}
	}
	if a.ID.set() {
		l.stepID(a)
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
	if link := l.link(name); link != "" {
		l.fail(w.at(), "put the fragment itself there", "%s is a symbolic link, which may lead outside the folder", link)
		return "", nil
	}
	data, err := fs.ReadFile(l.fsys, name)
	if err != nil {
		l.fail(w.at(), yamlsource.DidYouMean(name, l.files()), "there is no file %s", name)
		return "", nil
	}
	return name, data
}

// link returns the part of a path below the folder that is a symbolic link, or "" if none is.
func (l *loader) link(name string) string {
	for at := name; at != l.folder && at != "."; at = path.Dir(at) {
		if info, err := fs.Lstat(l.fsys, at); err == nil && info.Mode()&fs.ModeSymlink != 0 {
			return at
		}
	}
	return ""
}

// files returns the files of the folder, 500 at most, for a hint.
func (l *loader) files() []string {
	var all []string
	_ = fs.WalkDir(l.fsys, l.folder, func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && len(all) < 500 {
			all = append(all, name)
		}
		return nil // only for a hint
	})
	return all
}

// fragment reads a fragment and returns its states, unless they were returned before, and its steps.
func (l *loader) fragment(name string, data []byte, chain []string, prefix string) ([]state, []*action) {
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
	given, steps := l.expand(f.Steps, name, chain, prefix)
	if l.opened[name] {
		return given, steps
	}
	l.opened[name] = true
	return append(given, f.Given...), steps
}
