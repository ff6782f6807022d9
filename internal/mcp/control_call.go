package mcp

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/connectmock/connectmock/internal/nearest"
	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/getkin/kin-openapi/openapi3"
	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
)

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
