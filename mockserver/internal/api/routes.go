package api

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/openapi"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"
)

// handler handles the requests of an operation.
type handler func(*Handler, *exchange) (reply, error)

// handlers returns the handler of each operation of connect.Operations.
func handlers() map[string]handler {
	return map[string]handler{
		"GetApiActivity":       listActivity,
		"GetServerHealth":      health,
		"GetHeartbeat":         heartbeat,
		"GetPrometheusMetrics": metrics,
		"GetVaults":            listVaults,
		"GetVaultById":         getVault,
		"GetVaultItems":        listItems,
		"CreateVaultItem":      createItem,
		"GetVaultItemById":     getItem,
		"UpdateVaultItem":      replaceItem,
		"PatchVaultItem":       patchItem,
		"DeleteVaultItem":      deleteItem,
		"GetItemFiles":         listFiles,
		"GetDetailsOfFileById": getFile,
		"DownloadFileByID":     downloadFile,
	}
}

// MakeRoutes makes echo's routes from the document. Trailing slashes are answered as
// without, never redirected: a redirect turns POST into GET in many clients [W].
// HEAD is answered as GET without its body [G].
func (s *Handler) MakeRoutes(c Options) error {
	s.echo = echo.New()
	s.echo.HTTPErrorHandler = s.noRoute
	if c.CORS {
		s.echo.Use(middleware.CORSWithConfig(middleware.CORSConfig{
			AllowHeaders:  []string{"*", "Authorization"},
			ExposeHeaders: []string{"1Password-Connect-Version", "Content-Range", "Content-Disposition"},
		}))
	}
	our, err := openapi.Connect()
	if err != nil {
		return err
	}
	document, ours := c.Document, c.Document == nil
	if ours {
		document = our
	}
	known := handlers()
	var early []string // that the version of Connect does not have yet
	for _, described := range document.Operations {
		params, err := pathParameters(described.Path)
		if err != nil {
			return err
		}
		op := &operation{Operation: described, params: params}
		handle, ok := known[described.ID]
		if s.quirks.NoFileRoutes && connect.OperationByID(described.ID).Tag == "Files" {
			early = append(early, described.ID)
			delete(known, described.ID)
			continue
		}
		switch {
		case ok:
			op.rule = s.ruleOf(described.ID, handle)
			if err := sameParameters(our.Operation(described.ID), described.ID, params); err != nil {
				return err
			}
		case ours:
			return fmt.Errorf("the document describes %s, which has no handler", described.ID)
		default:
			op.rule = rule{handle: invent(c.Seed)}
			s.invented = append(s.invented, described.Method+" "+described.Path)
		}
		delete(known, described.ID)
		s.operations[described.ID], op.queries = op, op.queryNames()
		op.observe = s.meter.operation(described.Method, described.Path)
		s.add(op)
	}
	ids := make([]string, len(document.Operations))
	for i, op := range document.Operations {
		ids[i] = op.ID
	}
	s.backend.SetOperations(ids, slices.Collect(maps.Keys(s.operations)))
	s.unserved = slices.Sorted(maps.Keys(known))
	if ours && len(known) > 0 {
		return fmt.Errorf("handlers without an operation in the document: %s", strings.Join(s.unserved, ", "))
	}
	s.unserved = append(s.unserved, early...)
	return nil
}

// ruleOf returns the rule of an operation with the given handler, as the quirks want it. Before 1.7.1 a PATCH needed no
// permission to read [D].
func (s *Handler) ruleOf(id string, handle handler) rule {
	o := connect.OperationByID(id)
	r := rule{handle: handle, action: o.Action, resource: o.Resource, needs: o.Needs, verb: o.Verb()}
	if id == "PatchVaultItem" && s.quirks.PatchWithoutRead {
		r.needs &^= connect.Read
	}
	return r
}

// DocumentError is the error for a document that can't be served.
type DocumentError struct{ Reason string }

// Error is the reason.
func (e *DocumentError) Error() string { return e.Reason }

func documentErrorf(format string, args ...any) error {
	return &DocumentError{fmt.Sprintf(format, args...)}
}

func (s *Handler) add(op *operation) {
	path := op.Path
	for _, name := range op.params {
		path = strings.Replace(path, "{"+name+"}", ":"+name, 1)
	}
	handler := s.serve(op)
	methods := []string{op.Method}
	if op.Method == http.MethodGet {
		methods = append(methods, http.MethodHead)
	}
	for _, method := range methods {
		s.echo.Add(method, path, handler)
		s.echo.Add(method, path+"/", handler)
	}
}

// pathParameters are the names in a path of the document, in order. A segment
// that is a parameter in part has no route.
func pathParameters(path string) (names []string, err error) {
	for _, segment := range strings.Split(path, "/") {
		name, opens := strings.CutPrefix(segment, "{")
		name, closes := strings.CutSuffix(name, "}")
		if opens && closes {
			names = append(names, name)
		}
		if opens != closes || strings.ContainsAny(name, "{}") {
			return nil, documentErrorf("the document's path %s can't be served: its segment %q must be a parameter as a whole, or none", path, segment)
		}
	}
	return names, nil
}

// sameParameters holds an operation we have a handler for to the names that the
// handler finds vault, item and file by.
func sameParameters(our *openapi.Operation, id string, params []string) error {
	if our == nil {
		return nil // the check of ours says which is missing
	}
	want, err := pathParameters(our.Path)
	if err == nil && !slices.Equal(params, want) {
		return documentErrorf("the document's %s can't be served: its path must have the parameters %v, it has %v", id, want, params)
	}
	return err
}
