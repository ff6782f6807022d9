//go:build unix

package main

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/cmd/connectmock/locate"
	"github.com/connectmock/connectmock/fixtures"
)

var update = flag.Bool("update", false, "write what is generated in the documentation again")

// knownNeeds are the reasons for which a block of commands is not run.
var knownNeeds = map[string]string{
	"bench":   "takes minutes",
	"brew":    "is Homebrew",
	"browser": "opens one",
	"docker":  "needs a daemon",
	"helm":    "is not installed everywhere",
	"kubectl": "needs a cluster",
	"network": "downloads something",
	"nix":     "is not installed everywhere",
	"release": "needs the files of a release",
	"server":  "needs a real Connect server, or one of your own",
}

// The test runs the commands of every page in order, in one shell and one folder for each page, beside a server of
// their own. Commands of "sh" must succeed; those of "console" must print what the page shows. YAML that begins with
// the comment "# NAME.yaml" is the file of that name. Blocks that can't be run say what they need, and stand in
// testdata/docs/not-run.txt. testdata/docs/bin has what stands for programs of the reader.
func TestDocs_RunEveryCommand(t *testing.T) {
	t.Parallel()
	for _, program := range []string{"sh", "curl", "make"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("there is no %s", program)
		}
	}
	pages := readDocs(t)
	for _, name := range slices.Sorted(maps.Keys(pages)) {
		if blocks := readBlocks(pages[name]); slices.ContainsFunc(blocks, docBlock.isRun) {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				runBlocks(t, blocks)
			})
		}
	}
}

func (b docBlock) isRun() bool { return b.isCommands() && len(b.needs) == 0 }

