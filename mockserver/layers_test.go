package mockserver_test

import (
	"go/parser"
	gotoken "go/token"
	"io/fs"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/connectmock/connectmock/"

// layers are the packages of the server from the bottom to the top. Imports point down.
func layers() []string {
	return []string{
		"faults internal/auth internal/filter internal/items internal/journal internal/quirks internal/synth " +
			"internal/backend/cache internal/backend/clock internal/backend/memory internal/backend/random " +
			"internal/backend/visibility internal/origin console/internal/words console/internal/session",
		"internal/encode internal/store console/internal/traffic console/internal/command",
		"internal/backend/vaults console/internal/forms",
		"internal/backend",
		"internal/api internal/explain",
		".",
		"control console connecttest",
		"bench console/browsertest",
	}
}

// serverImports returns the imports of each package of the module that match, without those of tests.
func serverImports(t *testing.T, match string) map[string][]string {
	t.Helper()
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}}{{range .Imports}} {{.}}{{end}}`, match).Output()
	if err != nil {
		t.Fatal(err)
	}
	imports := map[string][]string{}
	for line := range strings.Lines(string(out)) {
		words := strings.Fields(line)
		imports[strings.TrimPrefix(words[0], module)] = words[1:]
	}
	return imports
}

func TestLayers_ImportsPointDown(t *testing.T) {
	t.Parallel()
	layer := map[string]int{}
	for i, names := range layers() {
		for name := range strings.FieldsSeq(names) {
			layer[filepath.Join("mockserver", name)] = i + 1
		}
	}
	for pkg, imports := range serverImports(t, "./...") {
		if layer[pkg] == 0 {
			t.Errorf("%s is in no layer", pkg)
		}
		for _, path := range imports {
			name := strings.TrimPrefix(path, module)
			if below := layer[name]; below >= layer[pkg] {
				t.Errorf("%s of layer %d imports %s of layer %d", pkg, layer[pkg], name, below)
			}
		}
	}
}

func TestLayers_HideWhatIsBelow(t *testing.T) {
	t.Parallel()
	const echo = "github.com/labstack/echo/v4"
	for _, rule := range []struct {
		imported  string
		importers string // the only packages that may import it
	}{
		{module + "mockserver/internal/api", "mockserver"},
		{module + "mockserver/internal/explain", "mockserver"},
		{module + "mockserver/internal/store", "mockserver/internal/backend mockserver/internal/backend/vaults"},
		{echo, "mockserver/internal/api mockserver/bench"},
		{"net/http", "mockserver mockserver/internal/api mockserver/internal/synth mockserver/faults mockserver/internal/origin " +
			"mockserver/control mockserver/console mockserver/console/internal/session mockserver/console/internal/command " +
			"mockserver/connecttest mockserver/bench"},
	} {
		match := "./..."
		if strings.HasPrefix(rule.imported, module) {
			match = module + "..."
		}
		allowed := strings.Fields(rule.importers)
		for pkg, imports := range serverImports(t, match) {
			if slices.Contains(imports, rule.imported) && !slices.Contains(allowed, pkg) {
				t.Errorf("%s imports %s", pkg, rule.imported)
			}
		}
	}
}

// The backend and its packages are built without the packages that serve requests.
func TestBackend_DoesNotNeedTheServer(t *testing.T) {
	t.Parallel()
	out, err := exec.Command("go", "list", "-deps", "./internal/backend/...", "./internal/explain").Output()
	if err != nil {
		t.Fatal(err)
	}
	for path := range strings.FieldsSeq(string(out)) {
		if path == module+"mockserver" || path == module+"mockserver/internal/api" || strings.HasPrefix(path, "github.com/labstack/echo") {
			t.Errorf("the backend is built from %s", path)
		}
	}
}

func TestFiles_KnowHTTPOrTheStore(t *testing.T) {
	t.Parallel()
	err := filepath.WalkDir(".", func(name string, _ fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(gotoken.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		imports := map[string]bool{}
		for _, i := range file.Imports {
			path, _ := strconv.Unquote(i.Path.Value)
			imports[path] = true
		}
		if imports["net/http"] && imports[module+"mockserver/internal/store"] {
			t.Errorf("%s imports net/http and the store", name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
