package items_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connectmock/connectmock/mockserver/internal/items"
	"github.com/connectmock/connectmock/openapi/connect"
)

var update = flag.Bool("update", false, "rewrite golden files")

// The golden file has the empty item of each category, with one line for each field, so that a change of the templates
// is seen.
func TestStandardFields_OfEveryCategory(t *testing.T) {
	t.Parallel()
	var got strings.Builder
	for _, category := range connect.Categories() {
		it, err := items.Import(connect.ItemInput{Title: "t", Category: category}, vault(), options())
		if err != nil {
			t.Fatal(err)
		}
		checkItem(t, it)
		fmt.Fprintln(&got, category)
		for _, f := range it.Fields {
			line := fmt.Sprintf("  %-24s %-18s %q", f.ID, f.Type, f.Label)
			if f.Purpose != "" {
				line += " for " + f.Purpose
			}
			if f.Section != nil {
				line += fmt.Sprintf(" in %s %q", f.Section.ID, f.Section.Label)
			}
			fmt.Fprintln(&got, line)
		}
	}
	golden(t, "templates.golden", got.String())
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got; -update rewrites it):\n%s", file, diff)
	}
}
