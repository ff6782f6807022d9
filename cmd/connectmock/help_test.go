package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
)

// What is wrong as a command line is wrong after help too.
func TestHelp_RefusesUnknownCommands(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"nope":                `unknown command "nope"; there are: `,
		"start":               `unknown command "start"; did you mean "connectmock serve"?`,
		"ctl nope":            `connectmock ctl has no "nope"; there are: `,
		"ctl show vault":      `connectmock ctl show has no "vault"; did you mean "vaults"?`,
		"serve 8080":          "connectmock serve takes no argument; listen on that port with --addr",
		"":                    "",
		"serve":               "",
		"ctl show vaults":     "",
		"fixtures validate":   "",
		"exec":                "",
		"fixtures validate x": "",
	} {
		var out, stderr bytes.Buffer
		code := run(t.Context(), append([]string{"help"}, strings.Fields(line)...), &cli.Streams{Out: &out, Err: &stderr})
		if refused := want != ""; (code == cli.ExitUsage) != refused || (code == cli.ExitOK) == refused {
			t.Errorf("help %s: exit code %d", line, code)
		} else if !strings.Contains(stderr.String(), want) || refused == strings.Contains(out.String(), "Usage:") {
			t.Errorf("help %s printed\n%s\nand to standard error\n%s", line, &out, &stderr)
		}
	}
}
