package scenarios_test

import (
	"os/exec"
	"strings"
	"testing"
)

// Scenarios reach a mock over HTTP only, so the package must not depend on the mock or on fixtures.
func TestImports_NoServerPackages(t *testing.T) {
	t.Parallel()
	out, err := exec.Command("go", "list", "-deps", "github.com/connectmock/connectmock/scenarios/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	for dep := range strings.FieldsSeq(string(out)) {
		for _, forbidden := range []string{"mockserver", "fixtures", "contract", "cmd"} {
			if strings.HasPrefix(dep+"/", "github.com/connectmock/connectmock/"+forbidden+"/") {
				t.Errorf("scenarios is built from %s", dep)
			}
		}
	}
}