// Nothing is left out silently: the list has each command that is not run.
func TestDocs_ListWhatIsNotRun(t *testing.T) {
	t.Parallel()
	const list = "testdata/docs/not-run.txt"
	var b strings.Builder
	run, left, pages := 0, 0, readDocs(t)
	for _, name := range slices.Sorted(maps.Keys(pages)) {
		for _, block := range readBlocks(pages[name]) {
			switch {
			case block.isRun():
				run += len(block.commands())
				continue
			case !block.isCommands():
				if strings.HasPrefix(block.text, "$ ") || slices.Contains([]string{"bash", "shell", "fish"}, block.language) {
					t.Errorf("%s: commands are in blocks of sh or console, not %q:\n%s", name, block.language, block.text)
				}
				continue
			}
			for _, need := range block.needs {
				if knownNeeds[need] == "" {
					t.Errorf("%s: a block needs %q, which is none of %v", name, need, slices.Sorted(maps.Keys(knownNeeds)))
				}
			}
			for _, command := range block.commands() {
				left++
				fmt.Fprintf(&b, "%s, %s: %s\n", name, strings.Join(block.needs, ","), command)
			}
		}
	}
	t.Logf("%d commands are run, %d are not", run, left)
	if run < 4*left {
		t.Errorf("%d commands are run and %d are not: too few", run, left)
	}
	if *update {
		if err := os.WriteFile(list, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got := fileText(t, list); got != b.String() {
		t.Errorf("%s should be (make golden writes it)\n%s", list, b.String())
	}
}

// runBlocks runs the commands of a page.
func runBlocks(t *testing.T, blocks []docBlock) {
	texts := map[string]string{}
	var script strings.Builder
	for i, b := range blocks {
		first, _, _ := strings.Cut(b.text, "\n")
		if name, found := strings.CutPrefix(first, "# "); found && b.language == "yaml" && !strings.Contains(name, " ") {
			texts[name] = b.text
		}
		if b.isRun() {
			b.writeScript(&script, i)
		}
	}
	dir := files(t, texts)
	if err := os.Symlink(filepath.Join(repository(t), "examples"), filepath.Join(dir, "examples")); err != nil {
		t.Fatal(err)
	}
	startChild(t, func(c *exec.Cmd) { c.Dir = dir })
	server := readyAt(t, filepath.Join(dir, "ready.json"))
	places := strings.NewReplacer("OP_CONNECT_TOKEN=eyJhbGciOi...", "OP_CONNECT_TOKEN="+server.Token,
		"OP_CONNECT_TOKEN=...", "OP_CONNECT_TOKEN="+server.Token, "https://connect.example.com", server.URL,
		"http://127.0.0.1:8080", server.URL, "http://127.0.0.1:8081", server.Control,
		"sha256:DIGEST", "sha256:"+strings.Repeat("5e", 32), "VAULT_ID", fixtures.Demo().Accounts[0].Vaults[0].ID)
	c := exec.Command("sh", "-e", "-c", places.Replace(script.String()))
	c.Dir, c.Env = dir, docsEnviron(t, dir, server)
	if out, err := c.CombinedOutput(); err != nil {
		at, _ := os.ReadFile(filepath.Join(dir, "at")) // empty before the first block
		t.Fatalf("%s\n%v\n%s", at, err, out)
	}
	for i, b := range blocks {
		if b.isRun() && b.language == "console" {
			b.checkOutputs(t, filepath.Join(dir, fmt.Sprint("out-", i)))
		}
	}
}

// docsEnviron returns the environment of a page's commands. Of the contract and of wrong servers they run a few.
func docsEnviron(t *testing.T, dir string, server locate.Ready) []string {
	t.Helper()
	bin := filepath.Join(repository(t), "cmd/connectmock/testdata/docs/bin")
	program, err := exec.LookPath("connectmock")
	if err != nil {
		t.Fatal(err)
	}
	return append(environWithoutServer(),
		"PATH="+bin+":"+os.Getenv("PATH"), "PROGRAM="+program, "REPOSITORY="+repository(t),
		"HOME="+dir, "TMPDIR="+dir, "OP_CONNECT_HOST="+server.URL, "OP_CONNECT_TOKEN="+server.Token,
		"CONNECTMOCK_CONTROL="+server.Control, "CONNECTMOCK_CONTROL_TOKEN="+server.ControlToken,
		"CONNECTMOCK_RULE=health/*", "CONNECTMOCK_SELECT=body/vault-list-in-object", "CONNECTMOCK_TIMEOUT=10m")
}

// writeScript writes the commands of block number i as a script. Those of console may fail, and each has a file for
// its output.
func (b docBlock) writeScript(script *strings.Builder, i int) {
	if b.language == "sh" {
		fmt.Fprintf(script, "cat >at <<'END-OF-BLOCK'\n%sEND-OF-BLOCK\n{\n%s} </dev/null\n", b.text, b.text)
		return
	}
	for n, part := range b.prompts() {
		command, _, _ := strings.Cut(part, "\n")
		fmt.Fprintf(script, "{\n%s\n} >out-%d-%d 2>&1 </dev/null || true\n", command, i, n)
	}
}

// prompts returns the commands of a console block, each with the output that follows it.
func (b docBlock) prompts() []string { return strings.Split("\n"+b.text, "\n$ ")[1:] }

// checkOutputs compares the output of each command with the block, in which "..." stands for anything.
func (b docBlock) checkOutputs(t *testing.T, files string) {
	t.Helper()
	for n, part := range b.prompts() {
		command, shown, _ := strings.Cut(part, "\n")
		shown = strings.TrimSuffix(shown, "\n")
		want := regexp.QuoteMeta(replaceVariableParts(shown))
		want = strings.ReplaceAll(want, "\n"+`\.\.\.`, `(?s:.*?)`)
		want = strings.ReplaceAll(want, `\.\.\.`, `.*?`)
		got := strings.TrimSuffix(fileText(t, fmt.Sprintf("%s-%d", files, n)), "\n")
		if !regexp.MustCompile(`^` + want + `$`).MatchString(replaceVariableParts(got)) {
			t.Errorf("$ %s\nthe page shows\n%s\nthe output is\n%s", command, shown, got)
		}
	}
}

// replaceVariableParts replaces what differs from run to run: moments, ids, durations
// and addresses.
func replaceVariableParts(text string) string {
	for _, x := range [][2]string{
		{`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ`, "MOMENT"}, {`\b[a-z2-7]{26}\b`, "ID"}, {`\bin \d[\dms.]*s\b`, "in TIME"},
		{`\b127\.0\.0\.1:\d+`, "ADDRESS"},
	} {
		text = regexp.MustCompile(x[0]).ReplaceAllString(text, x[1])
	}
	return text
}
