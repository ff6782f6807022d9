package controlapi

import (
	"bytes"
	"encoding/json"
)

// strict decodes one document and refuses members it does not know, which are
// most often misspelt.
func strict(data []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	return d.Decode(into)
}
