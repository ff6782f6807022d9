package main

import (
	"strings"
	"testing"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/cmd/connectmock/cliflag"
	"github.com/spf13/pflag"
)

func TestServe_HasAVariableForEveryFlag(t *testing.T) {
	t.Parallel()
	serve, _, err := newRoot(&cli.Streams{}).Find([]string{"serve"})
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	serve.Flags().VisitAll(func(f *pflag.Flag) {
		seen++
		want := "CONNECTMOCK_" + strings.ToUpper(strings.ReplaceAll(f.Name, "-", "_"))
		if f.Name == "control" { // CONNECTMOCK_CONTROL is the URL for clients
			want += "_ADDR"
		}
		isBound := f.Name != "help" && cliflag.Variables(f)[0] == want && strings.Contains(f.Usage, "$"+want)
		if f.Name != "help" && !isBound {
			t.Errorf("--%s: %v, help %q", f.Name, f.Annotations, f.Usage)
		}
	})
	if seen < 20 {
		t.Errorf("only %d flags", seen)
	}
}
