package mockserver_test

import (
	"os/exec"
	"strings"
	"testing"
)

// The backend answers in values: it neither reads requests nor writes responses, and what is pure knows no SQL either.
func TestBackend_KnowsNoHTTP(t *testing.T) {
	t.Parallel()
	const list = `{{.ImportPath}}{{range .Imports}} {{.}}{{end}}`
	out, err := exec.Command("go", "list", "-f", list, "./internal/backend/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	if len(lines) < 5 {
		t.Fatalf("only %d packages are listed", len(lines))
	}
	for _, line := range lines {
		pkg, imports, _ := strings.Cut(line, " ")
		for path := range strings.FieldsSeq(imports) {
			switch {
			case path == "net/http", strings.HasPrefix(path, "github.com/labstack/echo"),
				strings.HasSuffix(path, "/connectmock/mockserver"):
				t.Errorf("%s imports %s", pkg, path)
			case strings.HasSuffix(path, "/mockserver/internal/store") && strings.Contains(pkg, "/backend/"):
				t.Errorf("%s imports %s", pkg, path)
			}
		}
	}
}
