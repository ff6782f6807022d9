//go:build unix

package main

import (
	"fmt"
	"io"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/cmd/connectmock/cliflag"
	"github.com/connectmock/connectmock/contract"
	"github.com/connectmock/connectmock/fixtures"
)

type composeService struct {
	Command     []string
	Environment map[string]string
	Healthcheck struct{ Test []string }
}

// readCompose returns the services of docker-compose.yml.
func readCompose(t *testing.T) map[string]composeService {
	t.Helper()
	var file struct{ Services map[string]composeService }
	decodeFile(t, "../../docker-compose.yml", &file)
	return file.Services
}

// The contract service uses a vault of the demo data.
func TestCompose_HasKnownCommandsAndVariables(t *testing.T) {
	t.Parallel()
	services := readCompose(t)
	var commands [][]string
	for _, service := range services {
		commands = append(commands, service.Command)
		if test := service.Healthcheck.Test; len(test) > 2 {
			commands = append(commands, test[2:]) // CMD, the program
		}
	}
	if len(commands) != 3 {
		t.Fatalf("%d commands: %q", len(commands), commands)
	}
	for _, words := range commands {
		args := containerArgs(append([]string{containerWord}, words...))
		c, rest, err := newRoot(&cli.Streams{Out: io.Discard, Err: io.Discard}).Find(args)
		if err != nil || c.Name() == "connectmock" {
			t.Fatalf("%q is not a command: %v", words, err)
		}
		if err := c.ParseFlags(rest); err != nil {
			t.Errorf("%q: %v", words, err)
		}
	}
	known := cliflag.KnownVariables(newRoot(&cli.Streams{}))
	for name, service := range services {
		for variable := range service.Environment {
			if !slices.Contains(known, variable) {
				t.Errorf("service %s has the variable %s, which nothing reads", name, variable)
			}
		}
	}
	vault := services["contract"].Environment["OP_VAULT"]
	if !slices.ContainsFunc(fixtures.Demo().Accounts[0].Vaults, func(v fixtures.Vault) bool { return v.ID == vault }) {
		t.Errorf("the demo data has no vault %q", vault)
	}
}

// The profile "contract" tests every rule. The test runs the commands of both services as they are, but for their
// addresses. The control is reached as the name that the service has in the network of Compose.
func TestCompose_TestsEveryRule(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("runs all rules against a process: 8 s")
	}
	services := readCompose(t)
	environment := func(service string, more ...string) []string {
		all := environWithoutServer()
		for name, value := range services[service].Environment {
			all = append(all, name+"="+value)
		}
		return append(append(all, "CONNECTMOCK_STORE=connectmock.db"), more...)
	}
	server := startChild(t, func(c *exec.Cmd) {
		c.Args = append([]string{"connectmock", containerWord}, services["connect"].Command...)
		at := slices.Index(c.Args, "0.0.0.0:8081")
		if at < 0 {
			t.Fatalf("the control is not at port 8081: %q", c.Args)
		}
		c.Args[at] = "127.0.0.1:0"
		c.Args = append(c.Args, "--ready-file", "ready.json")
		c.Env = environment("connect", "CONNECTMOCK_ADDR=127.0.0.1:0")
	})
	run := exec.Command("connectmock", append([]string{containerWord}, services["contract"].Command...)...)
	run.Dir = server.dir // both have the volume
	control := behindName(t, readyAt(t, server.dir+"/ready.json").Control, "connect:8081")
	for _, entry := range environment("contract") {
		entry = strings.Replace(entry, "http://connect:8080", server.url, 1)
		run.Env = append(run.Env, strings.Replace(entry, "http://connect:8081", control, 1))
	}
	out, err := run.CombinedOutput()
	want := regexp.MustCompile(fmt.Sprintf(`(?m)^contract of .*: %d pass in `, len(contract.Rules())))
	if text := string(out); err != nil || !want.MatchString(text) || strings.Contains(text, "not tested") {
		t.Errorf("not every rule passes: %v\n%s", err, text)
	}
}

// behindName starts a proxy to a server, which gets the requests under another name. It returns the URL of the proxy.
func behindName(t *testing.T, server, name string) string {
	t.Helper()
	to, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httptest.NewServer(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(to)
		r.Out.Host = name
	}})
	t.Cleanup(proxy.Close)
	return proxy.URL
}
