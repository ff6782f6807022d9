package scenarios

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"
)

// Load returns either a scenario or problems, whatever the file contains.
func FuzzLoad(f *testing.F) {
	for _, pattern := range []string{"testdata/valid/*.yaml", "testdata/mistakes/*.yaml"} {
		names, err := filepath.Glob(pattern)
		if err != nil {
			f.Fatal(err)
		}
		for _, name := range names {
			text, err := os.ReadFile(name)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(text)
		}
	}
	f.Fuzz(func(t *testing.T, text []byte) { checkLoad(t, text) })
}

func checkLoad(t interface{ Errorf(string, ...any) }, text []byte) {
	shared, err := os.ReadFile("testdata/valid/shared/opening.yaml")
	if err != nil {
		t.Errorf("%v", err)
	}
	s, err := Load(fstest.MapFS{"a.yaml": {Data: text}, "shared/opening.yaml": {Data: shared}}, "a.yaml")
	var mistakes *Error
	switch {
	case err == nil && s == nil, err != nil && s != nil:
		t.Errorf("%v and %v", s, err)
	case err != nil && (!errors.As(err, &mistakes) || len(mistakes.Problems) == 0 || err.Error() == ""):
		t.Errorf("%v", err)
	}
}

// Load returns either a scenario or problems after lines were removed, duplicated, indented or changed.
func TestLoad_SurvivesRandomEdits(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/valid/everything.yaml")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(text), "\n")
	words := []string{"null", "[]", "{}", "5", "true", `""`, "{{ x }}", "[[[", "- a", "{a: {$len: 1}}", "*anchor", "&a b", "!!x y"}
	rapid.Check(t, func(t *rapid.T) {
		edited := append([]string(nil), lines...)
		for range rapid.IntRange(1, 3).Draw(t, "edits") {
			i := rapid.IntRange(0, len(edited)-1).Draw(t, "line")
			switch rapid.IntRange(0, 4).Draw(t, "kind") {
			case 0:
				edited = append(edited[:i:i], edited[i+1:]...)
			case 1:
				edited = append(edited[:i+1:i+1], edited[i:]...)
			case 2:
				edited[i] = "  " + edited[i]
			case 3:
				if key, _, ok := strings.Cut(edited[i], ": "); ok {
					edited[i] = key + ": " + rapid.SampledFrom(words).Draw(t, "value")
				}
			case 4:
				edited[i] = strings.Replace(edited[i], "{{ ", "{{ "+rapid.SampledFrom([]string{"(", "x.", "not ", "#", "1 + ", "'", "map("}).Draw(t, "code"), 1)
			}
			if len(edited) == 0 {
				return
			}
		}
		checkLoad(t, []byte(strings.Join(edited, "\n")))
	})
}
