package openapitest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/pb33f/libopenapi"
	"github.com/pb33f/libopenapi-validator/config"
	"github.com/pb33f/libopenapi-validator/errors"
	"github.com/pb33f/libopenapi-validator/responses"
	v3 "github.com/pb33f/libopenapi/datamodel/high/v3"

	"github.com/connectmock/connectmock/openapi"
)

// opinion asks libopenapi-validator, in its strict mode: what a document does
// not declare, header or member, is a fault.
type opinion struct {
	mu        sync.Mutex // the model resolves its schemas as they are asked for
	validator responses.ResponseBodyValidator
	items     map[*openapi3.Operation]pathItem
}

type pathItem struct {
	path string
	item *v3.PathItem
}

// opinions keeps one opinion a document: forming one takes tens of
// milliseconds, and a test binary asks for hundreds of clients.
var opinions sync.Map // *openapi.Document to func() (*opinion, error)

func opinionOn(doc *openapi.Document) (*opinion, error) {
	form, _ := opinions.LoadOrStore(doc, sync.OnceValues(func() (*opinion, error) { return newOpinion(doc) }))
	return form.(func() (*opinion, error))()
}

func newOpinion(doc *openapi.Document) (*opinion, error) {
	data, err := json.Marshal(doc.OpenAPI)
	if err != nil {
		return nil, fmt.Errorf("write document: %w", err)
	}
	parsed, err := libopenapi.NewDocument(data)
	if err != nil {
		return nil, fmt.Errorf("second opinion cannot read the document: %w", err)
	}
	model, err := parsed.BuildV3Model()
	if err != nil {
		return nil, fmt.Errorf("second opinion cannot understand the document: %w", err)
	}
	o := &opinion{
		validator: responses.NewResponseBodyValidator(&model.Model, config.WithStrictMode(), config.WithFormatAssertions(),
			config.WithStrictIgnorePaths(mapsOf(doc)...)),
		items: map[*openapi3.Operation]pathItem{},
	}
	for path, item := range doc.OpenAPI.Paths.Map() {
		for _, op := range item.Operations() {
			o.items[op] = pathItem{path: path, item: model.Model.Paths.PathItems.GetOrZero(path)}
		}
	}
	return o, nil
}

// mapsOf are the places of members that are maps, whose keys no document
// declares: strict mode would call each of them a fault.
func mapsOf(doc *openapi.Document) []string {
	var places []string
	if doc.OpenAPI.Components == nil {
		return nil
	}
	for _, schema := range doc.OpenAPI.Components.Schemas {
		for name, member := range schema.Value.Properties {
			if member.Value.AdditionalProperties.Schema != nil {
				places = append(places, "$.body**."+name+"**")
			}
		}
	}
	return places
}

// faults are what the validator finds, without the values it found them in.
func (o *opinion) faults(op *openapi.Operation, r *http.Request, response *http.Response, body []byte) []string {
	if r.Method == http.MethodHead {
		return nil // it would miss the body
	}
	answer := *response
	answer.Body = io.NopCloser(bytes.NewReader(body))
	at := o.items[op.Spec()]
	o.mu.Lock()
	defer o.mu.Unlock()
	_, found := o.validator.ValidateResponseBodyWithPathItem(r, &answer, at.item, at.path)
	var all []string
	for _, e := range found {
		all = append(all, faultsOf(e)...)
	}
	return all
}

func faultsOf(e *errors.ValidationError) []string {
	if len(e.SchemaValidationErrors) == 0 {
		return []string{e.Message}
	}
	var all []string
	for _, s := range e.SchemaValidationErrors {
		rule := s.KeywordLocation[strings.LastIndexByte(s.KeywordLocation, '/')+1:]
		all = append(all, fmt.Sprintf("%s breaks %q", s.FieldPath, rule))
	}
	return all
}
