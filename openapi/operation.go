package openapi

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/routers"
)

// Operation is one operation of a document: a method on a path.
type Operation struct {
	ID     string // the operationId; method and path if the document has none
	Method string // upper case
	Path   string // with the base path of its server and {parameters}: "/v1/vaults/{vaultUuid}", "/heartbeat"
	Tag    string // the first tag; empty: none
	// Secured is whether the operation needs a bearer token.
	Secured bool

	doc      *Document
	spec     *openapi3.Operation
	route    *routers.Route
	segments []string
	path     []*parameter
	others   []*parameter // in query, header and cookie
	required bool         // one of the others is required
}

func newOperation(doc *Document, path string, item *openapi3.PathItem, method string,
	spec *openapi3.Operation) (*Operation, error) {
	base, err := basePath(doc.OpenAPI, item, spec)
	if err != nil {
		return nil, err
	}
	op := &Operation{
		ID: spec.OperationID, Method: method, Path: base + path,
		Secured: needsToken(doc.OpenAPI, spec),
		doc:     doc, spec: spec,
		route: &routers.Route{Spec: doc.OpenAPI, Path: path, PathItem: item, Method: method, Operation: spec},
	}
	if op.ID == "" {
		op.ID = method + " " + op.Path
	}
	if len(spec.Tags) > 0 {
		op.Tag = spec.Tags[0]
	}
	op.segments = strings.Split(strings.TrimSuffix(op.Path, "/"), "/")
	for _, ref := range parametersOf(item, spec) {
		p, err := newParameter(op, ref)
		if err != nil {
			return nil, err
		}
		if p.spec.In == openapi3.ParameterInPath {
			op.path = append(op.path, p)
			continue
		}
		op.others = append(op.others, p)
		op.required = op.required || p.spec.Required
	}
	return op, op.compileHeaders()
}

// compileHeaders compiles the checks of response headers. Most responses share theirs, so the document keeps them.
func (op *Operation) compileHeaders() error {
	if op.spec.Responses == nil {
		return nil
	}
	for _, response := range op.spec.Responses.Map() {
		if response.Value == nil {
			continue
		}
		for _, header := range response.Value.Headers {
			if header.Value == nil || op.doc.headers[header.Value] != nil {
				continue
			}
			p, err := newParameter(op, &header.Value.Parameter)
			if err != nil {
				return err
			}
			op.doc.headers[header.Value] = p
		}
	}
	return nil
}

// Spec returns the operation as the document defines it. Do not change it.
func (op *Operation) Spec() *openapi3.Operation { return op.spec }

// Query returns the names of the query parameters in the order of the document.
func (op *Operation) Query() []string {
	var names []string
	for _, p := range op.others {
		if p.spec.In == openapi3.ParameterInQuery {
			names = append(names, p.spec.Name)
		}
	}
	return names
}

// Parameters returns the parameters as the document defines them, those of the path first. Do not change them.
func (op *Operation) Parameters() (all []*openapi3.Parameter) {
	for _, p := range slices.Concat(op.path, op.others) {
		all = append(all, p.spec)
	}
	return all
}

// parametersOf returns the parameters of the operation, and those of its path that it does not override.
func parametersOf(item *openapi3.PathItem, spec *openapi3.Operation) []*openapi3.Parameter {
	var all []*openapi3.Parameter
	for _, ref := range item.Parameters {
		if ref.Value != nil && spec.Parameters.GetByInAndName(ref.Value.In, ref.Value.Name) == nil {
			all = append(all, ref.Value)
		}
	}
	for _, ref := range spec.Parameters {
		if ref.Value != nil {
			all = append(all, ref.Value)
		}
	}
	return all
}

// basePath returns the path in the URL of the server of an operation. Most tools read only the servers of the document,
// but health, heartbeat and metrics of Connect have servers of their own, without /v1 [D].
func basePath(t *openapi3.T, item *openapi3.PathItem, spec *openapi3.Operation) (string, error) {
	servers := t.Servers
	if len(item.Servers) > 0 {
		servers = item.Servers
	}
	if spec.Servers != nil && len(*spec.Servers) > 0 {
		servers = *spec.Servers
	}
	if len(servers) == 0 || servers[0] == nil {
		return "", nil
	}
	address := servers[0].URL
	for name, variable := range servers[0].Variables {
		if variable != nil {
			address = strings.ReplaceAll(address, "{"+name+"}", variable.Default)
		}
	}
	u, err := url.Parse(address)
	if err != nil {
		return "", fmt.Errorf("invalid URL of its server: %w", err)
	}
	return strings.TrimRight(u.Path, "/"), nil
}

// needsToken reports whether an operation needs a token: its own security, or else that of the document.
func needsToken(t *openapi3.T, spec *openapi3.Operation) bool {
	requirements := t.Security
	if spec.Security != nil {
		requirements = *spec.Security
	}
	for _, r := range requirements {
		if len(r) == 0 {
			return false // an empty requirement makes the others optional
		}
	}
	return len(requirements) > 0
}
