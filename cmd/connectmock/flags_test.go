package main

import (
	"bytes"
	"errors"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/cmd/connectmock/cliflag"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// everyCommand calls visit with each command that does something, and its path.
func everyCommand(root *cobra.Command, visit func(path []string, c *cobra.Command)) {
	for _, c := range root.Commands() {
		if c.HasSubCommands() {
			everyCommand(c, visit)
		} else {
			visit(strings.Fields(c.CommandPath())[1:], c)
		}
	}
}

// invalidValues returns values that a flag must refuse.
func invalidValues(f *pflag.Flag) (values []string) {
	value := f.Value
	if inner, ok := value.(cliflag.NonEmptyValue); ok {
		value, values = inner.Value, []string{"", " "}
	}
	if _, isWords := value.(*cliflag.Words); isWords {
		return values
	}
	switch value.Type() {
	case "bool", "int", "int64", "uint64", "float64", "duration", "size", "func":
		return append(values, "hunter")
	case "string", "text":
		return values
	}
	return append(values, "=") // NAME=VALUE and its like
}

// runWithoutEffects runs a command line in an empty folder. It must not listen, and
// must leave no file.
func runWithoutEffects(t *testing.T, environ []string, words ...string) (code int, output string) {
	t.Helper()
	var out bytes.Buffer
	code = run(t.Context(), words, &cli.Streams{
		In: strings.NewReader(""), Out: &out, Err: &out, Environ: environ,
		Listen: func(addr string) (net.Listener, error) {
			t.Errorf("%q listened on %s", words, addr)
			return nil, errors.New("no listener for this test")
		},
	})
	left, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range left {
		t.Errorf("%q left %s behind", words, file.Name())
		_ = os.RemoveAll(file.Name()) // for the next one; the folder is the test's
	}
	return code, out.String()
}

// Every command checks its flags before it listens or writes, and names the flag.
func TestEveryFlag_RefusesInvalidValuesFirst(t *testing.T) {
	t.Chdir(t.TempDir()) // so not parallel
	seen := 0
	everyCommand(newRoot(&cli.Streams{}), func(line []string, c *cobra.Command) {
		c.InheritedFlags() // merges them into Flags
		c.Flags().VisitAll(func(f *pflag.Flag) {
			if f.Name == "help" {
				return
			}
			for _, value := range invalidValues(f) {
				seen++
				code, output := runWithoutEffects(t, nil, append(slices.Clone(line), "--"+f.Name+"="+value)...)
				if code != cli.ExitUsage || !strings.Contains(output, "--"+f.Name) || strings.Contains(output, "panic") {
					t.Errorf("%q --%s=%s: exit code %d\n%s", line, f.Name, value, code, output)
				}
			}
		})
	})
	if seen < 300 {
		t.Errorf("only %d values were tried", seen)
	}
}

// So are values that are invalid for other reasons than their type, and flags that
// exclude each other. Each line of servers follows a valid store and address.
func TestMistakes_AreFoundBeforeListeningAndWriting(t *testing.T) {
	t.Chdir(t.TempDir()) // so not parallel
	dir := files(t, map[string]string{
		"bad.yaml": "vautls: []\n", "good.yaml": "vaults: []\n", "file/x": "",
		"deviations.yaml": "- {rule: health/heartbeat, reason: x, owner: x, expires: soon}\n",
		"s.yaml":          "scenario: 1\nid: s\ntitle: S\ninputs: {name: {about: any}}\nsteps:\n  - {id: list, call: GetVaults, expect: {status: 200}}\n",
	})
	servers := []mistake{
		{"--addr 80", `--addr: "80" is not HOST:PORT`},
		{"--addr 127.0.0.1:99999", "--addr: "},
		{"--control on", `--control: "on" is not HOST:PORT`},
		{"--control 8081", `--control: "8081" is not HOST:PORT`},
		{"--control 0.0.0.0:0", "choose one with --control-token"},
		{"--control off --control-token two~words", "--control-token: it is ASCII without spaces"},
		{"--control-host http://connect:8081", "is not the name of a host"},
		{"--quirk put-verison=new", `did you mean "put-version"?`},
		{"--store DIR/missing/db", "make it, or name another file"},
		{"--store memory", "write memory: to keep nothing, or ./memory for the file"},
		{"--store :memory:", "write memory: to keep nothing"},
		{"--store DIR/file", "this is a folder; name a file in it"},
		{"--store DIR/bad.yaml/db", "is not a folder"},
		{"--ready-file DIR/missing/ready.json", "--ready-file"},
		{"--ready-file DIR/file", "--ready-file"},
		{"--tls-self-signed --tls-cert-out DIR/missing/mock.pem", "--tls-cert-out"},
		{"--tls-cert-out DIR/mock.pem", "it needs --tls-self-signed"},
		{"--tls-cert DIR/bad.yaml", "tls-key"},
		{"--tls-cert DIR/bad.yaml --tls-key DIR/bad.yaml", "bad.yaml with the key"},
		{"--tls-cert DIR/missing.pem --tls-key DIR/bad.yaml", "missing.pem"},
		{"--fixture DIR/bad.yaml", "bad.yaml:1:1: "},
		{"--fixture DIR/missing.yaml", "missing.yaml"},
		{"--fixture DIR/good.yaml --generate items=3", "fixture"},
		{"--generate cups=3", `can't generate "cups"; there are: vaults, items`},
		{"--generate itmes=3", `did you mean "items"?`},
		{"--generate vaults=0", "at least one vault"},
		{"--generate items=-1", "items needs a number"},
		{"--spec DIR/bad.yaml", "bad.yaml"},
		{"--spec DIR/missing.yaml", "missing.yaml"},
		{"--spec -", "open -: no such file"},
		{"--tls-cert - --tls-key -", "open -: no such file"},
		{"--quirk put=new", `unknown quirk "put"`},
		{"--quirk put-version=newest", "put-version can't be"},
		{"--check-responses --quirk content-path=bare", "content-path=bare"},
		{"--connect-version latest", `"latest"`},
		{"--connect-version 01.8.2", `connect version "01.8.2" is not three numbers as 1.8.2, without leading zeros`},
		{"--token hunter2", "--token: must be NAME=VALUE"},
		{"--token ci=two~words", "ASCII without spaces"},
		{"--max-body 0", "--max-body"},
		{"--body-timeout -1s", "--body-timeout can't be below 0"},
		{"--max-inline-file-size-kb 0", "--max-inline-file-size-kb must be above 0"},
		{"--max-inline-file-size-kb -1", "inline files -1 KiB"},
		{"--journal-size -1", "--journal-size is a number"},
		{"--journal-size 0 --journal-bodies", "--journal-bodies: no journal is kept"},
		{"--cache-size -1", `"-1" is not a size`},
		{"--activity-retention 0", "--activity-retention"},
		{"--resett", `did you mean "--reset"?`},
	}
	var all []mistake
	for _, m := range servers {
		good := "--store memory: --addr 127.0.0.1:0 "
		all = append(all, mistake{"serve " + good + m.line, m.says}, mistake{"exec " + good + m.line + " -- true", m.says})
	}
	all = append(all, []mistake{
		{"Serve", `unknown command "Serve"; did you mean "serve"? There are: `},
		{"start", `unknown command "start"; did you mean "connectmock serve"?`},
		{"run", `did you mean "connectmock contract run", "connectmock scenario run" or "connectmock serve"?`},
		{"faults list", `did you mean "connectmock ctl fault"?`},
		{"cups", `unknown command "cups"; there are: `},
		{"serve now", "connectmock serve takes no argument; it got 1"},
		{"serve 9090", "takes no argument; listen on that port with --addr 127.0.0.1:9090"},
		{"contract run --host http://127.0.0.1", `unknown flag: --host; did you mean "--target"?`},
		{"scenario run --url=http://127.0.0.1 library", `did you mean "--target"?`},
		{"serve --port 9000", `unknown flag: --port; did you mean "--addr"?`},
		{"serve --console perhaps", "neither on nor off"},
		{"serve --control off --console on", "the console is part of the control"},
		{"serve --control off --open", "there is no console to open"},
		{"serve --console off --open", "there is no console to open"},
		{"serve --drain -1s", "--drain can't be below 0"},
		{"exec", "exec needs a command"},
		{"exec --parallel-accounts 501 -- true", "--parallel-accounts"},
		{"exec --parallel-accounts -1 -- true", "--parallel-accounts"},
		{"fixtures generate --vaults 0", "at least one vault"},
		{"fixtures generate --files -1", "no number below 0"},
		{"fixtures generate --files 3 --items 0", "need items"},
		{"fixtures generate --now soon", "--now: "},
		{"token create ci --permission all", "--permission"},
		{"token create ci --vault V=all", "--vault: "},
		{"token create ci --expires soon", "--expires: "},
		{"token create ci --not-before soon", "--not-before: "},
		{"token create ci", "there is no store connectmock.db"},
		{"token list --store memory:", "a store in memory"},
		{"contract run --rule itmes/*", "items/"},
		{"contract run --rule [", "syntax error in pattern"},
		{"contract run --level MUTS", `did you mean "MUST"?`},
		{"contract run --coverage-gate 2", "share from 0 to 1"},
		{"contract run --deviations DIR/missing.yaml", "--deviations: "},
		{"contract run --deviations DIR/deviations.yaml", "deviations.yaml"},
		{"contract run --report pdf=run.pdf", "pdf"},
		{"contract run --timeout 0s", "must be above 0"},
		{"contract run --within 5", `--within: "5" is not a duration as 500ms, 30s or 10m`},
		{"contract run --within 0s", "must be above 0"},
		{"contract run --run-timeout 0s", "must be above 0"},
		{"contract run --allow-writes", "--allow-writes is given, but no server"},
		{"contract run --vault V", "--vault is given, but no server"},
		{"contract plan --level MUTS", `did you mean "MUST"?`},
		{"contract plan --rule itmes/*", "items/"},
		{"contract coverage --coverage-gate -1", "share from 0 to 1"},
		{"contract coverage --report-json DIR/missing.json", "missing.json"},
		{"contract sweep", "name the server to sweep"},
		{"contract explain items/raed", `did you mean "items/read-as-listed"`},
		{"contract list itmes/*", "items/"},
		{"scenario run DIR/missing.yaml", "missing.yaml"},
		{"scenario run DIR/s.yaml --timeout 0s --input name=x", "must be above 0"},
		{"scenario run DIR/s.yaml --parallel -1 --input name=x", "--parallel must be above 0"},
		{"scenario run DIR/s.yaml", `needs the input "name"`},
		{"scenario run DIR/s.yaml --input name=x --input nmae=y", `no scenario has an input "nmae"`},
		{"scenario run DIR/s.yaml --input name=x --id S1", `no scenario has an id as "S1"`},
		{"scenario run library --id token-rotatoin", `did you mean "token-rotation"`},
		{"scenario run library --tag tokns", `did you mean "tokens"?`},
		{"ping missing", "a URL as http://127.0.0.1:8080"},
		{"ping --timeout 0s", "--timeout must be above 0"},
		{"spec check DIR/bad.yaml", "bad.yaml"},
		{"contract runn", `did you mean "run"?`},
		{"quirks now", "connectmock quirks takes no argument; it got 1"},
	}...)
	for _, x := range all {
		code, output := runWithoutEffects(t, nil, x.words(dir)...)
		if code != cli.ExitUsage || !strings.Contains(output, x.says) || strings.Contains(output, "hunter") ||
			strings.Contains(output, "a mock in this process") && !strings.Contains(x.says, "no server") {
			t.Errorf("%s: exit code %d, output\n%s\nwant 2 and %q", x.line, code, output, x.says)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "mock.pem")); err == nil {
		t.Error("--tls-cert-out was written")
	}
}
