package call

import (
	"encoding/json"
	"maps"

	"github.com/connectmock/connectmock/openapi"
)

// WithMember returns a copy of an object with a member set.
func WithMember(members map[string]any, name string, value any) map[string]any {
	copied := maps.Clone(members)
	copied[name] = value
	return copied
}

// ValidBody sets a valid body for an operation that has one.
func ValidBody(op *openapi.Operation, vault, title string) Option {
	switch op.ID {
	case "CreateVaultItem", "UpdateVaultItem":
		return Body(map[string]any{
			"category": "SECURE_NOTE", "title": title, "vault": map[string]any{"id": vault}, "tags": []string{Tag},
		})
	case "PatchVaultItem":
		return Body([]map[string]any{{"op": "replace", "path": "/title", "value": title}})
	}
	return func(*Request) {}
}

// EncodeJSON returns a value as JSON. It panics if the value has no form in JSON.
func EncodeJSON(document any) string {
	data, err := json.Marshal(document)
	if err != nil {
		panic(err)
	}
	return string(data)
}
