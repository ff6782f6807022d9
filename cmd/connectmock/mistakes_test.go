package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
)

// mistake is a command line and part of the error for it. DIR is the folder of the
// test's files; a ~ is a blank within a word.
type mistake struct{ line, says string }

func (m mistake) words(dir string) []string {
	words := strings.Fields(strings.ReplaceAll(m.line, "DIR", filepath.ToSlash(dir)))
	for i := range words {
		words[i] = strings.ReplaceAll(words[i], "~", " ")
	}
	return words
}

// checkMistakes runs command lines. Each must end with 2 and show no secret.
func checkMistakes(t *testing.T, environ []string, dir string, all []mistake) {
	t.Helper()
	for _, x := range all {
		var out bytes.Buffer
		std := &cli.Streams{In: strings.NewReader(""), Out: &out, Err: &out, Environ: environ}
		ctx, cancel := context.WithCancel(t.Context()) // ends a server that should not have started
		code := run(ctx, x.words(dir), std)
		cancel()
		if code != cli.ExitUsage || !strings.Contains(out.String(), x.says) || strings.Contains(out.String(), "hunter") {
			t.Errorf("%s: exit code %d, output\n%s\nwant 2 and %q", x.line, code, &out, x.says)
		}
	}
}

// files writes files to a new folder.
func files(t *testing.T, texts map[string]string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for name, text := range texts {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestCtl_SaysWhatToDoAboutMistakes(t *testing.T) {
	t.Parallel()
	at := startMock(t).Address()
	environ := []string{"CONNECTMOCK_CONTROL=" + at.Control, "CONNECTMOCK_CONTROL_TOKEN=" + at.ControlToken}
	dir := files(t, map[string]string{
		"faults.yaml": "- {abort: 503}\n", "misspelt.yaml": "abrot: 503\n",
		"everybody.yaml": "account: \"\"\nabort: 503\n", "anybody.yaml": "expect: [{caller: '', count: 0}]\n",
		"unset.yaml": "abort: 503\nvault:\n", "bad.yaml": "vautls: []\n", "clash.yaml": "vaults: [{name: Office}]\n",
	})
	checkMistakes(t, environ, dir, []mistake{
		{"ctl", "connectmock ctl needs one of: show, item, file, reset, fixture, snapshot, token, clock, fault, journal, audit, account"},
		{"ctl fault", "connectmock ctl fault needs one of: add, list, remove, reset, presets"},
		{"ctl show now", `connectmock ctl show has no "now"`},
		{"ctl fault add --operation GetVault --abort 500", "GetVaults"},
		{"ctl fault add --preset sync-dwon", "sync-down"},
		{"ctl fault add --abort 42", "abort"},
		{"ctl fault add --token read-olny --abort 500", `no token "read-olny"; did you mean "read-only"?`},
		{"ctl fault add -f DIR/everybody.yaml", "account is empty; leave it out to go without it"},
		{"ctl fault add -f DIR/unset.yaml", "vault is empty"},
		{"ctl journal verify -f DIR/anybody.yaml", "caller is empty"},
		{"ctl journal verify GetVaults=0 --account typo", `no account "typo"`},
		{"ctl journal list --account typo", `no account "typo"`},
		{"ctl journal list --caller read-olny", `did you mean "read-only"?`},
		{"ctl journal list --fault typo", `no fault "typo"`},
		{"ctl journal clear --account typo", `no account "typo"`},
		{"ctl journal explain --account typo", `no account "typo"`},
		{"ctl fault add --percentage 0 --abort 500", "--percentage: 0 would never apply; leave it out for always"},
		{"ctl fault add", ""},
		{"ctl fault add --delay soon", `--delay: "soon" is not a delay as 200ms, 100ms..2s (any in between) or 200ms~0.5`},
		{"ctl fault add --header Retry-After", `--header: "Retry-After" is not a header as 'Retry-After: 1'`},
		{"ctl fault add --drip 5 --abort 500", `--drip: "5" is not a number of bytes and a time between them, as 16/100ms`},
		{"ctl fault add --message hello", "--message and --body describe the response of --abort, which is missing"},
		{"ctl fault add --vault Cellar --abort 500 --per-token --nth -1", "nth"},
		{"ctl fault add -f DIR/faults.yaml --times 2", "--file holds the whole fault: leave out --times"},
		{"ctl fault add -f DIR/missing.yaml", "missing.yaml"},
		{"ctl fault add -f DIR/misspelt.yaml", `misspelt.yaml: unknown field "abrot"; did you mean "abort"?`},
		{"ctl fault remove nothing", "nothing"},
		{"ctl journal explain", "no request had a 4xx response"},
		{"ctl journal explain 99", "99"},
		{"ctl journal explain last", `"last" is not a number of connectmock ctl journal list`},
		{"ctl journal verify", "as in: connectmock ctl journal verify GetVaults=1"},
		{"ctl journal verify GetVaults=many", "the count is a number, or a range as 1.., ..2 or 1..2"},
		{"ctl journal verify GetVault=1", "GetVaults"},
		{"ctl journal verify -f DIR/faults.yaml", "faults.yaml"},
		{"ctl journal list --since yesterday", `--since: "yesterday" is not a moment`},
		{"ctl journal list --status 4x", "4x"},
		{"ctl clock set 24h", "connectmock ctl clock advance takes a duration"},
		{"ctl clock set tomorrow", `"tomorrow" is not a moment as 2030-01-31 or 2030-01-31T12:00:00Z`},
		{"ctl clock advance soon", `"soon" is not a duration as 30s, 90m or -24h`},
		{"ctl clock advance -2h", "comes after --, as in: connectmock ctl clock advance -- -2h"},
		{"ctl clock set", "connectmock ctl clock set takes MOMENT; it got 0 arguments"},
		{"ctl clock show now", "connectmock ctl clock show takes no argument; it got 1"},
		{"ctl clock show --account nobody", "nobody"},
		{"ctl token change read-write", "nothing to change is given: --permission, --vault, --no-vaults or --expires"},
		{"ctl token change read-write --permission all", "permission"},
		{"ctl token create ci --vault Cellar", "Cellar"},
		{"ctl token create ci --vault Office=all", "Office can't be \"all\""},
		{"ctl token create ci --expires soon", `--expires: "soon" is not a moment`},
		{"ctl token create read-write", "read-write"},
		{"ctl token revoke nobody", "nobody"},
		{"ctl account delete demo", "demo"},
		{"ctl account delete nobody", "nobody"},
		{"ctl account delete", ""},
		{"ctl account create demo", "demo"},
		{"ctl account create x --from nobody", "nobody"},
		{"ctl account create x --snapshot nothing", "nothing"},
		{"ctl reset --account nobody", "nobody"},
		{"ctl snapshot restore nothing", "nothing"},
		{"ctl snapshot diff nothing", "nothing"},
		{"ctl snapshot export nothing DIR/nothing.gz", "nothing"},
		{"ctl snapshot import bad DIR/bad.yaml", ""},
		{"ctl snapshot import bad DIR/missing.gz", "missing.gz"},
		{"ctl snapshot save", "connectmock ctl snapshot save takes NAME; it got 0 arguments"},
		{"ctl fixture load DIR/missing.yaml", "missing.yaml"},
		{"ctl fixture load DIR/bad.yaml", "bad.yaml:1:"},
		{"ctl fixture load DIR/clash.yaml --add", "Office"},
	})
	if _, err := os.Stat(filepath.Join(dir, "nothing.gz")); !os.IsNotExist(err) {
		t.Errorf("a partial file is left: %v", err)
	}
}

func TestCompletion_OffersWhatTheMockHas(t *testing.T) {
	t.Parallel()
	at := startMock(t).Address()
	environ := []string{"CONNECTMOCK_CONTROL=" + at.Control, "CONNECTMOCK_CONTROL_TOKEN=" + at.ControlToken}
	for line, want := range map[string]string{
		"ctl token revoke":        "read-only\n",
		"ctl fault add --preset":  "sync-down\t",
		"ctl journal verify":      "GetVaults\t",
		"scenario run":            "library\t",
		"ctl snapshot restore":    ":4\n",
		"ctl account delete":      ":4\n",
		"ctl fault remove":        ":4\n",
		"serve --quirk":           "put-version=new\t",
		"contract explain":        "health/heartbeat\t",
		"ctl token change read-w": "",
	} {
		var out bytes.Buffer
		std := &cli.Streams{In: strings.NewReader(""), Out: &out, Err: io.Discard, Environ: environ}
		args := append(append([]string{"__complete"}, strings.Fields(line)...), "")
		if code := run(t.Context(), args, std); code != 0 || !strings.Contains(out.String(), want) {
			t.Errorf("%s: exit code %d, offered\n%s\nwant %q", line, code, out.String(), want)
		}
	}
}

func TestScenario_SaysWhatToDoAboutMistakes(t *testing.T) {
	t.Parallel()
	dir := files(t, map[string]string{
		"good.yaml": "scenario: 1\nid: good\ntitle: There are vaults\nsteps:\n  - {id: list, call: GetVaults, expect: {status: 200}}\n",
		"bad.yaml":  "scenario: 1\nid: bad\ntitle: An operation there is not\nsteps:\n  - id: list\n    call: GetVault\n    expect: {status: 200}\n",
		"asks.yaml": "scenario: 1\nid: asks\ntitle: It asks\ninputs: {name: {about: any}}\nsteps:\n" +
			"  - {id: list, call: GetVaults, with: {filter: 'name eq \"{{ inputs.name }}\"'}, expect: {status: 200}}\n",
		"two/a.yaml": "scenario: 1\nid: a\ntitle: A\nsteps:\n  - {id: list, call: GetVaults, expect: {status: 200}}\n",
		"two/b.yaml": "scenario: 1\nid: b\ntitle: B\nsteps:\n  - {id: list, call: GetVaults, expect: {status: 200}}\n",
		"empty/note": "nothing to run",
	})
	checkMistakes(t, nil, dir, []mistake{
		{"scenario", "connectmock scenario needs one of: run, validate, new, record, list, show, docs, schema"},
		{"scenario run", ""},
		{"scenario run DIR/missing.yaml", `"library" for those that come with connectmock`},
		{"scenario run DIR/bad.yaml", `bad.yaml:6:11: unknown operation "GetVault"`},
		{"scenario validate DIR/good.yaml DIR/bad.yaml", `bad.yaml:6:11: unknown operation "GetVault"`},
		{"scenario run DIR/empty", "empty: there is no scenario in"},
		{"scenario list DIR/good.yaml DIR/good.yaml", "two scenarios have the id good, or one was named twice"},
		{"scenario run library --tag nothing", `no scenario has the tag "nothing"; there are: `},
		{"scenario run library --id nothing", `no scenario has an id as "nothing"`},
		{"scenario run library --id [", `id "[": syntax error in pattern`},
		{"scenario run library --tag tokens --id bulk-create", "no scenario has both such a tag and such an id"},
		{"scenario new DIR/good.yaml", "good.yaml exists already and was not overwritten"},
		{"scenario new DIR/no/folder.yaml", "no/folder.yaml"},
		{"scenario run DIR/good.yaml --allow-writes", "--allow-writes is given, but no server"},
		{"scenario run DIR/good.yaml --control http://127.0.0.1:1", "--control is given, but no server"},
		{"scenario run DIR/good.yaml --timeout 0s", "--timeout and --run-timeout must be above 0"},
		{"scenario run DIR/good.yaml --parallel -1", "--parallel must be above 0"},
		{"scenario run DIR/good.yaml --report pdf=run.pdf", `--report: there is no format "pdf"`},
		{"scenario run DIR/good.yaml --report json=DIR/good.yaml/run.json", "its folder can't be made"},
		{"scenario run DIR/asks.yaml", `needs the input "name", which was not given`},
		{"scenario run DIR/asks.yaml --input nothing", "--input nothing: there is no variable of that name"},
		{"scenario run DIR/asks.yaml --input =x", "--input must be NAME=VALUE"},
		{"scenario run DIR/asks.yaml --input name=x --input nmae=y", `no scenario has an input "nmae"`},
	})
	// No server at the URL, or not all that is needed.
	checkMistakes(t, []string{"OP_CONNECT_HOST=http://127.0.0.1:1", "OP_CONNECT_TOKEN=hunter2"}, dir, []mistake{
		{"scenario run DIR/good.yaml", "connection refused"},
		{"scenario run DIR/good.yaml --control http://127.0.0.1:1", "the control of a mock needs its token, which the mock" +
			" printed when it started: give it by CONNECTMOCK_CONTROL_TOKEN"},
		{"scenario run DIR/good.yaml --allow-writes", "no vault is named"},
	})
	checkMistakes(t, []string{"OP_CONNECT_TOKEN=hunter2"}, dir, []mistake{
		{"scenario run DIR/good.yaml", "OP_CONNECT_TOKEN is given, but no server"},
	})
	control := []string{
		"OP_CONNECT_HOST=http://127.0.0.1:1", "OP_CONNECT_TOKEN=hunter2",
		"CONNECTMOCK_CONTROL=http://127.0.0.1:1", "CONNECTMOCK_CONTROL_TOKEN=hunter3",
	}
	checkMistakes(t, control, dir, []mistake{
		{"scenario run DIR/good.yaml", "the control API at http://127.0.0.1:1 can't be reached: "},
	})
}
