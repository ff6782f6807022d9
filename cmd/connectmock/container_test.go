package main

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
	"syscall"
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
	var environ []string
	for _, entry := range strings.Fields(line("ENV")) {
		if name, _, _ := strings.Cut(entry, "="); !slices.Contains(known, name) {
			t.Errorf("serve has no variable %s", name)
		}
		environ = append(environ, entry)
	}
	// The health check looks for a server with these variables.
	health := list(line("HEALTHCHECK"))
	if c, _, err := root.Find(health[1:]); err != nil || c.Name() != "ping" || len(health) != 2 {
		t.Errorf("%q is not ping: %v", health, err)
	}
	for _, tt := range []struct{ more, want string }{
		{"", "http://127.0.0.1:8080 https://127.0.0.1:8443"},
		{"OP_HTTP_PORT=9000", "http://127.0.0.1:9000 https://127.0.0.1:8443"},
		{"OP_HTTPS_PORT=9443", "http://127.0.0.1:8080 https://127.0.0.1:9443"},
		{"CONNECTMOCK_ADDR=[::1]:9001", "http://[::1]:9001 https://[::1]:9001"},
		{"CONNECTMOCK_ADDR=nonsense:x", "http://127.0.0.1:8080 https://127.0.0.1:8443"},
		{"CONNECTMOCK_TLS_SELF_SIGNED=true", "https://127.0.0.1:8443"},
		{"CONNECTMOCK_TLS_SELF_SIGNED=false", "http://127.0.0.1:8080 https://127.0.0.1:8443"},
		{"CONNECTMOCK_TLS_CERT=cert.pem", "https://127.0.0.1:8443"},
		{"OP_TLS_CERT_FILE=cert.pem", "https://127.0.0.1:8443"},
	} {
		got := ownURLs(&cli.Streams{Environ: append(slices.Clone(environ), tt.more)})
		if strings.Join(got, " ") != tt.want {
			t.Errorf("%q: the health check requests %q, want %s", tt.more, got, tt.want)
		}
	}
	for _, port := range []string{"8080", "8443"} {
		if !slices.Contains(strings.Fields(line("EXPOSE")), port) {
			t.Errorf("port %s is not exposed", port)
		}
	}
}

// The folder is most often a bind mount of root's.
func TestExplainStore_SaysWhichUserMustWriteWhere(t *testing.T) {
	t.Parallel()
	s := &settings{store: "/data/connectmock.db"}
	for _, cause := range []error{fs.ErrPermission, syscall.EACCES, syscall.EROFS} {
		text := s.explainStore(fmt.Errorf("open /data/connectmock.db.lock: %w", cause)).Error()
		for _, want := range []string{"/data", fmt.Sprintf("user %d", os.Getuid()), "docker run --user", "--store memory:"} {
			if !strings.Contains(text, want) {
				t.Errorf("%v: %q is missing: %s", cause, want, text)
			}
		}
	}
	if got := s.explainStore(fs.ErrExist); got != fs.ErrExist {
		t.Errorf("another error became %v", got)
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
