package suite_test

import (
	"os/exec"
	"strings"
	"testing"
)

// The packages that the suites share, the audit and grade import only these packages of this module.
func TestImports_PointDown(t *testing.T) {
	t.Parallel()
	const module = "github.com/connectmock/connectmock/"
	for pkg, allowed := range map[string]string{
		"internal/audit":         "openapi/connect openapi/controlapi",
		"internal/redact":        "",
		"internal/suite/cleanup": "openapi/connect",
		"internal/suite":         "openapi/connect internal/report internal/sleep internal/suite/cleanup internal/textenc",
		"internal/coverage":      "openapi openapi/connect",
		"internal/exchange":      "openapi openapi/connect internal/redact internal/coverage",
		"internal/grade":         "openapi/connect internal/mutants internal/report",
		"internal/report":        "openapi openapi/connect internal/redact internal/coverage internal/exchange internal/textenc",
	} {
		out, err := exec.Command("go", "list", "-f", `{{join .Imports " "}}`, module+pkg).Output()
		if err != nil {
			t.Fatal(err)
		}
		for dep := range strings.FieldsSeq(string(out)) {
			name, inModule := strings.CutPrefix(dep, module)
			if inModule && name != pkg && !strings.Contains(" "+allowed+" ", " "+name+" ") {
				t.Errorf("%s imports %s", pkg, name)
			}
		}
	}
}
