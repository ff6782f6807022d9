package api

import (
	"net/http"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/internal/redact"
	"github.com/connectmock/connectmock/mockserver/internal/journal"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// The limits of an exchange in the journal.
const (
	keptBody    = 16 << 10 // bytes of a body that are kept
	scannedBody = 1 << 20  // bytes of a body that is searched for secrets; nothing of a longer one is kept
	keptHeaders = 50
)

// exchange returns the headers and bodies of a request and its response, without secrets: they are removed before
// anything is kept.
func (h *Handler) exchange(c *call, r response) *controlapi.Exchange {
	out := &controlapi.Exchange{}
	switch {
	case c.shown != nil:
		out.Request = *c.shown
	case c.request.ContentLength != 0:
		out.Request.Hidden = "it was not read"
	}
	out.Request.Headers = h.shownHeaders(c.request.Header, isPlainHeader)
	if r.unsent {
		return out
	}
	headers := c.writer.Header().Clone()
	if c.effects == nil { // otherwise they are set by now
		h.setHeaders(headers, r)
	}
	switch {
	case r.kind == binaryKind && r.length() > 0:
		out.Response.Hidden = "it is the content of a file"
	case r.stream != nil:
		out.Response.Hidden = "it is too large"
	default:
		out.Response = h.shownBody(c.operationID(), r.body)
	}
	out.Response.Headers = h.shownHeaders(headers, func(string) bool { return true })
	return out
}

// shownRequest returns the body of a request, or why it is not shown. err is the error of reading it.
func (h *Handler) shownRequest(c *call, body []byte, err error) *controlapi.Message {
	m := controlapi.Message{Hidden: "it could not be read to its end"}
	if err == nil {
		m = h.shownBody(c.operationID(), body)
	}
	return &m
}

// shownBody returns the beginning of a body without secrets, or why none of it is shown.
func (h *Handler) shownBody(operation string, body []byte) (m controlapi.Message) {
	if len(body) > scannedBody {
		m.Hidden = "it is too large"
		return m
	}
	text, why := redact.Visible(operation, body)
	if why != "" {
		m.Hidden = "it is " + why
		return m
	}
	text = h.backend.Mask.Text(text)
	m.Body, m.Cut = journal.Truncate(text, keptBody), len(text) > keptBody
	return m
}

// shownHeaders returns headers without credentials. The values of those that are not plain are not shown either.
func (h *Handler) shownHeaders(headers http.Header, isPlain func(name string) bool) map[string]string {
	shown := map[string]string{}
	for name, values := range new(redact.Redactor).Header(headers) {
		if len(shown) == keptHeaders {
			break
		}
		text := redact.Mask
		if isPlain(name) {
			text = journal.Truncate(h.backend.Mask.Text(beginning(strings.Join(values, ", "))), journal.MaxUserAgent)
		}
		shown[journal.Truncate(h.backend.Mask.Text(name), journal.MaxUserAgent)] = text
	}
	return shown
}

// isPlainHeader reports whether the values of a header of requests are no secrets. Others may be: clients send tokens
// in headers of their own.
func isPlainHeader(name string) bool {
	return slices.Contains([]string{
		"Accept", "Accept-Encoding", "Accept-Language", "Cache-Control", "Connection", "Content-Encoding", "Content-Length",
		"Content-Type", "Expect", "Forwarded", "Host", "If-Match", "If-None-Match", "Origin", "Range", "Te",
		"Traceparent", "Transfer-Encoding", "User-Agent", "X-Forwarded-For", "X-Forwarded-Proto", "X-Request-Id",
	}, http.CanonicalHeaderKey(name))
}
