package main

import (
	"bytes"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestContractRun_NamesALedgerThatIsLeft(t *testing.T) {
	t.Parallel()
	id := strings.Repeat("a", 26)
	dir := files(t, map[string]string{"left.jsonl": `{"op":"made","vault":"` + id + `","item":"` + id + `"}` + "\n"})
	m := start(t, "")
	t.Cleanup(func() { _ = m.close() })
	for ledger, want := range map[string]string{
		"left.jsonl": "connectmock contract sweep --ledger " + filepath.Join(dir, "left.jsonl") + " deletes them",
		"none.jsonl": "",
	} {
		var out, stderr bytes.Buffer
		run(t.Context(), []string{
			"contract", "run", "--rule", "health/heartbeat", "--allow-writes", "--ledger", filepath.Join(dir, ledger),
		}, &streams{in: strings.NewReader(""), out: &out, err: &stderr, environ: []string{
			"OP_CONNECT_HOST=" + m.url, "OP_CONNECT_TOKEN=" + m.token, "OP_VAULT=h3kvwphsg7jkstbxmdycavun3c",
		}})
		text := stderr.String()
		if !strings.Contains(text, want) || (want == "") != !strings.Contains(text, "left over on the server") {
			t.Errorf("%s: standard error is %q, want %q", ledger, text, want)
		}
	}
}

func TestGitignore_NamesTheFilesOfARun(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		defaultLedger, defaultLedger + ".lock", ".connectmock-ledger-2.jsonl",
		"connectmock.db", "connectmock.db-wal", "connectmock.db.control",
	} {
		command := exec.Command("git", "-C", "../..", "check-ignore", "-v", "--no-index", name)
		if out, err := command.CombinedOutput(); err != nil {
			if _, noGit := err.(*exec.Error); noGit || bytes.Contains(out, []byte("not a git repository")) {
				t.Skip("not in a git clone")
			}
			t.Errorf("%s is not ignored: %v %s", name, err, out)
		}
	}
}
