package mockserver_test

import (
	"go/parser"
	gotoken "go/token"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/connectmock/connectmock/"

// The backend takes and returns values: it neither reads requests nor writes responses. The packages below it know no
// SQL either.
func TestBackend_KnowsNoHTTP(t *testing.T) {
	t.Parallel()
	const list = `{{.ImportPath}}{{range .Imports}} {{.}}{{end}}`
	out, err := exec.Command("go", "list", "-f", list, "./internal/backend/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	if len(lines) < 6 {
		t.Fatalf("only %d packages are listed", len(lines))
	}
	for _, line := range lines {
		pkg, imports, _ := strings.Cut(line, " ")
		for path := range strings.FieldsSeq(imports) {
			switch {
			case path == "net/http", strings.HasPrefix(path, "github.com/labstack/echo"), path == module+"mockserver":
				t.Errorf("%s imports %s", pkg, path)
			case path == module+"mockserver/internal/store" && pkg != module+"mockserver/internal/backend":
				t.Errorf("%s imports %s", pkg, path)
			}
		}
	}
}

// The backend and its packages are built without the package that answers requests.
func TestBackend_DoesNotNeedTheServer(t *testing.T) {
	t.Parallel()
	out, err := exec.Command("go", "list", "-deps", "./internal/backend/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	for path := range strings.FieldsSeq(string(out)) {
		if path == module+"mockserver" || strings.HasPrefix(path, "github.com/labstack/echo") {
			t.Errorf("the backend is built from %s", path)
		}
	}
}

// No file knows both HTTP and the store.
func TestFiles_KnowHTTPOrTheStore(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	deeper, err := filepath.Glob("internal/*/*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range append(files, deeper...) {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(gotoken.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		imports := map[string]bool{}
		for _, i := range file.Imports {
			path, _ := strconv.Unquote(i.Path.Value)
			imports[path] = true
		}
		if imports["net/http"] && imports[module+"mockserver/internal/store"] {
			t.Errorf("%s imports net/http and the store", name)
		}
	}
}
