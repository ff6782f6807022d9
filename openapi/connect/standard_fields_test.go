package connect_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/openapi/connect"
)

func TestStandardFields_HaveUniqueIDsAndKnownTypes(t *testing.T) {
	t.Parallel()
	for _, category := range connect.Categories() {
		seen := map[string]bool{}
		for _, f := range connect.StandardFields(category) {
			if f.ID == "" || f.Label == "" || seen[f.ID] || !slices.Contains(connect.FieldTypes(), f.Type) ||
				f.Purpose != "" && !slices.Contains(connect.Purposes(), f.Purpose) {
				t.Errorf("%s: %+v", category, f)
			}
			seen[f.ID] = true
		}
		if !seen["notesPlain"] {
			t.Errorf("%s has no notes", category)
		}
	}
}

// A Go file that names more than half of all ids is a second copy of the table.
func TestStandardFields_AreListedOnce(t *testing.T) {
	t.Parallel()
	var ids []string
	for _, category := range connect.Categories() {
		for _, f := range connect.StandardFields(category) {
			ids = append(ids, f.ID)
		}
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	word := regexp.MustCompile(`[A-Za-z_]+`)
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && d.Name() == "node_modules":
			return fs.SkipDir
		case !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || filepath.Dir(path) == "../../openapi/connect":
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		found := map[string]bool{}
		for _, w := range word.FindAllString(string(text), -1) {
			if _, known := slices.BinarySearch(ids, w); known {
				found[w] = true
			}
		}
		if len(found)*2 > len(ids) {
			t.Errorf("%s has %d of %d ids of standard fields: read connect.StandardFields instead", path, len(found), len(ids))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
