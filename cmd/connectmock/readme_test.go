package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/goccy/go-yaml"
)

// blocks returns the code blocks of one language.
func blocks(text, language string) (all []string) {
	for _, m := range regexp.MustCompile("(?s)```"+language+"\n(.*?)```").FindAllStringSubmatch(text, -1) {
		all = append(all, m[1])
	}
	return all
}

// The first screen says how to start it, and what it does not ask of anybody.
func TestREADME_HasTheFirstResultOnItsFirstScreen(t *testing.T) {
	t.Parallel()
	lines := strings.SplitAfter(readDocs(t)["README.md"], "\n")
	first := strings.Join(lines[:40], "")
	for _, want := range []string{"no telemetry, no account, no paid tier", "make run", "\n$ curl ", `"name":"Deployments"`} {
		if !strings.Contains(first, want) {
			t.Errorf("%q is not in the first 40 lines", want)
		}
	}
}

// The commands are those of this program, also in a container, and targets of make. Those that are not run are
// checked too, and those within sentences.
func TestDocs_HaveKnownCommands(t *testing.T) {
	t.Parallel()
	makefile := []byte(fileText(t, "../../Makefile"))
	seen := map[string]int{}
	for name, text := range readDocs(t) {
		for _, b := range readBlocks(text) {
			if b.isCommands() {
				for _, line := range b.commands() {
					checkLine(t, name, line, makefile, seen)
				}
			}
		}
		text = codeFence.ReplaceAllString(text, "")
		for _, m := range regexp.MustCompile("`((?:connectmock|make) [a-z][^`]*)`").FindAllStringSubmatch(text, -1) {
			checkLine(t, name, m[1], makefile, seen)
		}
	}
	if seen["connectmock"] < 100 || seen["make"] < 8 || seen["docker"] < 3 {
		t.Errorf("only these command lines were found: %v; has the form of the pages changed?", seen)
	}
}

// checkLine checks a command line that begins with the name of a known program.
func checkLine(t *testing.T, page, line string, makefile []byte, seen map[string]int) {
	t.Helper()
	words := strings.Fields(strings.SplitN(line, " #", 2)[0])
	if len(words) < 2 {
		return
	}
	seen[words[0]]++
	line = page + ": " + line
	switch words[0] {
	case "make":
		if !bytes.Contains(makefile, []byte("\n"+words[1]+":")) {
			t.Errorf("%s: there is no target %q", line, words[1])
		}
	case "connectmock":
		checkCommand(t, line, words[1:])
	case "docker":
		at := slices.IndexFunc(words, func(word string) bool { return strings.HasSuffix(word, "connectmock") })
		switch words[1] {
		case "run": // what follows the image are arguments of its entry point
			checkCommand(t, line, containerArgs(append([]string{containerWord}, words[at+1:]...)))
		case "exec":
			checkCommand(t, line, words[at+1:])
		}
	}
}

// checkCommand checks that the command and the flags of a command line exist.
func checkCommand(t *testing.T, line string, words []string) {
	t.Helper()
	root := newRoot(&cli.Streams{Out: io.Discard, Err: io.Discard})
	root.InitDefaultCompletionCmd()
	c, rest, err := root.Find(words)
	if err != nil || c.Name() == "connectmock" {
		t.Errorf("%q is not a command: %v", line, err)
		return
	}
	for _, word := range rest {
		if word == "--" || word == "|" {
			return // the rest belongs to another program
		}
		name, isFlag := strings.CutPrefix(word, "--")
		name, _, _ = strings.Cut(name, "=")
		if isFlag && name != "" && name != "help" && c.Flag(name) == nil {
			t.Errorf("%q: there is no flag %s", line, word)
		}
	}
}

// A reader needs nothing but the import paths on the page.
func TestDocs_HaveGoCodeThatCompiles(t *testing.T) {
	t.Parallel()
	root, dir, pages := repository(t), t.TempDir(), readDocs(t)
	overlay, args := map[string]string{}, []string{"build", "-overlay", filepath.Join(dir, "overlay.json")}
	for _, name := range slices.Sorted(maps.Keys(pages)) {
		for _, block := range blocks(pages[name], "go") {
			sdk := regexp.MustCompile("official Go SDK, `([^`]+)`").FindStringSubmatch(pages[name])
			code := "package page\n\n" + block
			if !strings.HasPrefix(block, "import ") { // statements
				if sdk == nil {
					t.Fatalf("%s does not name the import path of the Go SDK", name)
				}
				code = fmt.Sprintf("package page\n\nimport (\n\"fmt\"\n\"log\"\n\"os\"\n%q\n)\n\nfunc statements() {\n%s}\n", sdk[1], block)
			}
			files := map[string]string{"code.go": code}
			if strings.Contains(block, "run(") {
				files["yours.go"] = "package page\n\nimport \"github.com/connectmock/connectmock/mockserver/connecttest\"\n\n" +
					"var server *connecttest.Server\n\nfunc run(url, token string) {}\n"
			}
			folder := fmt.Sprintf("docs/block%d", len(args)) // exists only in the overlay
			args = append(args, "./"+folder)
			for file, text := range files {
				at := filepath.Join(dir, strings.ReplaceAll(folder, "/", "-")+file)
				if err := os.WriteFile(at, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
				overlay[filepath.Join(root, folder, file)] = at
			}
		}
	}
	if len(args) < 6 {
		t.Fatalf("only %d blocks of Go", len(args)-3)
	}
	text, err := json.Marshal(map[string]any{"Replace": overlay})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(args[2], text, 0o600); err != nil {
		t.Fatal(err)
	}
	c := exec.Command("go", args...)
	c.Dir = root
	if out, err := c.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestDocs_HaveDataThatParses(t *testing.T) {
	t.Parallel()
	seen := 0
	for name, text := range readDocs(t) {
		for _, b := range readBlocks(text) {
			if b.language != "yaml" && b.language != "json" {
				continue
			}
			seen++
			var value any
			if err := yaml.Unmarshal([]byte(b.text), &value); err != nil { // JSON is YAML
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	if seen < 10 {
		t.Errorf("only %d blocks of data were found", seen)
	}
}

func TestDocs_NameAValidToken(t *testing.T) {
	t.Parallel()
	named := regexp.MustCompile("a short token too, `([^`]+)`").FindStringSubmatch(readDocs(t)["docs/first-minute.md"])
	if named == nil {
		t.Fatal("the short token of the demo data is not named")
	}
	m := startMock(t)
	request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/v1/vaults", http.NoBody)
	request.Header.Set("Authorization", "Bearer "+named[1])
	response := httptest.NewRecorder()
	if m.Server.ServeHTTP(response, request); response.Code != http.StatusOK {
		t.Errorf("%s: status %d", named[1], response.Code)
	}
}
