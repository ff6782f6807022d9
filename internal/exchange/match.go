package exchange

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/connectmock/connectmock/openapi"
)

// operation finds whose request this is; nil if the document has no such route
// or the request goes past the base path.
func operation(d *openapi.Document, basePath string, r *http.Request) *openapi.Operation {
	path, ok := strings.CutPrefix(r.URL.EscapedPath(), basePath)
	if !ok {
		return nil
	}
	method := r.Method
	if method == "" {
		method = http.MethodGet
	}
	op, _ := d.Match(method, decoded(path))
	return op
}

// decoded undoes percent-encoding segment by segment, so that an encoded slash
// does not make two of one. What cannot be decoded stays as it is.
func decoded(escaped string) string {
	segments := strings.Split(escaped, "/")
	for i, s := range segments {
		if plain, err := url.PathUnescape(s); err == nil {
			segments[i] = strings.ReplaceAll(plain, "/", "%2F")
		}
	}
	return strings.Join(segments, "/")
}

// answersBinary says whether an operation hands out bytes that are not for
// reading: the content of files.
func answersBinary(op *openapi.Operation) bool {
	if op.Spec().Responses == nil {
		return false
	}
	ok := op.Spec().Responses.Status(http.StatusOK)
	return ok != nil && ok.Value != nil && ok.Value.Content["application/octet-stream"] != nil
}
