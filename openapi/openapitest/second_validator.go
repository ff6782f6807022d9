package openapitest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"

	"github.com/connectmock/connectmock/openapi"
	"github.com/getkin/kin-openapi/openapi3"
	"github.com/pb33f/libopenapi"
	"github.com/pb33f/libopenapi-validator/config"
	"github.com/pb33f/libopenapi-validator/errors"
	"github.com/pb33f/libopenapi-validator/responses"
	v3 "github.com/pb33f/libopenapi/datamodel/high/v3"
)

// secondValidator is libopenapi-validator in strict mode: headers and members that a document does not declare are
// violations.
type secondValidator struct {
	mu        sync.Mutex // the model resolves schemas when they are used
	validator responses.ResponseBodyValidator
	items     map[*openapi3.Operation]pathItem
}

type pathItem struct {
	path string
	item *v3.PathItem
}

// secondValidators has one validator for each document: making one takes tens of milliseconds, and a test binary makes
// hundreds of clients.
var secondValidators sync.Map // *openapi.Document to func() (*secondValidator, error)

func secondValidatorFor(doc *openapi.Document) (*secondValidator, error) {
	once := sync.OnceValues(func() (*secondValidator, error) { return newSecondValidator(doc) })
	load, _ := secondValidators.LoadOrStore(doc, once)
	return load.(func() (*secondValidator, error))()
}

func newSecondValidator(doc *openapi.Document) (*secondValidator, error) {
	data, err := json.Marshal(doc.OpenAPI)
	if err != nil {
		return nil, fmt.Errorf("write document: %w", err)
	}
	parsed, err := libopenapi.NewDocument(data)
	if err != nil {
		return nil, fmt.Errorf("second validator: read document: %w", err)
	}
	model, err := parsed.BuildV3Model()
	if err != nil {
		return nil, fmt.Errorf("second validator: build model: %w", err)
	}
	o := &secondValidator{
		validator: responses.NewResponseBodyValidator(&model.Model, config.WithStrictMode(),
			config.WithFormatAssertions(), config.WithStrictIgnorePaths(mapMembers(doc)...)),
		items: map[*openapi3.Operation]pathItem{},
	}
	for path, item := range doc.OpenAPI.Paths.Map() {
		for _, op := range item.Operations() {
			o.items[op] = pathItem{path: path, item: model.Model.Paths.PathItems.GetOrZero(path)}
		}
	}
	return o, nil
}

// mapMembers returns the places of members that are maps. Strict mode must ignore them: it would report each key.
func mapMembers(doc *openapi.Document) []string {
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

// check returns the violations in a response, without the values that were sent.
func (o *secondValidator) check(op *openapi.Operation, r *http.Request, response *http.Response, body []byte) []string {
	if r.Method == http.MethodHead {
		return nil // the validator would report the missing body
	}
	copied := *response
	copied.Body = io.NopCloser(bytes.NewReader(body))
	at := o.items[op.Spec()]
	o.mu.Lock()
	defer o.mu.Unlock()
	_, found := o.validator.ValidateResponseBodyWithPathItem(r, &copied, at.item, at.path)
	var all []string
	for _, e := range found {
		all = append(all, textsOf(e)...)
	}
	return all
}

func textsOf(e *errors.ValidationError) []string {
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
