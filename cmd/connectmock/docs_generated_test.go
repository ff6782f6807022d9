package main

import (
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/cmd/connectmock/cliflag"
	"github.com/connectmock/connectmock/mockserver"
	"github.com/connectmock/connectmock/mockserver/faults"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// Parts of pages are generated from what they describe. -update writes them.
func TestDocs_HaveGeneratedPartsThatAreUpToDate(t *testing.T) {
	t.Parallel()
	for name, part := range map[string]struct{ page, text string }{
		"serve":      {"serve", flagTable(commandAt(t, "serve"))},
		"commands":   {"commands", commandList(newRoot(&cli.Streams{Out: io.Discard, Err: io.Discard}), 1)},
		"faults":     {"faults", faultFlagTable(commandAt(t, "ctl fault add"))},
		"presets":    {"faults", presetTable()},
		"quirks":     {"quirks", quirkSections()},
		"versions":   {"connect-versions", versionSections()},
		"fixtures":   {"fixtures", fixtureTables(t)},
		"tools":      {"assistants", toolTable(t)},
		"categories": {"fixtures", categoryTable()},
	} {
		t.Run(name, func(t *testing.T) { // one after the other: a page may have two parts
			checkGenerated(t, "../../docs/"+part.page+".md", name, part.text)
		})
	}
}

// checkGenerated compares the part of a page between two marks with a text.
func checkGenerated(t *testing.T, file, name, want string) {
	t.Helper()
	text := fileText(t, file)
	begin, end := "<!-- generated:"+name+" -->\n", "<!-- /generated:"+name+" -->\n"
	before, rest, found := strings.Cut(text, begin)
	got, after, closed := strings.Cut(rest, end)
	if !found || !closed {
		t.Fatalf("%s has no marks %s", file, begin)
	}
	if want = "\n" + strings.TrimSpace(want) + "\n\n"; got == want {
		return
	}
	if *update {
		if err := os.WriteFile(file, []byte(before+begin+want+end+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	t.Errorf("%s: %s is out of date: go test ./cmd/connectmock -run Docs_HaveGenerated -update", file, name)
}

// commandAt returns a command by its name below connectmock.
func commandAt(t *testing.T, path string) *cobra.Command {
	t.Helper()
	c, _, err := newRoot(&cli.Streams{Out: io.Discard, Err: io.Discard}).Find(strings.Fields(path))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// cell returns a text for a cell of a table.
func cell(text string) string {
	return strings.NewReplacer("|", `\|`, "\n", " ", "*", `\*`, "<", `\<`).Replace(text)
}

// variablesInUsage matches what bindEnvironment adds to the help of a flag.
var variablesInUsage = regexp.MustCompile(` \[\$[^]]*\]`)

// flagTable returns a table of the flags of a command.
func flagTable(c *cobra.Command) string {
	var b strings.Builder
	b.WriteString("| flag | what it does, and its variables |\n|---|---|\n")
	c.LocalFlags().VisitAll(func(f *pflag.Flag) {
		if f.Name == "help" {
			return
		}
		value, usage := pflag.UnquoteUsage(f)
		usage = cell(variablesInUsage.ReplaceAllString(usage, ""))
		if f.DefValue != "" && !slices.Contains([]string{"false", "0", "[]"}, f.DefValue) {
			usage += " (default `" + f.DefValue + "`)"
		}
		fmt.Fprintf(&b, "| `%s` | %s · `%s` |\n", cell(strings.TrimSpace("--"+f.Name+" "+value)), usage,
			strings.Join(cliflag.Variables(f), "`, `"))
	})
	return b.String()
}

// commandList returns a list of the commands below c with what each does.
func commandList(c *cobra.Command, level int) string {
	var b strings.Builder
	for _, sub := range c.Commands() {
		if !sub.IsAvailableCommand() || sub.Name() == "help" {
			continue
		}
		fmt.Fprintf(&b, "%s- `%s`: %s\n", strings.Repeat("  ", level-1), sub.CommandPath(), cell(sub.Short))
		b.WriteString(commandList(sub, level+1))
	}
	return b.String()
}

// faultFlagTable returns a table of what a fault can have, as a flag and in a file.
func faultFlagTable(c *cobra.Command) string {
	irregular := map[string]string{"operation": "operations", "header": "headers", "drop-header": "dropHeaders", "per-token": "per: token"}
	var b strings.Builder
	b.WriteString("| flag | in files | |\n|---|---|---|\n")
	c.Flags().VisitAll(func(f *pflag.Flag) { // in their own order: which requests, how often, what happens
		if f.Name == "help" || f.Name == "file" || c.InheritedFlags().Lookup(f.Name) != nil {
			return
		}
		member := irregular[f.Name]
		if member == "" {
			words := strings.Split(f.Name, "-")
			for i := range words[1:] {
				words[i+1] = strings.ToUpper(words[i+1][:1]) + words[i+1][1:]
			}
			member = strings.Join(words, "")
		}
		_, usage := pflag.UnquoteUsage(f)
		fmt.Fprintf(&b, "| `--%s` | `%s` | %s |\n", f.Name, member, cell(variablesInUsage.ReplaceAllString(usage, "")))
	})
	return b.String()
}

func presetTable() string {
	var b strings.Builder
	b.WriteString("| preset | what happens | what it brings to light | evidence |\n|---|---|---|---|\n")
	for _, p := range faults.Presets() {
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", p.Name, cell(p.About), cell(p.Finds), cell(p.Evidence))
	}
	return b.String()
}

func quirkSections() string {
	var b strings.Builder
	for _, q := range mockserver.Quirks() {
		fmt.Fprintf(&b, "### %s\n\n`%s`: %s.\n\n%s\n\n", q.Name, q.Usage(), cell(q.About), cell(q.Evidence))
		if len(q.Undocumented) > 0 {
			fmt.Fprintf(&b, "Not in the document, so that `--check-responses` refuses it: `%s`.\n\n", strings.Join(q.Undocumented, "`, `"))
		}
	}
	return b.String()
}

// versionSections returns what changed from version to version, by the version that ended it.
func versionSections() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Known versions: %s. The default is %s.\n", strings.Join(mockserver.KnownVersions(), ", "),
		mockserver.DefaultConnectVersion)
	heading := ""
	for _, c := range mockserver.VersionChanges() {
		if c.Versions() != heading {
			heading = c.Versions()
			fmt.Fprintf(&b, "\n### %s\n\n", cell(strings.ToUpper(heading[:1])+heading[1:]))
		}
		shown := "not shown: " + cell(c.NotShown)
		switch {
		case c.Quirk != "":
			shown = "`--quirk " + c.Quirk + "=" + c.Value + "`"
		case c.Preset != "":
			shown = "preset `" + c.Preset + "`"
		}
		if c.NotShown != "" && c.Quirk+c.Preset != "" {
			shown += ", not turned on: " + cell(c.NotShown)
		}
		fmt.Fprintf(&b, "- %s (%s). %s", cell(c.About), shown, cell(c.Evidence))
		if len(c.Breaks) > 0 {
			fmt.Fprintf(&b, ". Breaks `%s`", strings.Join(c.Breaks, "`, `"))
		}
		b.WriteString("\n")
	}
	return b.String()
}
