package exchange

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/connectmock/connectmock/openapi"
)

// operation returns the operation that a request calls, or nil if the document has no such route or the request is
// outside the base path.
func operation(d *openapi.Document, basePath string, r *http.Request) *openapi.Operation {
	path, ok := strings.CutPrefix(r.URL.EscapedPath(), basePath)
	if !ok {
		return nil
	}
	method := r.Method
	if method == "" {
		method = http.MethodGet
	}
	op, _ := d.Match(method, decodePath(path))
	return op
}

// decodePath decodes percent-encoding in each segment. An encoded slash stays encoded, because it is not a separator.
// Segments that can't be decoded are unchanged.
func decodePath(escaped string) string {
	segments := strings.Split(escaped, "/")
	for i, s := range segments {
		if plain, err := url.PathUnescape(s); err == nil {
			segments[i] = strings.ReplaceAll(plain, "/", "%2F")
		}
	}
	return strings.Join(segments, "/")
}

// returnsFileContent reports whether the response of an operation is the content of a file.
func returnsFileContent(op *openapi.Operation) bool {
	if op.Spec().Responses == nil {
		return false
	}
	ok := op.Spec().Responses.Status(http.StatusOK)
	return ok != nil && ok.Value != nil && ok.Value.Content["application/octet-stream"] != nil
}
