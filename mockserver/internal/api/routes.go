package api

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/mockserver/internal/backend"
	"github.com/connectmock/connectmock/openapi"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"
)

// handleFunc does what an operation says. The call has passed the checks.
type handleFunc func(*Handler, *call) (response, error)

// handlers returns the operations we know, by their ids.
func handlers() map[string]handleFunc {
	return map[string]handleFunc{
		"GetApiActivity":       listActivity,
		"GetServerHealth":      getHealth,
		"GetHeartbeat":         getHeartbeat,
		"GetPrometheusMetrics": getMetrics,
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

// operation is an operation of the document with what this server adds to it.
type operation struct {
	*openapi.Operation
	handle   handleFunc
	action   string             // in the activity log; "": not recorded
	resource string             // in the activity log
	needs    connect.Permission // in the vault of the path; 0: none
	verb     string             // the word for it in errors
	params   []string           // names in the path, in order
	queries  []string           // names in the query
	observe  func(seconds float64)
}

// DocumentError is the error for a document that can't be served.
type DocumentError struct{ Reason string }

// Error returns the reason.
func (e *DocumentError) Error() string { return e.Reason }

func documentErrorf(format string, args ...any) error {
	return &DocumentError{fmt.Sprintf(format, args...)}
}

// makeRoutes makes echo's routes from the document.
func (h *Handler) makeRoutes() error {
	h.echo = echo.New()
	h.echo.HTTPErrorHandler = h.serveNoRoute
	if h.options.CORS {
		h.echo.Use(middleware.CORSWithConfig(middleware.CORSConfig{
			AllowHeaders:  []string{"*", "Authorization"},
			ExposeHeaders: []string{"1Password-Connect-Version", "Content-Range", "Content-Disposition"},
		}))
	}
	our, err := openapi.Connect()
	if err != nil {
		return err
	}
	document, isOurs := h.options.Document, h.options.Document == nil
	if isOurs {
		document = our
	}
	known := handlers()
	var absent []string // that the version of Connect does not have yet
	var served []backend.Operation
	ids := make([]string, len(document.Operations))
	for i, described := range document.Operations {
		ids[i] = described.ID
		handle := known[described.ID]
		delete(known, described.ID)
		if h.quirks.NoFileRoutes && isFileOperation(described.ID) {
			absent = append(absent, described.ID)
			continue
		}
		if handle == nil && isOurs {
			return fmt.Errorf("the document describes %s, which has no handler", described.ID)
		}
		op, err := h.newOperation(described, handle, our)
		if err != nil {
			return err
		}
		h.addRoutes(op)
		served = append(served, backend.Operation{
			ID: op.ID, Method: op.Method, Path: op.Path, Parameters: op.params, Needs: op.needs,
		})
	}
	h.backend.SetOperations(ids, served)
	h.unserved = slices.Sorted(maps.Keys(known))
	if isOurs && len(known) > 0 {
		return fmt.Errorf("handlers without an operation in the document: %s", strings.Join(h.unserved, ", "))
	}
	h.unserved = append(h.unserved, absent...)
	return nil
}

// newOperation returns an operation of the document. Without a handler its responses are generated from its schema.
func (h *Handler) newOperation(
	described *openapi.Operation, handle handleFunc, our *openapi.Document,
) (*operation, error) {
	params, err := pathParameters(described.Path)
	if err != nil {
		return nil, err
	}
	op := &operation{Operation: described, handle: handle, params: params}
	if handle == nil {
		op.handle = synthesize(h.options.Seed)
		h.synthesized = append(h.synthesized, described.Method+" "+described.Path)
	} else {
		if err := checkSameParameters(our.Operation(described.ID), described.ID, params); err != nil {
			return nil, err
		}
		known := connect.OperationByID(described.ID)
		op.action, op.resource, op.needs, op.verb = known.Action, known.Resource, known.Needs, known.Verb()
		if described.ID == "PatchVaultItem" && h.quirks.PatchWithoutRead {
			op.needs &^= connect.Read // before 1.7.1 a PATCH needed no permission to read [D]
		}
	}
	op.queries, op.observe = op.queryNames(), h.meter.operation(described.Method, described.Path)
	return op, nil
}

// addRoutes adds the routes of an operation. A path with a trailing slash is served as the one without, never
// redirected: a redirect turns POST into GET in many clients [W]. HEAD gets the response of GET without its body [G].
func (h *Handler) addRoutes(op *operation) {
	path := op.Path
	for _, name := range op.params {
		path = strings.Replace(path, "{"+name+"}", ":"+name, 1)
	}
	handler := h.serve(op)
	methods := []string{op.Method}
	if op.Method == http.MethodGet {
		methods = append(methods, http.MethodHead)
	}
	for _, method := range methods {
		h.echo.Router().Add(method, path, handler) // Echo.Add also keeps a list of routes, which nobody asks for
		h.echo.Router().Add(method, path+"/", handler)
	}
}

// isFileOperation reports whether an operation is about files.
func isFileOperation(id string) bool { return connect.OperationByID(id).Tag == "Files" }

// pathParameters returns the names in a path of the document, in order. A segment that is a parameter in part has no
// route.
func pathParameters(path string) (names []string, err error) {
	for _, segment := range strings.Split(path, "/") {
		name, opens := strings.CutPrefix(segment, "{")
		name, closes := strings.CutSuffix(name, "}")
		if opens && closes {
			names = append(names, name)
		}
		if opens != closes || strings.ContainsAny(name, "{}") {
			return nil, documentErrorf("the document's path %s can't be served: "+
				"its segment %q must be a parameter as a whole, or none", path, segment)
		}
	}
	return names, nil
}

// checkSameParameters checks that the path of an operation that we have a handler for has the names by which the
// handler finds vault, item and file.
func checkSameParameters(our *openapi.Operation, id string, params []string) error {
	if our == nil {
		return nil // makeRoutes reports which operation of our own is missing
	}
	want, err := pathParameters(our.Path)
	if err == nil && !slices.Equal(params, want) {
		return documentErrorf("the document's %s can't be served: its path must have the parameters %v, it has %v",
			id, want, params)
	}
	return err
}

// queryNames returns the names of an operation's query parameters, as they may be written.
func (op *operation) queryNames() (names []string) {
	for _, p := range op.Spec().Parameters {
		if p.Value != nil && p.Value.In == "query" {
			names = append(names, p.Value.Name, url.QueryEscape(p.Value.Name))
		}
	}
	return names
}
