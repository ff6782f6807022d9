package openapi

import (
	"bytes"
	_ "embed"
	"sync"
)

//go:embed control.yaml
var controlYAML []byte

// ControlYAML is the text of the document of the control API.
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

// Control is the document of the control API, which is ours from end to end:
// nobody keeps secrets in names of members there, so texts name every member
// that is not documented. Requests are held to its media types, which keeps
// pages of a browser out, and to the exact names of its members. Every call returns the same document.
func Control() (*Document, error) { return controlDocument() }
