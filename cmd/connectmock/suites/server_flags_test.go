package suites

import (
	"bytes"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/spf13/cobra"
)

func TestCheck_RefusesVariablesWithoutAServer(t *testing.T) {
	t.Parallel()
	const blank = "OP_CONNECT_HOST and OP_CONNECT_TOKEN are set, but empty"
	for name, tt := range map[string]struct {
		environ, args []string
		want          string // of the error; empty: none
	}{
		"neither":             {nil, nil, ""},
		"both empty":          {[]string{"OP_CONNECT_HOST=", "OP_CONNECT_TOKEN="}, nil, blank},
		"both blank":          {[]string{"OP_CONNECT_HOST=\n", "OP_CONNECT_TOKEN= "}, nil, blank},
		"empty at the end":    {[]string{"OP_CONNECT_HOST=http://x", "OP_CONNECT_HOST=", "OP_CONNECT_TOKEN="}, nil, blank},
		"one empty":           {[]string{"OP_CONNECT_HOST="}, nil, ""},
		"the other empty":     {[]string{"OP_CONNECT_TOKEN="}, nil, ""},
		"empty, and a vault":  {[]string{"OP_CONNECT_HOST=", "OP_CONNECT_TOKEN="}, []string{"--vault", "v"}, blank},
		"empty, and a target": {[]string{"OP_CONNECT_HOST=", "OP_CONNECT_TOKEN="}, []string{"--target", "http://x"}, ""},
		"a vault":             {nil, []string{"--vault", "v"}, "--vault is given, but no server"},
		"a token":             {nil, []string{"--token", "hunter2"}, "--token is given, but no server"},
	} {
		var s ServerFlags
		c := &cobra.Command{}
		s.Bind(c, ServerUsage{})
		if err := c.ParseFlags(tt.args); err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		err := s.Check(c.Flags(), &cli.Streams{Err: &out, Environ: tt.environ})
		if tt.want == "" {
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: error %v, want %q", name, err, tt.want)
		}
	}
}
