// Package language reads scenarios: it says what a file may contain, finds every mistake and compiles the expressions.
// It sends nothing.
package language

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/internal/redact"
	"github.com/connectmock/connectmock/internal/textenc"
	"github.com/connectmock/connectmock/internal/yamlsource"
	"github.com/connectmock/connectmock/openapi"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/scenarios/internal/expression"
)

// Load reads a scenario and the fragments it includes, which must be in its folder or below. If the files are invalid,
// the error is an [*Error] with every problem found.
func Load(fsys fs.FS, name string) (*Scenario, error) {
	d, err := openapi.Connect()
	if err != nil {
		return nil, err
	}
	name = path.Clean(name)
	data, err := textenc.ReadFS(fsys, name)
	if err != nil {
		return nil, err
	}
	l := newLoader(fsys, d, path.Dir(name))
	s := l.readScenario(name, data)
	if err := l.problems.Err(); err != nil {
		return nil, err
	}
	return s, nil
}

// Check returns an error with every problem of a scenario that includes no fragment.
func Check(name string, text []byte) error {
	d, err := openapi.Connect()
	if err != nil {
		return err
	}
	l := newLoader(nil, d, ".")
	l.readScenario(name, text)
	return l.problems.Err()
}

// LoadDir reads all scenarios in a folder and its subfolders, sorted by name. It skips fragments: scenarios include
// them. Duplicate ids are problems, and a folder without scenarios is an error.
func LoadDir(fsys fs.FS, dir string) ([]*Scenario, error) {
	var all []*Scenario
	mistakes := &Error{}
	byID := map[string]string{}
	err := fs.WalkDir(fsys, path.Clean(dir), func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !slices.Contains([]string{".yaml", ".yml"}, path.Ext(name)) {
			return err
		}
		if is, err := isFragment(fsys, name); is || err != nil {
			return err
		}
		s, err := Load(fsys, name)
		var wrong *Error
		if errors.As(err, &wrong) {
			mistakes.Problems = append(mistakes.Problems, wrong.Problems...)
			return nil
		}
		if err != nil {
			return err
		}
		if other, taken := byID[s.ID]; taken {
			mistakes.Problems = append(mistakes.Problems, Problem{
				File: name, Message: fmt.Sprintf("duplicate scenario id %q: %s has it too", s.ID, other),
			})
		}
		byID[s.ID] = name
		all = append(all, s)
		return nil
	})
	switch {
	case err != nil:
		return nil, err
	case len(mistakes.Problems) > 0:
		return nil, mistakes
	case len(all) == 0:
		if dir == "." {
			dir = "this folder"
		}
		return nil, fmt.Errorf("there is no scenario in %s: a scenario is a .yaml file", dir)
	}
	return all, nil
}

func isFragment(fsys fs.FS, name string) (bool, error) {
	data, err := textenc.ReadFS(fsys, name)
	if err != nil {
		return false, err
	}
	var ignored yamlsource.Problems
	return yamlsource.Parse(name, data, "", &ignored).Get("fragment") != nil, nil
}

// loader turns files into a scenario.
type loader struct {
	fsys     fs.FS
	openapi  *openapi.Document
	folder   string // every file must be in it
	problems *yamlsource.Problems

	out   *Scenario
	names expression.Scope // names that expressions may use at this point
	// the tokens that steps may use at this point, "main" and "none" included
	actors   []string
	captures map[string]yamlsource.Place // by steps of the scenario's own file
	used     map[string]bool
	defined  map[string]string // what each name is: "a capture", "an input"
	stepIDs  map[string]bool
	creates  []creation
	deletes  []*Step
	sources  map[string]map[string]bool // by the variable of a loop, the names its list uses
	opened   map[string]bool            // fragments whose states have been returned
	size     size                       // of what has been included

	faults, snapshots mockNames
}

func newLoader(fsys fs.FS, d *openapi.Document, folder string) *loader {
	return &loader{
		fsys: fsys, openapi: d, folder: folder, problems: &yamlsource.Problems{},
		captures: map[string]yamlsource.Place{}, used: map[string]bool{}, defined: map[string]string{},
		stepIDs: map[string]bool{},
		sources: map[string]map[string]bool{}, opened: map[string]bool{}, actors: []string{MainActor, NoActor},
		faults: mockNames{what: "fault"}, snapshots: mockNames{what: "snapshot"},
		out: &Scenario{Templates: map[*yamlsource.Node]*expression.Template{},
			Expressions: map[*yamlsource.Node]*expression.Expression{}},
	}
}

func (l *loader) fail(at yamlsource.Place, hint, format string, args ...any) {
	l.problems.Add(at, hint, format, args...)
}

