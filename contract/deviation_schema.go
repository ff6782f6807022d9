package contract

import (
	"bytes"
	_ "embed"
)

//go:embed deviations.schema.json
var deviationsSchema []byte

// DeviationsSchema returns the JSON Schema of deviations, for editors that complete and check YAML. It can't describe
// which rules exist and which days: ReadDeviations checks that.
func DeviationsSchema() []byte { return bytes.Clone(deviationsSchema) }
