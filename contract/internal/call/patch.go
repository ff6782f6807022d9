package call

import (
	"encoding/json"

	"github.com/connectmock/connectmock/openapi/connect"
)

// Replace returns the operation of a PATCH that replaces what is at a path.
func Replace(path string, value any) connect.PatchOperation { return Patch("replace", path, value) }

// Add returns the operation of a PATCH that adds a value at a path.
func Add(path string, value any) connect.PatchOperation { return Patch("add", path, value) }

// Remove returns the operation of a PATCH that removes what is at a path.
func Remove(path string) connect.PatchOperation {
	return connect.PatchOperation{Op: "remove", Path: path}
}

// Patch returns an operation of a PATCH.
func Patch(op, path string, value any) connect.PatchOperation {
	return connect.PatchOperation{Op: op, Path: path, Value: json.RawMessage(EncodeJSON(value))}
}
