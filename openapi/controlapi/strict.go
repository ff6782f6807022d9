package controlapi

import (
	"bytes"
	"encoding/json"
)

// decodeStrict decodes JSON and rejects unknown members, which are most often misspelt.
func decodeStrict(data []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	return d.Decode(into)
}
