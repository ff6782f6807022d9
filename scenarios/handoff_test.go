package scenarios_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/scenarios"
)

// Somebody without connectmock runs the script of a scenario.
func TestScriptDoesWhatTheScenarioSays(t *testing.T) {
	t.Parallel()
	for _, tool := range []string{"sh", "curl", "jq"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip("there is no " + tool + " here")
		}
	}
	s, target := plain(t)
	before := items(t, s, target.Vault)
	example, err := scenarios.Load(scenarios.Library(), "item-lifecycle-with-throttling.yaml")
	if err != nil {
		t.Fatal(err)
	}
	script, err := scenarios.Curl(example)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "script.sh")
	if err := os.WriteFile(file, []byte(script), 0o600); err != nil {
		t.Fatal(err)
	}
	run := func(env ...string) (string, error) {
		cmd := exec.CommandContext(t.Context(), "sh", file)
		cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "TMPDIR=" + t.TempDir()}, env...)
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	if out, err := run(); err == nil || !strings.Contains(out, "OP_CONNECT_HOST") {
		t.Errorf("without anything it says %q and %v", out, err)
	}
	env := []string{"OP_CONNECT_HOST=" + s.URL, "OP_CONNECT_TOKEN=" + s.Token, "OP_CONNECT_TOKEN_WRITER=" + s.Token,
		"OP_CONNECT_TOKEN_READER=" + target.Reader, "home_id=" + target.Vault, "no_proxy=*"}
	out, err := run(env...)
	if err != nil || strings.Count(out, "ok ") != 5 || strings.Contains(out, "FAIL") {
		t.Errorf("%v\n%s\n%s", err, out, script)
	}
	if after := items(t, s, target.Vault); after != before {
		t.Errorf("%d items before, %d after", before, after)
	}
	env[3] = "OP_CONNECT_TOKEN_READER=nonsense"
	if out, err := run(env...); err == nil || !strings.Contains(out, "FAIL read: 401, expected 200") {
		t.Errorf("with a token that is no good it says %q and %v", out, err)
	}
}
