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

	"github.com/connectmock/connectmock/fixtures"
)

// interrupted is a run of one rule that makes an item, sent SIGINT when it
// first looks at the item, and once more when it deletes it, where that is
// wanted.
type interrupted struct {
	mock *mock
	env  []string
	dir  string
	out  bytes.Buffer
	code int
}

func interrupt(t *testing.T, again bool) *interrupted {
	t.Helper()
	m := start(t, "")
	t.Cleanup(func() { _ = m.close() })
	vault := fixtures.Demo().Accounts[0].Vaults[0].ID
	back, err := url.Parse(m.url)
	if err != nil {
		t.Fatal(err)
	}
	process := make(chan *os.Process, 2)
	var made atomic.Bool
	proxy := httputil.NewSingleHostReverseProxy(back)
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method == http.MethodGet && made.CompareAndSwap(true, false),
			r.Method == http.MethodDelete && again:
			p := <-process
			_ = p.Signal(os.Interrupt)
			<-r.Context().Done() // the program gives up, or is gone
			return
		}
		proxy.ServeHTTP(w, r)
		if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, vault+"/items") {
			made.Store(true)
		}
	}))
	t.Cleanup(front.Close)

	run := &interrupted{mock: m, dir: t.TempDir(), env: append(withoutVariables(os.Environ(), "OP_CONNECT_HOST", "OP_CONNECT_TOKEN"),
		"OP_CONNECT_HOST="+front.URL, "OP_CONNECT_TOKEN="+m.token, "OP_VAULT="+vault)}
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

func (i *interrupted) command(args ...string) *exec.Cmd {
	c := exec.Command("connectmock", append([]string{"contract"}, args...)...)
	c.Dir, c.Env, c.Stdout, c.Stderr = i.dir, i.env, &i.out, &i.out
	return c
}

// left is how many items of the suite are still on the server.
func (i *interrupted) left(t *testing.T) (n int) {
	t.Helper()
	var items []struct{ Title string }
	i.mock.get(t, "/v1/vaults/"+fixtures.Demo().Accounts[0].Vaults[0].ID+"/items", &items)
	for _, it := range items {
		if strings.HasPrefix(it.Title, "connectmock-contract") {
			n++
		}
	}
	return n
}

func (i *interrupted) ledger() bool {
	_, err := os.Stat(filepath.Join(i.dir, defaultLedger))
	return err == nil
}

// The first Ctrl-C ends the run, which deletes what it made and still reports.
func TestInterruptedRunCleansUp(t *testing.T) {
	t.Parallel()
	run := interrupt(t, false)
	if run.code != exitUsage {
		t.Errorf("exit code %d, not %d", run.code, exitUsage)
	}
	if n := run.left(t); n != 0 || run.ledger() {
		t.Errorf("%d items left, ledger there: %v", n, run.ledger())
	}
	if _, err := os.Stat(filepath.Join(run.dir, "run.json")); err != nil {
		t.Error(err)
	}
	if t.Failed() || !strings.Contains(run.out.String(), "interrupt: ending the run and deleting what it made") {
		t.Errorf("it said:\n%s", run.out.String())
	}
}

// The second ends it at once. What it left is in the ledger, a run after it
// refuses to go on, and a sweep deletes it.
func TestTwiceInterruptedRunIsSwept(t *testing.T) {
	t.Parallel()
	run := interrupt(t, true)
	if run.code != 130 {
		t.Errorf("exit code %d, not 130", run.code)
	}
	if n := run.left(t); n != 1 || !run.ledger() {
		t.Fatalf("%d items left, ledger there: %v\n%s", n, run.ledger(), run.out.String())
	}
	run.env = append(run.env, "OP_CONNECT_HOST="+run.mock.url) // past the proxy
	if err := run.command("run", "--allow-writes", "--rule", "items/create-version-1").Run(); err == nil {
		t.Error("another run went on with the ledger of this one")
	}
	if err := run.command("sweep", "--allow-writes").Run(); err != nil {
		t.Errorf("sweep: %v\n%s", err, run.out.String())
	}
	if n := run.left(t); n != 0 || run.ledger() {
		t.Errorf("after the sweep: %d items left, ledger there: %v\n%s", n, run.ledger(), run.out.String())
	}
}
