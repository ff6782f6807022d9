package mcp

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/openapi"
	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// A new operation of the control gets a tool without a change here, unless it is about files that a tool can't pass on.
func TestTools_AreTheOperationsOfTheControl(t *testing.T) {
	t.Parallel()
	a := start(t, false, Output{})
	listed, err := a.ListTools(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	tools := map[string]*sdk.Tool{}
	for _, tool := range listed.Tools {
		tools[tool.Name] = tool
		if tool.Description == "" || tool.Annotations == nil {
			t.Errorf("%s has no description or annotations", tool.Name)
		}
	}
	doc, err := openapi.Control()
	if err != nil {
		t.Fatal(err)
	}
	for _, op := range doc.Operations {
		tool := tools[toolName(op.ID)]
		switch {
		case hasFile(op) != (tool == nil):
			t.Errorf("%s is about files: %v; it has a tool: %v", op.ID, hasFile(op), tool != nil)
		case tool != nil && (op.Method == http.MethodGet || op.ID == "VerifyJournal") != tool.Annotations.ReadOnlyHint:
			t.Errorf("%s: read-only is %v", op.ID, tool.Annotations.ReadOnlyHint)
		case tool != nil && op.Method == http.MethodDelete && !*tool.Annotations.DestructiveHint:
			t.Errorf("%s is not marked as destructive", op.ID)
		}
	}
}

// hasFile reports whether an operation sends or returns what is neither JSON nor YAML.
func hasFile(op *openapi.Operation) bool {
	if body := op.Spec().RequestBody; body != nil && body.Value.Content[mediaJSON] == nil {
		return true
	}
	for status, response := range op.Spec().Responses.Map() {
		content := response.Value.Content
		if strings.HasPrefix(status, "2") && len(content) > 0 && content[mediaJSON] == nil {
			return true
		}
	}
	return false
}

func TestTools_HaveValidSchemasWithoutReferences(t *testing.T) {
	t.Parallel()
	a := start(t, false, Output{})
	listed, err := a.ListTools(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	compiled := map[string]*jsonschema.Schema{}
	for _, tool := range listed.Tools {
		text, err := json.Marshal(tool.InputSchema)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), `"$ref"`) || strings.Contains(string(text), "readOnly") {
			t.Errorf("%s: %s", tool.Name, text)
		}
		document, err := jsonschema.UnmarshalJSON(strings.NewReader(string(text)))
		if err != nil {
			t.Fatal(err)
		}
		c := jsonschema.NewCompiler()
		if err := c.AddResource(tool.Name, document); err != nil {
			t.Fatal(err)
		}
		if compiled[tool.Name], err = c.Compile(tool.Name); err != nil {
			t.Errorf("%s: %v", tool.Name, err)
		}
	}
	fault := compiled["mock_add_fault"]
	for arguments, valid := range map[string]bool{
		`{"abort": 503, "operations": ["GetVaults"]}`: true, `{"abort": {"status": 503}}`: true, `{"delay": "2s"}`: true,
		`{"abrot": 503}`: false, `{"abort": 503, "phase": "during"}`: false, `{"abort": 503, "struck": 1}`: false,
	} {
		value, err := jsonschema.UnmarshalJSON(strings.NewReader(arguments))
		if err != nil {
			t.Fatal(err)
		}
		if err := fault.Validate(value); (err == nil) != valid {
			t.Errorf("%s: %v", arguments, err)
		}
	}
}

