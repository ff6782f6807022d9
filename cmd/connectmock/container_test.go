package main

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/cmd/connectmock/cliflag"
	"github.com/google/go-cmp/cmp"
	"github.com/spf13/pflag"
)

func TestContainerArgs_AreFlagsOfServeOrASubcommand(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"container":                             "serve",
		"container --token ci=abc":              "serve --token ci=abc",
		"container -v":                          "serve -v",
		"container serve --reset":               "serve --reset",
		"container contract run":                "contract run",
		"container connectmock ctl show":        "ctl show",
		"container connectmock":                 "serve",
		"container connectmock --store memory:": "serve --store memory:",
		"container --help":                      "--help",
		"container --version":                   "--version",
		"container container":                   "container",
		"ctl show":                              "ctl show",
		"":                                      "",
	} {
		if got := strings.Join(containerArgs(strings.Fields(given)), " "); got != want {
			t.Errorf("%q: %q, want %q", given, got, want)
		}
	}
}

func TestDockerfile_HasKnownArgumentsAndVariables(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("../../Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	_, final, found := strings.Cut(strings.ReplaceAll(string(data), "\\\n", ""), "\nFROM scratch\n")
	if !found {
		t.Fatal("the image is not built from scratch")
	}
	line := func(name string) string {
		m := regexp.MustCompile(`(?m)^` + name + ` (.*)$`).FindStringSubmatch(final)
		if m == nil {
			t.Fatalf("there is no %s", name)
		}
		return m[1]
	}
	list := func(text string) (words []string) {
		if err := json.Unmarshal([]byte(text[strings.Index(text, "["):]), &words); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		return words
	}
	if diff := cmp.Diff([]string{"connectmock", containerWord}, list(line("ENTRYPOINT"))); diff != "" {
		t.Error(diff)
	}
	if user := line("USER"); !strings.HasSuffix(user, ":0") {
		t.Errorf("user %s is not in group 0, which may write to /data", user)
	}
	root := newRoot(&cli.Streams{})
	serve, _, err := root.Find(containerArgs([]string{containerWord}))
	if err != nil || serve.Name() != "serve" {
		t.Fatalf("a container runs %s: %v", serve.Name(), err)
	}
	var known []string
	serve.Flags().VisitAll(func(f *pflag.Flag) { known = append(known, cliflag.Variables(f)...) })
	for _, entry := range strings.Fields(line("ENV")) {
		if name, _, _ := strings.Cut(entry, "="); !slices.Contains(known, name) {
			t.Errorf("serve has no variable %s", name)
		}
	}
	health := list(line("HEALTHCHECK"))
	if c, _, err := root.Find(health[1:]); err != nil || c.Name() != "ping" || len(health) != 2 {
		t.Errorf("%q is not ping: %v", health, err)
	}
	for _, port := range []string{"8080", "8443"} {
		if !slices.Contains(strings.Fields(line("EXPOSE")), port) {
			t.Errorf("port %s is not exposed", port)
		}
	}
}

func TestServe_ReportsAFolderThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	if os.Getuid() == 0 {
		t.Skip("root writes everywhere")
	}
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o500); err != nil {
		t.Fatal(err)
	}
	checkMistakes(t, nil, dir, []mistake{
		{"serve --addr 127.0.0.1:0 --control off --store DIR/db", "let that user write to " + dir},
	})
}
