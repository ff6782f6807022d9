package mcp

import (
	"bytes"
	"encoding/json"

	"github.com/connectmock/connectmock/internal/redact"
	"github.com/getkin/kin-openapi/openapi3"
)

// maskedText returns a response in JSON without the members whose schema has the format password. It reports whether
// there were some.
func maskedText(schema *openapi3.SchemaRef, response []byte) (text string, masked bool, err error) {
	decoder := json.NewDecoder(bytes.NewReader(response))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return "", false, err
	}
	value = mask(schema, value, &masked)
	data, err := json.Marshal(value)
	return string(data), masked, err
}

// mask returns a value with secrets replaced.
func mask(ref *openapi3.SchemaRef, value any, masked *bool) any {
	if ref == nil || ref.Value == nil {
		return value
	}
	schema := ref.Value
	for _, part := range schema.AllOf {
		value = mask(part, value, masked)
	}
	switch value := value.(type) {
	case string:
		if schema.Format == "password" && value != "" {
			*masked = true
			return redact.Mask
		}
	case []any:
		for i := range value {
			value[i] = mask(schema.Items, value[i], masked)
		}
	case map[string]any:
		for name := range value {
			property := schema.Properties[name]
			if property == nil {
				property = schema.AdditionalProperties.Schema
			}
			value[name] = mask(property, value[name], masked)
		}
	}
	return value
}
