package scenarios

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/internal/source"
)

// flat puts the steps of fragments where they are included. The states the
// fragments need come first, each fragment's once. The chain is the files that
// led here.
func (l *loader) flat(steps []*action, file string, chain []string, prefix string) ([]state, []*action) {
	var given []state
	var all []*action
	for i, a := range steps {
		a.name = prefix + a.ID.Text
		if !a.ID.set() {
			a.name = fmt.Sprintf("%sstep %d", prefix, i+1)
		}
		if !a.Include.set() {
			a.fragment = len(chain) > 1
			all = append(all, a)
			continue
		}
		l.includes(a)
		name, data := l.included(a.Include, file, chain)
		if data == nil {
			continue
		}
		states, inner := l.fragment(name, data, append(slices.Clone(chain), name), a.name+".")
		for _, one := range inner {
			one.Needs = append(slices.Clone(a.Needs), one.Needs...)
		}
		given, all = append(given, states...), append(all, inner...)
	}
	return given, all
}

// includes checks a step that includes others: nothing else makes sense there.
func (l *loader) includes(a *action) {
	if got := a.actions(); len(got) > 1 {
		l.fail(a.At, "", "a step has exactly one action, not %s", strings.Join(got, " and "))
	}
	for key, n := range map[string]bool{
		"as": a.As.set(), "with": a.With != nil, "headers": a.Headers != nil, "json": a.JSON != nil, "body": a.Body != nil,
		"foreach": a.Foreach != nil, "parallel": a.Parallel, "retry": a.Retry != nil, "expect": a.Expect != nil,
		"capture": a.Capture != nil, "timeout": a.Timeout != 0,
	} {
		if n {
			l.fail(a.At, "say it in the steps of the fragment", "%q beside include", key)
		}
	}
	if a.ID.set() {
		l.stepID(a)
	}
}

// included finds the file of an include and reads it.
func (l *loader) included(w word, from string, chain []string) (string, []byte) {
	if strings.Contains(w.Text, "{{") || strings.Contains(w.Text, `\`) || path.IsAbs(w.Text) {
		l.fail(w.at(), "like shared/opening.yaml", "a file is named by its path from this one")
		return "", nil
	}
	name := path.Join(path.Dir(from), w.Text)
	if !fs.ValidPath(name) || l.folder != "." && !strings.HasPrefix(name, l.folder+"/") {
		l.fail(w.at(), "move the fragment there", "a file outside of the scenario's folder")
		return "", nil
	}
	if slices.Contains(chain, name) {
		l.fail(w.at(), strings.Join(append(slices.Clone(chain), name), " -> "), "an include that leads back to itself")
		return "", nil
	}
	if link := l.link(name); link != "" {
		l.fail(w.at(), "put the fragment itself there", "%s is a link, which may lead anywhere", link)
		return "", nil
	}
	data, err := fs.ReadFile(l.fsys, name)
	if err != nil {
		l.fail(w.at(), source.DidYouMean(name, l.files()), "there is no file %s", name)
		return "", nil
	}
	return name, data
}

// link is a part of a path below the folder that is a symbolic link, "" if
// none is.
func (l *loader) link(name string) string {
	for at := name; at != l.folder && at != "."; at = path.Dir(at) {
		if info, err := fs.Lstat(l.fsys, at); err == nil && info.Mode()&fs.ModeSymlink != 0 {
			return at
		}
	}
	return ""
}

// files are those of the folder.
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

func (l *loader) fragment(name string, data []byte, chain []string, prefix string) ([]state, []*action) {
	root := source.Parse(name, data, "", l.problems)
	if root == nil {
		return nil, nil
	}
	if root.Get("fragment") == nil && root.Get("scenario") != nil {
		l.fail(root.At, "include a fragment, whose first key is fragment", "this is a scenario of its own")
		return nil, nil
	}
	var f fragment
	source.Decode(root, &f, l.problems)
	for _, key := range []string{"fragment", "steps"} {
		if root.Get(key) == nil {
			l.fail(root.At, "", "a fragment without %q", key)
		}
	}
	if n := root.Get("fragment"); n != nil && f.Version != 1 {
		l.fail(n.At, "this connectmock reads version 1", "unknown version")
	}
	given, steps := l.flat(f.Steps, name, chain, prefix)
	if l.opened[name] {
		return given, steps
	}
	l.opened[name] = true
	return append(given, f.Given...), steps
}
