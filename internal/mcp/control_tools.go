package mcp

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"unicode"

	"github.com/connectmock/connectmock/openapi"
	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/getkin/kin-openapi/openapi3"
	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
)

// Media types that a tool can send and return.
const (
	mediaJSON = "application/json"
	mediaYAML = "application/yaml"
)

const (
	bodyArgument   = "body"   // of a request whose members can't be arguments
	revealArgument = "reveal" // asks for secrets
)

// controlTool is a tool for an operation of the control API. Its arguments are the parameters of the operation, and the
// members of its body unless a parameter has the name of one.
type controlTool struct {
	operation *openapi.Operation
	in        map[string]string    // where each parameter is: openapi3.ParameterInPath or InQuery
	kind      string               // media type of the body; empty: none
	flat      bool                 // the members of the body are arguments
	response  *openapi3.SchemaRef  // of success; nil: without a body
	input     map[string]any       // JSON Schema of the arguments
	known     []string             // names of the arguments
	reveal    bool                 // secrets are shown
	hints     *sdk.ToolAnnotations // for people who allow calls
	client    *controlapi.Client   // of the mock
	required  []string             // names of the required arguments
}

// addControlTools adds a tool for each operation of the control API that works with JSON or YAML.
func (s *Server) addControlTools() error {
	doc, err := openapi.Control()
	if err != nil {
		return err
	}
	for _, op := range doc.Operations {
		tool, err := newControlTool(op, schemas(doc.OpenAPI.Components.Schemas), s.options.RevealSecrets)
		if err != nil {
			return fmt.Errorf("the tool for %s: %w", op.ID, err)
		}
		if tool == nil {
			continue
		}
		tool.client = s.options.Control
		s.server.AddTool(&sdk.Tool{
			Name: toolName(op.ID), Title: op.Spec().Summary, InputSchema: tool.input, Annotations: tool.hints,
			Description: strings.TrimSpace(op.Spec().Summary + ". " + op.Spec().Description),
		}, tool.handle)
	}
	return nil
}

// toolName returns the name of the tool for an operation: mock_add_fault for AddFault.
func toolName(id string) string {
	var b strings.Builder
	b.WriteString("mock")
	for _, r := range id {
		if unicode.IsUpper(r) {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// newControlTool returns nil for an operation whose body or response is neither JSON nor YAML.
func newControlTool(op *openapi.Operation, all schemas, reveal bool) (*controlTool, error) {
	t := &controlTool{operation: op, in: map[string]string{}, reveal: reveal, hints: hintsOf(op)}
	if !t.readResponse() {
		return nil, nil
	}
	properties := map[string]any{}
	for _, p := range op.Parameters() {
		if p.Name == revealArgument && !reveal {
			continue
		}
		schema, err := all.inline(p.Schema)
		if err != nil {
			return nil, err
		}
		if p.Description != "" {
			schema["description"] = p.Description
		}
		t.in[p.Name], properties[p.Name] = p.In, schema
		if p.Required {
			t.required = append(t.required, p.Name)
		}
	}
	if body := op.Spec().RequestBody; body != nil {
		if ok, err := t.readBody(body.Value, all, properties); !ok || err != nil {
			return nil, err
		}
	}
	t.known = slices.Sorted(maps.Keys(properties))
	t.input = map[string]any{"type": "object", "properties": properties, "additionalProperties": false}
	if len(t.required) > 0 {
		t.input["required"] = t.required
	}
	return t, nil
}

// readResponse notes the schema of the response. It reports whether a tool can return it.
func (t *controlTool) readResponse() bool {
	for status, response := range t.operation.Spec().Responses.Map() {
		if !strings.HasPrefix(status, "2") || len(response.Value.Content) == 0 {
			continue
		}
		media := response.Value.Content[mediaJSON]
		if media == nil {
			return false
		}
		t.response = media.Schema
	}
	return true
}

// readBody adds arguments for a body. It reports whether a tool can send it.
func (t *controlTool) readBody(body *openapi3.RequestBody, all schemas, properties map[string]any) (bool, error) {
	if body.Content[mediaYAML] != nil {
		t.kind = mediaYAML
		properties[bodyArgument] = map[string]any{"type": "string", "description": "The document, in YAML."}
		t.required = append(t.required, bodyArgument)
		return true, nil
	}
	media := body.Content[mediaJSON]
	if media == nil {
		return false, nil
	}
	t.kind = mediaJSON
	schema, err := all.inline(media.Schema)
	if err != nil {
		return false, err
	}
	members, _ := schema["properties"].(map[string]any)
	t.flat = len(members) > 0
	for name := range members {
		t.flat = t.flat && properties[name] == nil
	}
	if !t.flat {
		properties[bodyArgument] = schema
		if body.Required {
			t.required = append(t.required, bodyArgument)
		}
		return true, nil
	}
	maps.Copy(properties, members)
	required, _ := schema["required"].([]any)
	for _, name := range required {
		t.required = append(t.required, name.(string))
	}
	return true, nil
}

// hintsOf returns what a call of an operation may do.
func hintsOf(op *openapi.Operation) *sdk.ToolAnnotations {
	closed, destroys := false, true
	created := op.Spec().Responses.Value("201") != nil
	reads := op.Method == http.MethodGet || op.Spec().Extensions["x-reads"] == true
	if reads || created {
		destroys = false
	}
	return &sdk.ToolAnnotations{ReadOnlyHint: reads, DestructiveHint: &destroys, OpenWorldHint: &closed}
}
