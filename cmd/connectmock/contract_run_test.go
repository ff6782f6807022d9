package main

import (
	"bytes"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/cmd/connectmock/mock"
	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// interruptedRun is a run of one rule that creates an item.
type interruptedRun struct {
	mock *mock.Mock
	env  []string
	dir  string
	out  bytes.Buffer
	code int
}

// interruptRun sends SIGINT when the run first reads the item it created, and with
// twice again when it deletes the item.
func interruptRun(t *testing.T, twice bool) *interruptedRun {
	t.Helper()
	m := startMock(t)
	vault := fixtures.Demo().Accounts[0].Vaults[0].ID
	back, err := url.Parse(m.Address().Host)
	if err != nil {
		t.Fatal(err)
	}
	process := make(chan *os.Process, 2)
	var created atomic.Bool
	proxy := httputil.NewSingleHostReverseProxy(back)
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method == http.MethodGet && created.CompareAndSwap(true, false),
			r.Method == http.MethodDelete && twice:
			p := <-process
			_ = p.Signal(os.Interrupt)
			<-r.Context().Done() // until the program gives up or ends
			return
		}
		proxy.ServeHTTP(w, r)
		if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, vault+"/items") {
			created.Store(true)
		}
	}))
	t.Cleanup(front.Close)

	env := append(os.Environ(),
		"OP_CONNECT_HOST="+front.URL, "OP_CONNECT_TOKEN="+m.Address().Token, "OP_VAULT="+vault)
	run := &interruptedRun{mock: m, dir: t.TempDir(), env: env}
	command := run.command("run", "--allow-writes", "--rule", "items/create-version-1", "--report", "json=run.json")
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	process <- command.Process
	process <- command.Process
	var ended *exec.ExitError
	if err := command.Wait(); errors.As(err, &ended) {
		run.code = ended.ExitCode()
	} else if err != nil {
		t.Fatal(err)
	}
	return run
}

func (i *interruptedRun) command(args ...string) *exec.Cmd {
	c := exec.Command("connectmock", append([]string{"contract"}, args...)...)
	c.Dir, c.Env, c.Stdout, c.Stderr = i.dir, i.env, &i.out, &i.out
	return c
}

// leftItems counts the items of the suite that are still on the server.
func (i *interruptedRun) leftItems(t *testing.T) int {
	t.Helper()
	items, err := i.mock.Server.Items(t.Context(), controlapi.ItemQuery{
		Vault: fixtures.Demo().Accounts[0].Vaults[0].ID, Search: "connectmock-contract",
	})
	if err != nil {
		t.Fatal(err)
	}
	return items.Matched
}

func (i *interruptedRun) hasLedger() bool {
	_, err := os.Stat(filepath.Join(i.dir, ".connectmock-ledger.jsonl"))
	return err == nil
}

func TestContractRun_CleansUpAndReportsAfterAnInterrupt(t *testing.T) {
	t.Parallel()
	run := interruptRun(t, false)
	if run.code != cli.ExitUsage {
		t.Errorf("exit code %d, not %d", run.code, cli.ExitUsage)
	}
	if n := run.leftItems(t); n != 0 || run.hasLedger() {
		t.Errorf("%d items left, ledger there: %v", n, run.hasLedger())
	}
	if _, err := os.Stat(filepath.Join(run.dir, "run.json")); err != nil {
		t.Error(err)
	}
	if t.Failed() || !strings.Contains(run.out.String(), "interrupt: ending the run and deleting what it created") {
		t.Errorf("output:\n%s", run.out.String())
	}
}

// The second interrupt ends a run at once. The ledger lists what it left: the next
// run refuses to start, and a sweep deletes it.
func TestContractSweep_DeletesWhatARunLeftAfterTwoInterrupts(t *testing.T) {
	t.Parallel()
	run := interruptRun(t, true)
	if run.code != 130 {
		t.Errorf("exit code %d, not 130", run.code)
	}
	if n := run.leftItems(t); n != 1 || !run.hasLedger() {
		t.Fatalf("%d items left, ledger there: %v\n%s", n, run.hasLedger(), run.out.String())
	}
	run.env = append(run.env, "OP_CONNECT_HOST="+run.mock.Address().Host) // past the proxy
	if err := run.command("run", "--allow-writes", "--rule", "items/create-version-1").Run(); err == nil {
		t.Error("another run started with the ledger of this one")
	}
	if err := run.command("sweep", "--allow-writes").Run(); err != nil {
		t.Errorf("sweep: %v\n%s", err, run.out.String())
	}
	if n := run.leftItems(t); n != 0 || run.hasLedger() {
		t.Errorf("after the sweep: %d items left, ledger there: %v\n%s", n, run.hasLedger(), run.out.String())
	}
}

func TestContractRun_NamesALedgerThatIsLeft(t *testing.T) {
	t.Parallel()
	id := strings.Repeat("a", 26)
	dir := files(t, map[string]string{"left.jsonl": `{"op":"made","vault":"` + id + `","item":"` + id + `"}` + "\n"})
	at := startMock(t).Address()
	for ledger, want := range map[string]string{
		"left.jsonl": "connectmock contract sweep --ledger " + filepath.Join(dir, "left.jsonl") + " deletes them",
		"none.jsonl": "",
	} {
		var out, stderr bytes.Buffer
		run(t.Context(), []string{
			"contract", "run", "--rule", "health/heartbeat", "--allow-writes", "--ledger", filepath.Join(dir, ledger),
		}, &cli.Streams{In: strings.NewReader(""), Out: &out, Err: &stderr, Environ: []string{
			"OP_CONNECT_HOST=" + at.Host, "OP_CONNECT_TOKEN=" + at.Token, "OP_VAULT=h3kvwphsg7jkstbxmdycavun3c",
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
		".connectmock-ledger.jsonl", ".connectmock-ledger.jsonl.lock", ".connectmock-ledger-2.jsonl",
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
