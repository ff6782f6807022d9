package controlapi

import (
	"bytes"
	"encoding/json"
)

// strict decodes JSON and rejects unknown members, which are most often misspelt.
func strict(data []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	return d.Decode(into)
}
