package main

import (
	"bytes"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A ledger that is left is told after a run, with the command that empties it.
func TestContractRun_TellsOfALedgerThatIsLeft(t *testing.T) {
	t.Parallel()
	id := strings.Repeat("a", 26)
	dir := files(t, map[string]string{"left.jsonl": `{"op":"made","vault":"` + id + `","item":"` + id + `"}` + "\n"})
	m := start(t, "")
	t.Cleanup(func() { _ = m.close() })
	for ledger, want := range map[string]string{
		"left.jsonl": "connectmock contract sweep --ledger " + filepath.Join(dir, "left.jsonl") + " deletes them",
		"none.jsonl": "",
	} {
		var out, said bytes.Buffer
		run(t.Context(), []string{"contract", "run", "--rule", "health/heartbeat", "--allow-writes", "--ledger", filepath.Join(dir, ledger)},
			&streams{in: strings.NewReader(""), out: &out, err: &said, environ: []string{
				"OP_CONNECT_HOST=" + m.url, "OP_CONNECT_TOKEN=" + m.token, "OP_VAULT=h3kvwphsg7jkstbxmdycavun3c",
			}})
		if !strings.Contains(said.String(), want) || (want == "") != !strings.Contains(said.String(), "left over on the server") {
			t.Errorf("%s: said %q, want %q", ledger, said.String(), want)
		}
	}
}

// Neither a ledger nor a database of a run in this repository shows up in git.
func TestGitignore_KnowsWhatRunsLeave(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		defaultLedger, defaultLedger + ".lock", ".connectmock-ledger-2.jsonl", "connectmock.db", "connectmock.db-wal", "connectmock.db.control",
	} {
		if out, err := exec.Command("git", "-C", "../..", "check-ignore", "-v", "--no-index", name).CombinedOutput(); err != nil {
			if _, noGit := err.(*exec.Error); noGit || bytes.Contains(out, []byte("not a git repository")) {
				t.Skip("this is no clone")
			}
			t.Errorf("%s is not ignored: %v %s", name, err, out)
		}
	}
}