func (l *loader) readScenario(name string, data []byte) *Scenario {
	root := yamlsource.Parse(name, data, "connectmock scenario new FILE writes one to start from", l.problems)
	if root == nil {
		return nil
	}
	if root.Get("scenario") == nil && root.Get("fragment") != nil {
		l.fail(root.At, "run a scenario that includes it", "this is a fragment, not a scenario")
		return nil
	}
	var d document
	yamlsource.Decode(root, &d, l.problems)
	l.out.File = name
	l.readHead(root, &d)
	opening, steps := l.expandIncludes(d.Steps, name, []string{name}, "")
	more, finally := l.expandIncludes(d.Finally, name, []string{name}, "")
	given := append(append(opening, more...), d.Given...)
	l.out.Steps, l.out.Finally = steps, finally
	for i := range given {
		l.checkState(&given[i])
	}
	l.out.Given = given
	for _, st := range steps {
		l.checkStep(st)
	}
	for _, st := range finally {
		l.checkStep(st)
	}
	l.reportUnused()
	l.reportUnknownNames()
	l.checkCleanUp()
	return l.out
}

// readHead checks the keys before the states and steps, and defines the names that every expression may use.
func (l *loader) readHead(root *yamlsource.Node, d *document) {
	for _, key := range []string{"scenario", "id", "title", "steps"} {
		if root.Get(key) == nil {
			l.fail(root.At, "", "a scenario without %q", key)
		}
	}
	if n := root.Get("scenario"); n != nil && d.Version != 1 {
		l.fail(n.At, "this connectmock reads version 1", "unknown version")
	}
	if d.ID.Set() && !IsSlug(d.ID.Text) {
		l.fail(d.ID.at(), "like item-lifecycle", "an id is made of a-z, 0-9 and -")
	}
	if n := root.Get("steps"); n != nil && n.Kind == yamlsource.List && len(n.Items) == 0 {
		l.fail(n.At, "", "a scenario needs at least one step")
	}
	for _, r := range d.Requires {
		l.checkCapability(r)
	}
	l.readUnlike(d.Unlike)
	l.out.ID, l.out.Title, l.out.About = d.ID.Text, d.Title.Text, strings.TrimSpace(d.About.Text)
	l.out.Tags, l.out.Requires, l.out.Timeout = d.Tags.Texts(), d.Requires.Texts(), d.Timeout
	l.names = variableScope(false)
	for _, name := range expression.Functions() {
		l.names[name] = nil
	}
	l.readInputs(root.Get("inputs"), d.Inputs)
	l.readMatrix(root.Get("matrix"))
}

// readUnlike reads the versions of Connect on which the scenario would fail.
func (l *loader) readUnlike(list []versions) {
	for _, v := range list {
		switch {
		case v.At.Line == 0: // no mapping, which is reported already
			continue
		case !v.Before.Set() || strings.TrimSpace(v.About.Text) == "":
			l.fail(v.At, `{before: 1.5.2, about: "..."}`, "versions need both before and about")
			continue
		}
		valid := true
		for _, version := range []word{v.From, v.Before} {
			if version.Set() && !connect.IsVersion(version.Text) {
				l.fail(version.at(), "like 1.5.2", "not a version of Connect")
				valid = false
			}
		}
		if valid && v.From.Set() && connect.CompareVersions(v.From.Text, v.Before.Text) >= 0 {
			l.fail(v.Before.at(), "", "before must be a later version than from")
		}
		l.out.unlike = append(l.out.unlike,
			exception{connect.VersionRange{From: v.From.Text, Before: v.Before.Text}, v.About.Text})
	}
}

func (l *loader) readInputs(n *yamlsource.Node, inputs map[string]input) {
	if n == nil {
		return
	}
	for _, p := range n.Pairs {
		in := inputs[p.Key]
		l.checkIdentifier(p.Key, p.KeyAt)
		l.names["inputs"] = append(l.names["inputs"], p.Key)
		out := Input{Name: p.Key, About: in.About.Text, Secret: in.Secret, Required: in.Default == nil}
		if in.Default != nil {
			out.Default = in.Default.Raw
			if in.Default.Kind == yamlsource.List || in.Default.Kind == yamlsource.Map {
				l.fail(in.Default.At, "", "an input is text, not %s", in.Default.Kind)
			} else if in.Secret && !new(redact.Redactor).Add(in.Default.Raw) {
				l.fail(in.Default.At, "four characters at least", "this secret is too short to be redacted")
			}
		}
		l.out.Inputs = append(l.out.Inputs, out)
	}
}

// maxRuns is the maximum number of runs of a scenario with a matrix.
const maxRuns = 1000

func (l *loader) readMatrix(n *yamlsource.Node) {
	if n == nil {
		return
	}
	runs := 1
	for _, p := range n.Pairs {
		l.checkIdentifier(p.Key, p.KeyAt)
		if p.Value.Kind != yamlsource.List || len(p.Value.Items) == 0 {
			l.fail(p.Value.At, "category: [LOGIN, PASSWORD]", "an entry of a matrix is a list of values")
			continue
		}
		p.Value.Walk(func(v *yamlsource.Node) {
			if v.Kind == yamlsource.Text && expression.IsTemplate(v.Raw) {
				l.fail(v.At, "", "a matrix can't contain {{ }}: it is read before the run")
			}
		})
		l.names["matrix"] = append(l.names["matrix"], p.Key)
		l.out.Matrix = append(l.out.Matrix, axis{p.Key, p.Value.GoValue().([]any)})
		if runs *= len(p.Value.Items); runs > maxRuns {
			l.fail(p.KeyAt, fmt.Sprintf("at most %d", maxRuns), "too many runs of one scenario")
			return
		}
	}
}
