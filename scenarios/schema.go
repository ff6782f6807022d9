package scenarios

import (
	"bytes"
	_ "embed"
)

//go:embed scenario.schema.json
var schemaJSON []byte

// Schema is the JSON Schema of scenario files and of fragments, for editors that
// complete and check YAML. It knows of keys, kinds and words; what needs a look
// around (variables, captures nobody uses, creates without cleanup) is for Load
// to find.
func Schema() []byte { return bytes.Clone(schemaJSON) }
