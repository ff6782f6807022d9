package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
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

// blocks returns the code blocks of one language.
func blocks(text, language string) (all []string) {
	for _, m := range regexp.MustCompile("(?s)```"+language+"\n(.*?)```").FindAllStringSubmatch(text, -1) {
		all = append(all, m[1])
	}
	return all
}

func TestREADME_ShowsTheRealResponse(t *testing.T) {
	t.Parallel()
	shown := blocks(readme(t), "json")
	if len(shown) != 1 {
		t.Fatalf("%d blocks of JSON, want the response to the curl line alone", len(shown))
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
		t.Errorf("README shows\n%s\nthe server returns\n%s", shown[0], got)
	}
}

func TestREADME_ListsTheFlagsOfServe(t *testing.T) {
	t.Parallel()
	root := newRoot(&streams{out: io.Discard, err: io.Discard})
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

func TestREADME_ListsThePresets(t *testing.T) {
	t.Parallel()
	var want strings.Builder
	for _, p := range faults.Presets() {
		fmt.Fprintf(&want, "| `%s` | %s | %s |\n", p.Name, p.About, p.Finds)
	}
	if !strings.Contains(readme(t), "|---|---|---|\n"+want.String()+"\n") {
		t.Errorf("the table should be\n%s", want.String())
	}
}

// The commands are those of this program, also in a container, and targets of make.
func TestREADME_HasKnownCommands(t *testing.T) {
	t.Parallel()
	makefile, err := os.ReadFile("../../Makefile")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]int{}
	for _, block := range blocks(readme(t), "sh") {
		for _, line := range strings.Split(block, "\n") {
			words := strings.Fields(strings.SplitN(line, "#", 2)[0])
			if len(words) < 2 {
				continue
			}
			seen[words[0]]++
			switch words[0] {
			case "make":
				if !bytes.Contains(makefile, []byte("\n"+words[1]+":")) {
					t.Errorf("there is no target %q", words[1])
				}
			case "connectmock":
				checkCommand(t, line, words[1:])
			case "docker":
				at := slices.Index(words, "connectmock")
				switch words[1] {
				case "run": // what follows the image are arguments of its entry point
					checkCommand(t, line, containerArgs(append([]string{containerWord}, words[at+1:]...)))
				case "exec":
					checkCommand(t, line, words[at+1:])
				}
			}
		}
	}
	if seen["connectmock"] < 6 || seen["make"] < 3 || seen["docker"] < 3 {
		t.Errorf("only these command lines were found: %v; has the form of the README changed?", seen)
	}
}

// checkCommand checks that the command and the flags of a command line exist.
func checkCommand(t *testing.T, line string, words []string) {
	t.Helper()
	c, rest, err := newRoot(&streams{out: io.Discard, err: io.Discard}).Find(words)
	if err != nil || c.Name() == "connectmock" {
		t.Errorf("%q is not a command: %v", line, err)
		return
	}
	for _, word := range rest {
		if word == "--" {
			return // the rest belongs to another program
		}
		if name, ok := strings.CutPrefix(word, "--"); ok && name != "" && c.Flag(name) == nil {
			t.Errorf("%q: there is no flag %s", line, word)
		}
	}
}

// A reader needs nothing but the import paths in the README.
func TestREADME_HasGoCodeThatCompiles(t *testing.T) {
	t.Parallel()
	text := readme(t)
	sdk := regexp.MustCompile("official Go SDK, `([^`]+)`").FindStringSubmatch(text)
	if sdk == nil {
		t.Fatal("the import path of the Go SDK is not named")
	}
	all := blocks(text, "go")
	if len(all) < 3 {
		t.Fatalf("only %d blocks of Go", len(all))
	}
	for i, block := range all {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			code := "package readme\n\n" + block
			if !strings.HasPrefix(block, "import ") { // statements
				code = fmt.Sprintf("package readme\n\nimport (\n\"fmt\"\n\"log\"\n\"os\"\n%q\n)\n\nfunc statements() {\n%s}\n", sdk[1], block)
			}
			files := map[string]string{"code_test.go": code}
			if strings.Contains(block, "run(") {
				files["yours_test.go"] = "package readme\n\nimport \"github.com/connectmock/connectmock/mockserver/connecttest\"\n\n" +
					"var server *connecttest.Server\n\nfunc run(url, token string) {}\n"
			}
			dir := t.TempDir()
			args := []string{"vet"}
			for name, text := range files {
				name = filepath.Join(dir, name)
				if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
				args = append(args, name)
			}
			if out, err := exec.Command("go", args...).CombinedOutput(); err != nil {
				t.Errorf("%v\n%s\n%s", err, out, code)
			}
		})
	}
}

func TestREADME_NamesAValidTokenAndExistingFiles(t *testing.T) {
	t.Parallel()
	text := readme(t)
	named := regexp.MustCompile("a short token too, `([^`]+)`").FindStringSubmatch(text)
	if named == nil {
		t.Fatal("the short token of the demo data is not named")
	}
	m := start(t, "")
	t.Cleanup(func() { _ = m.close() })
	m.token = named[1]
	m.open(t, "/v1/vaults") // fails unless the status is 200
	for _, link := range regexp.MustCompile(`\]\(([^):]+)\)`).FindAllStringSubmatch(text, -1) {
		if _, err := os.Stat(filepath.Join("../..", link[1])); err != nil {
			t.Errorf("a link is broken: %v", err)
		}
	}
	for _, command := range regexp.MustCompile(`go install (\./\S+)`).FindAllStringSubmatch(text, -1) {
		if _, err := os.Stat(filepath.Join("../..", command[1], "main.go")); err != nil {
			t.Errorf("%s: %v", command[0], err)
		}
	}
}
