package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/connectmock/connectmock/mockserver/faults"
	"github.com/spf13/pflag"
)

func readme(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// blocks are the code blocks of one language.
func blocks(text, language string) (all []string) {
	for _, m := range regexp.MustCompile("(?s)```"+language+"\n(.*?)```").FindAllStringSubmatch(text, -1) {
		all = append(all, m[1])
	}
	return all
}

// The answer the README shows is the one a newcomer gets.
func TestREADMEShowsTheRealAnswer(t *testing.T) {
	t.Parallel()
	shown := blocks(readme(t), "json")
	if len(shown) != 1 {
		t.Fatalf("%d blocks of JSON, want the answer of the curl line alone", len(shown))
	}
	s := connecttest.NewServer(t, connecttest.WithoutSocket())
	res, err := s.Client.Get(s.URL + "/v1/vaults")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	got, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatal(res.Status, err)
	}
	if strings.TrimSpace(shown[0]) != string(got) {
		t.Errorf("README shows\n%s\nthe server answers\n%s", shown[0], got)
	}
}

// Every flag of serve stands in the README, and every flag there is one.
func TestREADMEKnowsTheFlags(t *testing.T) {
	t.Parallel()
	root := newRoot(&shell{out: io.Discard, err: io.Discard})
	serve, _, err := root.Find([]string{"serve"})
	if err != nil {
		t.Fatal(err)
	}
	_, table, found := strings.Cut(readme(t), "## serve")
	if !found {
		t.Fatal("there is no table of flags")
	}
	serve.LocalFlags().VisitAll(func(f *pflag.Flag) {
		if f.Name != "help" && !strings.Contains(table, "`--"+f.Name+"`") {
			t.Errorf("--%s is missing", f.Name)
		}
	})
	for _, m := range regexp.MustCompile("`--([a-z-]+)`").FindAllStringSubmatch(table, -1) {
		if serve.LocalFlags().Lookup(m[1]) == nil {
			t.Errorf("there is no flag --%s", m[1])
		}
	}
}

// The table of presets is that of the faults.
func TestREADMEKnowsThePresets(t *testing.T) {
	t.Parallel()
	var want strings.Builder
	for _, p := range faults.Presets() {
		fmt.Fprintf(&want, "| `%s` | %s | %s |\n", p.Name, p.About, p.Finds)
	}
	if !strings.Contains(readme(t), "|---|---|---|\n"+want.String()+"\n") {
		t.Errorf("the table should be\n%s", want.String())
	}
}

// Every command line in the README is one this program understands, and every
// target of make is there.
func TestREADMECommandsExist(t *testing.T) {
	t.Parallel()
	makefile, err := os.ReadFile("../../Makefile")
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, block := range blocks(readme(t), "sh") {
		for _, line := range strings.Split(block, "\n") {
			words := strings.Fields(strings.SplitN(line, "#", 2)[0])
			switch {
			case len(words) > 1 && words[0] == "make":
				seen++
				if !bytes.Contains(makefile, []byte("\n"+words[1]+":")) {
					t.Errorf("there is no target %q", words[1])
				}
			case len(words) > 1 && words[0] == "connectmock":
				seen++
				c, rest, err := newRoot(&shell{out: io.Discard, err: io.Discard}).Find(words[1:])
				if err != nil || c.Name() == "connectmock" {
					t.Errorf("%q is no command: %v", line, err)
				}
				for _, word := range rest {
					if word == "--" {
						break // the rest is another program's
					}
					if name, ok := strings.CutPrefix(word, "--"); ok && name != "" && c.Flag(name) == nil {
						t.Errorf("%q: there is no flag %s", line, word)
					}
				}
			}
		}
	}
	if seen < 6 {
		t.Errorf("only %d command lines found: is the README read right?", seen)
	}
}
