package scenarios

import (
	"bytes"
	_ "embed"
)

//go:embed scenario.schema.json
var schemaJSON []byte

// Schema returns the JSON Schema of scenario files and fragments, for editors that complete and check YAML. It
// describes keys, kinds of values and valid words. It can't describe what depends on other parts of the file
// (variables, unused captures, creates without cleanup): [Load] checks that.
func Schema() []byte { return bytes.Clone(schemaJSON) }
