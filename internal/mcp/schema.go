package mcp

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// schemas are the named schemas of a document.
type schemas openapi3.Schemas

// inline returns a schema of requests as JSON Schema without references: many clients do not follow them. Members that
// only responses have are left out.
func (all schemas) inline(ref *openapi3.SchemaRef, within ...string) (map[string]any, error) {
	text, err := json.Marshal(ref.Value)
	if err != nil {
		return nil, err
	}
	var schema map[string]any
	if err := json.Unmarshal(text, &schema); err != nil {
		return nil, err
	}
	expanded, err := all.expand(schema, within)
	return expanded.(map[string]any), err
}

// expand replaces the references in a part of a schema.
func (all schemas) expand(part any, within []string) (any, error) {
	switch part := part.(type) {
	case []any:
		for i := range part {
			var err error
			if part[i], err = all.expand(part[i], within); err != nil {
				return part, err
			}
		}
	case map[string]any:
		if ref, is := part["$ref"].(string); is {
			name := strings.TrimPrefix(ref, "#/components/schemas/")
			if all[name] == nil || slices.Contains(within, name) {
				return part, fmt.Errorf("the schema %s is unknown, or contains itself", ref)
			}
			return all.inline(all[name], append(within, name)...)
		}
		for name := range part {
			var err error
			if part[name], err = all.expand(part[name], within); err != nil {
				return part, err
			}
		}
		clean(part)
	}
	return part, nil
}

// clean removes what JSON Schema does not have, and members that only responses have.
func clean(schema map[string]any) {
	delete(schema, "example")
	properties, _ := schema["properties"].(map[string]any)
	for name, property := range properties {
		if property, is := property.(map[string]any); is && property["readOnly"] == true {
			delete(properties, name)
		}
	}
	if required, is := schema["required"].([]any); is {
		schema["required"] = slices.DeleteFunc(required,
			func(name any) bool { return properties[name.(string)] == nil })
	}
}
