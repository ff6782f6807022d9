package docsite

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the list of pages again")

// Readers on the forge find the pages in a list in the folder.
func TestIndex_ListsEveryPageByKind(t *testing.T) {
	t.Parallel()
	const file = "../../docs/README.md"
	var b strings.Builder
	b.WriteString("# Documentation\n")
	writePages(t, &b, "")
	b.WriteString("\nThe reasons for large decisions are in [adr](adr/README.md).\n")
	if *update {
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(b.String(), string(got)); diff != "" {
		t.Errorf("docs/README.md (-want +got):\n%s\ngo test ./internal/docsite -update writes it", diff)
	}
}

// Assistants find the pages in a list at the top of the repository, below a text that is written by hand.
func TestLLMs_ListsEveryPage(t *testing.T) {
	t.Parallel()
	const file = "../../llms.txt"
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	head, _, _ := strings.Cut(string(got), "\n## ")
	var b strings.Builder
	b.WriteString(strings.TrimSpace(head) + "\n")
	writePages(t, &b, "docs/")
	b.WriteString("\n## Optional\n\n" +
		"- [connect.yaml](openapi/connect.yaml): The API of Connect as an OpenAPI document\n" +
		"- [control.yaml](openapi/control.yaml): The API that controls a mock\n" +
		"- [adr](docs/adr/README.md): The reasons for large decisions\n")
	if *update {
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(b.String(), string(got)); diff != "" {
		t.Errorf("llms.txt (-want +got):\n%s\ngo test ./internal/docsite -update writes it", diff)
	}
}

// writePages writes the list of all pages, which are in a folder.
func writePages(t *testing.T, b *strings.Builder, folder string) {
	t.Helper()
	for _, g := range Groups() {
		fmt.Fprintf(b, "\n## %s\n\n", g.Title)
		for _, p := range g.Pages {
			d, err := Render(p.Name, Options{})
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(b, "- [%s](%s%s.md): %s\n", p.Title, folder, p.Name, d.Lead())
		}
	}
}
