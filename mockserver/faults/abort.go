package faults

import (
	"net/http"
	"strings"

	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

func abortKind() kind {
	return kind{
		member: "abort",
		given:  func(f *controlapi.Fault) bool { return f.Abort != nil },
		check:  func(f *controlapi.Fault) error { return checkAbort(f.Abort) },
		strike: func(s *Effects, f *controlapi.Fault, r Request, _ chance) {
			if s.Abort == nil {
				s.Abort = abort(f.Abort, r)
			}
		},
	}
}

func checkAbort(a *controlapi.Abort) error {
	switch {
	case a.Status < 200 || a.Status > 999:
		return refuse("abort.status", "must be a status that ends a request, from 200 to 999")
	case a.Body != nil && a.Message != "":
		return refuse("abort", "a body is sent as it is, the message would not be; give one of the two")
	case bodiless(a.Status) && (a.Message != "" || a.Body != nil && *a.Body != ""):
		return refuse("abort.body", "an answer of status %d has none", a.Status)
	}
	return nil
}

func bodiless(status int) bool {
	return status == http.StatusNoContent || status == http.StatusNotModified
}

func abort(a *controlapi.Abort, r Request) *Abort {
	switch {
	case a.Body != nil:
		return &Abort{Status: a.Status, Body: []byte(*a.Body)}
	case bodiless(a.Status):
		return &Abort{Status: a.Status}
	case a.Message != "":
		return &Abort{Status: a.Status, Error: &connect.Error{Status: a.Status, Message: filled(a.Message, r)}}
	}
	return &Abort{Status: a.Status, Error: usual(a.Status, r)}
}

// filled replaces {verb}, {vault}, {item}, {file} and {title} with those of the
// request. An item that has no title is named by its id.
func filled(message string, r Request) string {
	if strings.Contains(message, "{title}") {
		title := ""
		if r.Title != nil {
			title = r.Title()
		}
		message = strings.ReplaceAll(message, "{title}", or(title, r.Item))
	}
	return strings.NewReplacer("{verb}", verb(r.Operation), "{vault}", r.Vault, "{item}", r.Item, "{file}", r.File).Replace(message)
}

// verb is how a refusal names an operation.
func verb(operation string) string {
	for _, name := range []string{"create", "update", "patch", "delete"} {
		if strings.HasPrefix(strings.ToLower(operation), name) {
			return strings.Replace(name, "patch", "update", 1)
		}
	}
	return "read"
}

// usual is Connect's own error of a status: the text it most likely has where
// one is known, elsewhere the words of HTTP [G].
func usual(status int, r Request) *connect.Error {
	switch status {
	case 401:
		return connect.InvalidToken()
	case 403:
		if r.Vault != "" {
			return connect.VaultDenied(r.Vault)
		}
		return &connect.Error{Status: 403, Message: "Authorization: token does not have access"}
	case 404:
		return missing(r)
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

func missing(r Request) *connect.Error {
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
