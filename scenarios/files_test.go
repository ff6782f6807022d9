package scenarios_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/connectmock/connectmock/scenarios"
)

const small = "scenario: 1\nid: ID\ntitle: T\nsteps:\n  - {call: GetVaults, expect: {status: 200}}\n"

// LoadDir reads subfolders too, and skips fragments.
func TestLoadDir_ReadsScenariosOnly(t *testing.T) {
	t.Parallel()
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	for name, c := range map[string]struct {
		files fstest.MapFS
		ids   string
		wrong string
	}{
		"two and a fragment": {fstest.MapFS{
			"b.yaml": file(strings.Replace(small, "ID", "b", 1)), "in/a.yml": file(strings.Replace(small, "ID", "a", 1)),
			"in/f.yaml": file("fragment: 1\nsteps: []\n"), "README.md": file("# x"),
		}, "b a ", ""},
		"duplicate id": {fstest.MapFS{
			"a.yaml": file(strings.Replace(small, "ID", "a", 1)), "b.yaml": file(strings.Replace(small, "ID", "a", 1)),
		}, "", `b.yaml: duplicate scenario id "a": a.yaml has it too`},
		"mistakes of two files": {fstest.MapFS{"a.yaml": file("scenario: 1\nx: 1\n"), "b.yaml": file("y: 1\n")}, "", `b.yaml:1:1: unknown key "y"`},
		"nothing":               {fstest.MapFS{"README.md": file("# x")}, "", "there is no scenario in this folder: a scenario is a .yaml file"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			list, err := scenarios.LoadDir(c.files, ".")
			if c.wrong != "" {
				if err == nil || !strings.Contains(err.Error(), c.wrong) {
					t.Errorf("%v, want %q", err, c.wrong)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			ids := ""
			for _, s := range list {
				ids += s.ID + " "
			}
			if ids != c.ids {
				t.Errorf("%q, want %q", ids, c.ids)
			}
		})
	}
}

// A symbolic link could lead outside the folder.
func TestLoad_RejectsSymbolicLinks(t *testing.T) {
	t.Parallel()
	outside, inside := t.TempDir(), t.TempDir()
	write := func(dir, name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(outside, "f.yaml", "fragment: 1\nsteps:\n  - {call: GetVaults, expect: {status: 200}}\n")
	write(inside, "a.yaml", "scenario: 1\nid: a\ntitle: T\nsteps:\n  - include: f.yaml\n  - include: d/f.yaml\n")
	if err := errors.Join(os.Symlink(filepath.Join(outside, "f.yaml"), filepath.Join(inside, "f.yaml")), os.Symlink(outside, filepath.Join(inside, "d"))); err != nil {
		t.Skip("no links here: ", err)
	}
	_, err := scenarios.Load(os.DirFS(inside), "a.yaml")
	var mistakes *scenarios.Error
	if !errors.As(err, &mistakes) || len(mistakes.Problems) != 2 {
		t.Fatal(err)
	}
	for i, link := range []string{"f.yaml", "d"} {
		if want := link + " is a symbolic link, which may lead outside the folder"; mistakes.Problems[i].Message != want {
			t.Errorf("%s, want %s", mistakes.Problems[i].Message, want)
		}
	}
}
