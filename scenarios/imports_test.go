package scenarios_test

import (
	"os/exec"
	"strings"
	"testing"
)

// What runs scenarios knows no mock from within and no fixtures: it asks and
// tells over HTTP only.
func TestMocksAreReachedOverHTTPOnly(t *testing.T) {
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
