package mcp

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/connectmock/connectmock/internal/nearest"
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

// Limits of a call.
const (
	callTimeout = 2 * time.Minute
	maxResult   = 1 << 20 // bytes; more is of no use to an assistant
)

// handle calls the operation. An error of the mock is a result, so that the assistant reads it.
func (t *controlTool) handle(ctx context.Context, r *sdk.CallToolRequest) (*sdk.CallToolResult, error) {
	text, err := t.call(ctx, r.Params.Arguments)
	if err != nil {
		return textResult(err.Error(), true), nil
	}
	return textResult(text, false), nil
}

func (t *controlTool) call(ctx context.Context, arguments json.RawMessage) (string, error) {
	path, query, body, err := t.request(arguments)
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	response, err := controlapi.Send(ctx, t.client, t.operation.Method, path, query, t.kind, body, maxResult)
	switch {
	case err != nil:
		return "", err
	case t.response == nil || len(response) == 0:
		return "done", nil
	case t.reveal:
		return string(response), nil
	}
	text, masked, err := maskedText(t.response, response)
	if masked {
		text += "\nTokens are masked; connectmock mcp --reveal-secrets shows them."
	}
	return text, err
}

// request returns the request for arguments.
func (t *controlTool) request(arguments json.RawMessage) (path []string, query url.Values, body []byte, err error) {
	members, err := decodeArguments(arguments)
	if err != nil {
		return nil, nil, nil, err
	}
	if err := t.check(members); err != nil {
		return nil, nil, nil, err
	}
	query = url.Values{}
	values := map[string]string{}
	for name, where := range t.in {
		if members[name] == nil {
			continue
		}
		if values[name], err = scalar(members[name]); err != nil {
			return nil, nil, nil, fmt.Errorf("%s: %w", name, err)
		}
		if delete(members, name); where == openapi3.ParameterInQuery {
			query.Set(name, values[name])
		}
	}
	for segment := range strings.SplitSeq(strings.Trim(t.operation.Path, "/"), "/") {
		if name, is := strings.CutPrefix(segment, "{"); is {
			segment = values[strings.TrimSuffix(name, "}")]
		}
		path = append(path, segment)
	}
	if t.operation.Path == "/" {
		path = nil
	}
	body, err = t.body(members)
	return path, query, body, err
}

// body returns the body for the arguments that are no parameters.
func (t *controlTool) body(members map[string]json.RawMessage) ([]byte, error) {
	switch {
	case t.kind == "":
		return nil, nil
	case t.flat:
		return json.Marshal(members)
	case t.kind == mediaYAML:
		var text string
		if err := json.Unmarshal(members[bodyArgument], &text); err != nil {
			return nil, fmt.Errorf("%s: the document is a string", bodyArgument)
		}
		return []byte(text), nil
	case members[bodyArgument] == nil:
		return []byte("{}"), nil
	}
	return members[bodyArgument], nil
}

// check returns an error for unknown and missing arguments. What a value may be, the control checks.
func (t *controlTool) check(members map[string]json.RawMessage) error {
	for _, name := range slices.Sorted(maps.Keys(members)) {
		switch {
		case slices.Contains(t.known, name):
		case name == revealArgument:
			return errors.New("secrets are not shown; the user can start connectmock mcp with --reveal-secrets")
		default:
			return fmt.Errorf("there is no argument %q%s", name, nearest.HintWithList(name, t.known))
		}
	}
	for _, name := range t.required {
		if members[name] == nil {
			return fmt.Errorf("the argument %q is missing", name)
		}
	}
	return nil
}

// decodeArguments returns the arguments that are not null.
func decodeArguments(arguments json.RawMessage) (map[string]json.RawMessage, error) {
	members := map[string]json.RawMessage{}
	if len(arguments) == 0 || string(arguments) == "null" {
		return members, nil
	}
	if err := json.Unmarshal(arguments, &members); err != nil {
		return nil, errors.New("the arguments are not an object")
	}
	maps.DeleteFunc(members, func(_ string, value json.RawMessage) bool { return string(value) == "null" })
	return members, nil
}

// scalar returns a string, number or boolean as text.
func scalar(value json.RawMessage) (string, error) {
	var text string
	if json.Unmarshal(value, &text) == nil {
		return text, nil
	}
	if strings.ContainsAny(string(value), "[{") {
		return "", errors.New("it is a string, a number or a boolean")
	}
	return string(value), nil
}
