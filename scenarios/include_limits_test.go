package scenarios_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/connectmock/connectmock/scenarios"
)

func TestLoad_LimitsWhatFragmentsAdd(t *testing.T) {
	t.Parallel()
	const head, step = "scenario: 1\nid: a\ntitle: T\nsteps:\n", "  - {call: GetVaults, expect: {status: 200}}\n"
	include := func(n int) string { return fmt.Sprintf("  - include: f%02d.yaml\n", n) }
	// chain makes fragments that include the next one some times each, and the last with some steps.
	chain := func(depth, times, steps int) fstest.MapFS {
		files := fstest.MapFS{"a.yaml": {Data: []byte(head + strings.Repeat(include(0), times))}}
		for i := range depth {
			text := "fragment: 1\nsteps:\n" + strings.Repeat(include(i+1), times)
			if i == depth-1 {
				text = "fragment: 1\nsteps:\n" + strings.Repeat(step, steps)
			}
			files[fmt.Sprintf("f%02d.yaml", i)] = &fstest.MapFile{Data: []byte(text)}
		}
		return files
	}
	big := chain(1, 300, 1)
	big["f00.yaml"].Data = append(big["f00.yaml"].Data, strings.Repeat("# a comment\n", 8000)...)
	for name, c := range map[string]struct {
		files fstest.MapFS
		want  string // of the message
		at    string // file of its place
	}{
		"the next one twice, 22 deep": {chain(22, 2, 1), "more than 1000 fragments are included in one scenario", "f20.yaml"},
		"a long chain":                {chain(60, 1, 1), "fragments include one another more than 50 deep", "f49.yaml"},
		"many steps":                  {chain(2, 5, 1001), "fragments make more than 10000 steps of one scenario", "f01.yaml"},
		"many bytes":                  {big, "the fragments included in one scenario are more than 16777216 bytes", "a.yaml"},
		"within the limits":           {chain(6, 2, 3), "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := scenarios.Load(c.files, "a.yaml")
			var mistakes *scenarios.Error
			if c.want == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if !errors.As(err, &mistakes) || len(mistakes.Problems) != 1 {
				t.Fatalf("%.500v", err)
			}
			if p := mistakes.Problems[0]; p.Message != c.want || p.File != c.at || p.Line == 0 {
				t.Errorf("%+v", p)
			}
		})
	}
}
