package mcp

import (
	"io/fs"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/docs"
	"github.com/google/go-cmp/cmp"
	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
)

func TestCommandTools_RunCommands(t *testing.T) {
	t.Parallel()
	a := start(t, false, Output{Text: "text\n", Messages: "progress\n"})
	for _, tt := range []struct {
		tool      string
		arguments map[string]any
		want      string
	}{
		{"contract_list", nil, "contract list --"},
		{"contract_list", map[string]any{"patterns": []string{"items/*", "--json"}}, "contract list -- items/* --json"},
		{"contract_explain", map[string]any{"rule": "health/heartbeat"}, "contract explain -- health/heartbeat"},
		{"contract_run", map[string]any{"rules": []string{"health/*"}, "levels": []string{"MUST"}},
			"contract run --rule=health/* --level=MUST -- with a token of its own"},
		{"contract_run", map[string]any{"against_version": "1.5.4"},
			"contract run --against-version=1.5.4 -- with a token of its own"},
		{"scenario_run", map[string]any{"paths": []string{"library"}, "ids": []string{"a*", "b"}, "inputs": map[string]any{"y": "2", "x": "1"}},
			"scenario run --id=a* --id=b --input=x=1 --input=y=2 -- library"},
		{"audit", nil, "ctl audit --"},
		{"audit", map[string]any{"account": "checkout"}, "ctl audit --account=checkout --"},
	} {
		a.ran = nil
		a.expect(t, tt.tool, tt.arguments, "text", "!progress", "!exit code")
		if len(a.ran) != 1 || strings.Join(a.ran[0], " ") != tt.want {
			t.Errorf("%s ran %q, not %q", tt.tool, a.ran, tt.want)
		}
	}
	a.expect(t, "mock_accounts", nil, "!contract-") // the account of the run is gone
}

func TestCommandTools_ReportFailures(t *testing.T) {
	t.Parallel()
	failed := start(t, false, Output{Text: "1 fail", Messages: "progress", Code: 1})
	failed.expect(t, "scenario_run", map[string]any{"paths": []string{"library"}}, "1 fail", "(exit code 1)", "!progress")
	broken := start(t, false, Output{Messages: "no such file", Code: 2})
	broken.refuse(t, "scenario_run", map[string]any{"paths": []string{"x.yaml"}}, "no such file", "(exit code 2)")
}

func TestCommandTools_ExplainMistakes(t *testing.T) {
	t.Parallel()
	a := start(t, false, Output{})
	for _, path := range []string{"../secret.yaml", "/etc/passwd", ""} {
		a.refuse(t, "scenario_validate", map[string]any{"paths": []string{path}}, "not below the working directory")
	}
	a.refuse(t, "scenario_run", nil, `the argument "paths" is missing`)
	a.refuse(t, "scenario_run", map[string]any{"paths": "library"}, "paths: this is not of the type strings")
	a.refuse(t, "contract_run", map[string]any{"rule": "x"}, `there is no argument "rule"`, `did you mean "rules"?`)
	a.refuse(t, "contract_run", map[string]any{"rules": []string{"a,b"}}, "give several values as several")
	if a.ran != nil {
		t.Errorf("commands ran: %q", a.ran)
	}
}

func TestResources_HaveDocumentsAndEveryPage(t *testing.T) {
	t.Parallel()
	a := start(t, false, Output{})
	listed, err := a.ListResources(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	for _, r := range listed.Resources {
		read, err := a.ReadResource(t.Context(), &sdk.ReadResourceParams{URI: r.URI})
		if err != nil {
			t.Fatal(err)
		}
		if texts[r.Name] = read.Contents[0].Text; r.Description == "" || texts[r.Name] == "" {
			t.Errorf("%s has no description or no text", r.URI)
		}
	}
	for name, part := range map[string]string{
		"openapi/connect.yaml": "openapi: 3", "openapi/control.yaml": "AddFault", "evidence/quirks.json": `"evidence"`,
		"evidence/presets.json": "intermittent-403", "fixtures/demo.yaml": "vaults:", "scenarios/reference.md": "#",
		"agents.md": "Do not mock the SDK", "docs/install.md": "# Install",
	} {
		if !strings.Contains(texts[name], part) {
			t.Errorf("%s lacks %q", name, part)
		}
	}
	pages, err := fs.Glob(docs.FS, "*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range pages {
		if texts["docs/"+page] == "" {
			t.Errorf("the page %s is no resource", page)
		}
	}
}

func TestInstructions_NameTheMockAndTheFlagForSecrets(t *testing.T) {
	t.Parallel()
	for _, reveal := range []bool{false, true} {
		a := start(t, reveal, Output{})
		text := a.InitializeResult().Instructions
		got := []bool{strings.Contains(text, a.mock.URL), strings.Contains(text, "--reveal-secrets")}
		if diff := cmp.Diff([]bool{true, !reveal}, got); diff != "" {
			t.Errorf("%s\n%s", diff, text)
		}
	}
}