func TestTools_ControlTheMock(t *testing.T) {
	t.Parallel()
	a := start(t, false, Output{})
	a.expect(t, "mock_overview", nil, `"version":"1.8.2"`)
	a.expect(t, "mock_create_account", map[string]any{"name": "checkout"}, `"name":"checkout"`)
	a.expect(t, "mock_accounts", nil, "checkout")
	a.expect(t, "mock_save_snapshot", map[string]any{"account": "checkout", "name": "before"}, `"name":"before"`)
	fixture := "vaults: [{name: Pantry, items: [{title: Jam, category: LOGIN}]}]"
	a.expect(t, "mock_load_fixture", map[string]any{"account": "checkout", "add": true, "body": fixture}, `"items":1`)
	a.expect(t, "mock_vaults", map[string]any{"account": "checkout"}, "Pantry")
	a.expect(t, "mock_items", map[string]any{"account": "checkout", "vault": "Pantry", "limit": 5}, "Jam")
	a.expect(t, "mock_diff_snapshots", map[string]any{"account": "checkout", "name": "before"}, `"change":"added"`)
	a.expect(t, "mock_restore_snapshot", map[string]any{"account": "checkout", "name": "before"}, "done")
	a.expect(t, "mock_vaults", map[string]any{"account": "checkout"}, "!Pantry")
	a.expect(t, "mock_set_clock", map[string]any{"account": "checkout", "advance": "2h"}, `"own":true`)
	a.expect(t, "mock_add_fault", map[string]any{"name": "down", "operations": []string{"GetVaults"}, "abort": 503}, `"down"`)
	if res, err := a.mock.Client.Get(a.mock.URL + "/v1/vaults"); err != nil || res.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("the fault was not applied: %v, %v", res, err)
	}
	a.expect(t, "mock_journal", map[string]any{"status": "503"}, `"faults":["down"]`)
	a.expect(t, "mock_explain", map[string]any{"id": 1}, `"check":"fault"`)
	a.expect(t, "mock_verify_journal",
		map[string]any{"expect": []any{map[string]any{"operation": "GetVaults", "count": 1}}}, `"ok":true`)
	a.expect(t, "mock_remove_fault", map[string]any{"name": "down"}, "done")
	a.expect(t, "mock_change_token", map[string]any{"token": "read-write", "permission": "read"}, `"permission":"read"`)
	a.expect(t, "mock_delete_account", map[string]any{"account": "checkout", "nothing": nil}, "done")
	a.expect(t, "mock_reset", nil, "done")
}

// What the control rejects, and what a tool rejects itself, is a result that an assistant can act on.
func TestTools_ExplainMistakes(t *testing.T) {
	t.Parallel()
	a := start(t, false, Output{})
	a.refuse(t, "mock_add_fault", map[string]any{"abrot": 503}, `there is no argument "abrot"`, `did you mean "abort"?`)
	a.refuse(t, "mock_add_fault", map[string]any{"abort": 42}, "abort")
	a.refuse(t, "mock_delete_account", nil, `the argument "account" is missing`)
	a.refuse(t, "mock_vaults", map[string]any{"account": "nobody"}, `"nobody"`)
	a.refuse(t, "mock_vaults", map[string]any{"account": []string{"a"}}, "account: it is a string, a number or a boolean")
	a.refuse(t, "mock_load_fixture", map[string]any{"body": 3}, "the document is a string")
	a.refuse(t, "mock_load_fixture", map[string]any{"body": "vautls: []"}, "fixture:1:1", "vaults")
	a.refuse(t, "mock_delete_account", map[string]any{"account": ".."}, "must not be empty")
	a.refuse(t, "mock_explain", map[string]any{"id": 99}, "99")
}

func TestTools_ShowNoSecrets(t *testing.T) {
	t.Parallel()
	item := map[string]any{"vault": "Deployments", "item": "Web Shop Admin"}
	const password = "correct-horse-battery-staple"
	a := start(t, false, Output{})
	a.expect(t, "mock_create_account", map[string]any{"name": "x"}, `"token":"[redacted]"`, "--reveal-secrets shows them", "!eyJ")
	a.expect(t, "mock_issue_token", map[string]any{"name": "new"}, `"value":"[redacted]"`, "!eyJ")
	a.expect(t, "mock_list_tokens", nil, `"value":"[redacted]"`, "!eyJ", "!"+a.mock.Token)
	for _, tool := range []string{"mock_item", "mock_item_document"} {
		a.expect(t, tool, item, "admin@example.com", "!"+password)
		a.refuse(t, tool, map[string]any{"vault": "Deployments", "item": "Web Shop Admin", "reveal": true},
			"--reveal-secrets", "!"+password)
	}
	revealing := start(t, true, Output{})
	revealing.expect(t, "mock_list_tokens", nil, "eyJ", "![redacted]")
	item["reveal"] = true
	revealing.expect(t, "mock_item", item, password)
}
