package openapi

import (
	"bytes"
	_ "embed"
	"sync"
)

//go:embed control.yaml
var controlYAML []byte

// ControlYAML returns the text of the document of the control API.
func ControlYAML() []byte { return bytes.Clone(controlYAML) }

var controlDocument = sync.OnceValues(func() (*Document, error) {
	t, err := parse(controlYAML)
	if err != nil {
		return nil, err
	}
	doc, err := compile(t)
	if err != nil {
		return nil, err
	}
	doc.words.all, doc.strict = true, true
	return doc, nil
})

// Control returns the document of the control API. Every call returns the same one. Requests must have the documented
// media type, so pages in a browser can't send them, and the exact names of members. Violations name undocumented
// members too: nobody keeps secrets in the names of members there.
func Control() (*Document, error) { return controlDocument() }
