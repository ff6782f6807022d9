package exchange

import (
	"errors"

	"github.com/connectmock/connectmock/internal/redact"
)

// Redact returns a copy of e for reports: without credentials in headers, without the values in bodies that Connect
// conceals, and with every secret that r knows masked. A description replaces bodies that can't be shown.
func Redact(e *Exchange, r *redact.Redactor) *Exchange {
	out := *e
	if !e.concealed {
		out.concealRequest(e.RequestBody)
		out.concealResponse(e.ResponseBody)
		out.concealed = true
	}
	out.URL = r.RedactText(e.URL, false)
	out.RequestHeader, out.ResponseHeader = r.Header(e.RequestHeader), r.Header(e.ResponseHeader)
	out.RequestBody = []byte(r.RedactText(string(out.RequestBody), out.RequestCut))
	out.ResponseBody = []byte(r.RedactText(string(out.ResponseBody), out.ResponseCut))
	if e.Err != nil {
		out.Err = errors.New(r.Redact(e.Err.Error()))
	}
	out.Violations = nil
	for _, v := range e.Violations {
		out.Violations = append(out.Violations, r.Redact(v))
	}
	return &out
}

// concealRequest sets RequestBody to what can be shown of sent, the whole body.
func (e *Exchange) concealRequest(sent []byte) { e.showRequest(redact.Visible(e.Operation, sent)) }

// showRequest sets RequestBody to a text, or to a description if why says that it must not be shown.
func (e *Exchange) showRequest(text, why string) {
	if e.hiddenWhy = why; why != "" {
		text = redact.Describe(int(e.RequestSize), why)
	}
	e.RequestBody, e.RequestCut = truncate([]byte(text)), len(text) > KeptBody || e.RequestCut
}

// concealResponse sets ResponseBody to what can be shown of received, the whole body.
func (e *Exchange) concealResponse(received []byte) {
	text, why := "", "the content of a file"
	if !e.fileContent || len(received) == 0 {
		text, why = redact.Visible(e.Operation, received)
	}
	e.showResponse(text, why)
}

// showResponse sets ResponseBody to a text, or to a description if why says that it must not be shown.
func (e *Exchange) showResponse(text, why string) {
	if why != "" {
		text = redact.Describe(int(e.ResponseSize), why)
	}
	e.ResponseBody, e.ResponseCut = truncate([]byte(text)), len(text) > KeptBody || e.ResponseCut
}
