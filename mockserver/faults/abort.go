package faults

import (
	"cmp"
	"net/http"
	"strings"

	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// abortKind sends an error instead of carrying out the operation, or instead of its response.
func abortKind() kind {
	return kind{
		member:   "abort",
		hasPhase: true,
		isSet:    func(f *controlapi.Fault) bool { return f.Abort != nil },
		clone: func(f *controlapi.Fault) {
			if f.Abort = clonePointer(f.Abort); f.Abort != nil {
				f.Abort.Body = clonePointer(f.Abort.Body)
			}
		},
		check: func(f *controlapi.Fault) error { return checkAbort(f.Abort) },
		merge: func(d, preset *controlapi.Fault) { d.Abort = cmp.Or(d.Abort, preset.Abort) },
		apply: func(e *Effects, f *controlapi.Fault, r Request, _ randomSource) {
			if !e.hasAbort() {
				e.phase(f).Abort = abort(f.Abort, r)
			}
		},
	}
}

func checkAbort(a *controlapi.Abort) error {
	switch {
	case a.Status < 200 || a.Status > 999:
		return invalid("abort.status", "must be a status that ends a request, from 200 to 999")
	case a.Body != nil && a.Message != "":
		return invalid("abort", "with a body the message is not sent; give one of the two")
	case hasNoBody(a.Status) && (a.Message != "" || a.Body != nil && *a.Body != ""):
		return invalid("abort.body", "a response with status %d has no body", a.Status)
	}
	return nil
}

// hasNoBody reports whether HTTP allows no body with a status.
func hasNoBody(status int) bool {
	return status == http.StatusNoContent || status == http.StatusNotModified
}

// abort returns the response that a document asks for.
func abort(a *controlapi.Abort, r Request) *Abort {
	switch {
	case a.Body != nil:
		return &Abort{Status: a.Status, Body: []byte(*a.Body)}
	case hasNoBody(a.Status):
		return &Abort{Status: a.Status}
	case a.Message != "":
		return &Abort{Status: a.Status, Error: &connect.Error{Status: a.Status, Message: expandMessage(a.Message, r)}}
	}
	return &Abort{Status: a.Status, Error: defaultError(a.Status, r)}
}

// expandMessage replaces {verb}, {vault}, {item}, {file} and {title} with those of the
// request. The id stands for a title that is not found.
func expandMessage(message string, r Request) string {
	if strings.Contains(message, "{title}") {
		title := ""
		if r.Title != nil {
			title = r.Title()
		}
		message = strings.ReplaceAll(message, "{title}", cmp.Or(title, r.Item))
	}
	return strings.NewReplacer("{verb}", operationVerb(r.Operation),
		"{vault}", r.Vault, "{item}", r.Item, "{file}", r.File).Replace(message)
}

// operationVerb returns the word for an operation in an error of Connect.
func operationVerb(operation string) string {
	return cmp.Or(connect.OperationByID(operation).Verb(), "read")
}

// defaultError returns Connect's own error of a status: the text it most likely
// has where one is known, elsewhere the reason phrase of HTTP [G].
func defaultError(status int, r Request) *connect.Error {
	switch status {
	case 401:
		return connect.InvalidToken()
	case 403:
		if r.Vault != "" {
			return connect.VaultDenied(r.Vault)
		}
		return &connect.Error{Status: 403, Message: "Authorization: token does not have access"}
	case 404:
		return notFoundError(r)
	case 413:
		return connect.FileTooLarge()
	case 500:
		return connect.SomethingWentWrong()
	}
	text := http.StatusText(status)
	if text == "" {
		text = "Unknown Status"
	}
	return &connect.Error{Status: status, Message: text}
}

// notFoundError returns Connect's error for the file, item or vault in the path.
func notFoundError(r Request) *connect.Error {
	switch {
	case r.File != "":
		return connect.FileNotFound(r.File)
	case r.Item != "":
		return connect.ItemNotFound(r.Item)
	case r.Vault != "":
		return connect.VaultNotFound(r.Vault)
	}
	return connect.RouteNotFound()
}
