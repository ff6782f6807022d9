package scenarios

import (
	"os"
	"os/exec"
	"testing"
)

func TestCurlIsAScript(t *testing.T) {
	t.Parallel()
	s, err := Load(os.DirFS("testdata/valid"), "everything.yaml")
	if err != nil {
		t.Fatal(err)
	}
	script, err := Curl(s)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "testdata/everything.sh", []byte(script))
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("there is no sh here")
	}
	if out, err := exec.Command("sh", "-n", "testdata/everything.sh").CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
}
