package scenarios

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// golden compares got with the content of a file.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s\nIf this is intended: go test ./scenarios -update", name, diff)
	}
}

func TestLoad_ReportsProblemsWithTheirPlace(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/mistakes/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal("no files with mistakes", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			s, err := Load(os.DirFS("testdata/mistakes"), filepath.Base(file))
			var all *Error
			if !errors.As(err, &all) || s != nil {
				t.Fatalf("got %v and %v, want an *Error and no scenario", s, err)
			}
			var text strings.Builder
			for _, p := range all.Problems {
				text.WriteString(p.String() + "\n")
				if p.Line == 0 && !strings.Contains(file, "empty") {
					t.Errorf("no line: %+v", p)
				}
			}
			if strings.Contains(text.String(), "hunter2") {
				t.Error("a secret is in the error")
			}
			golden(t, strings.TrimSuffix(file, ".yaml")+".txt", []byte(text.String()))
		})
	}
}
