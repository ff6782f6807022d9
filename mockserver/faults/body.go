package faults

import (
	"cmp"
	"encoding/json"

	"github.com/connectmock/connectmock/openapi/controlapi"
)

// truncateKind sends only a part of the body.
func truncateKind() kind {
	return kind{
		member: "truncate",
		isSet:  func(f *controlapi.Fault) bool { return f.Truncate != nil },
		clone:  func(f *controlapi.Fault) { f.Truncate = clonePointer(f.Truncate) },
		merge:  func(d, preset *controlapi.Fault) { d.Truncate = cmp.Or(d.Truncate, preset.Truncate) },
		apply: func(e *Effects, f *controlapi.Fault, _ Request, _ randomSource) {
			if e.Truncate == nil {
				e.Truncate = f.Truncate
			}
		},
	}
}

// TruncatedSize returns how many bytes of a body of that size are sent, and
// whether that is less than all. A negative Truncate counts from the end.
func (e *Effects) TruncatedSize(size int64) (sent int64, truncated bool) {
	if e.Truncate == nil {
		return size, false
	}
	sent = *e.Truncate
	if sent < 0 {
		sent = max(size+sent, 0)
	}
	return min(sent, size), sent < size
}

// malformJSONKind makes a JSON body invalid.
func malformJSONKind() kind {
	return kind{
		member: "malformJson",
		isSet:  func(f *controlapi.Fault) bool { return f.MalformJSON },
		merge:  func(d, preset *controlapi.Fault) { d.MalformJSON = d.MalformJSON || preset.MalformJSON },
		apply:  func(e *Effects, _ *controlapi.Fault, _ Request, _ randomSource) { e.MalformJSON = true },
	}
}

// MalformJSON returns the beginning of a JSON body, cut so that it is not valid
// JSON. Where no cut makes it invalid it returns a single brace; an empty body
// stays empty.
func MalformJSON(body []byte) []byte {
	if len(body) == 0 {
		return body
	}
	// Two thirds leave most of what a client looks for, and not the rest.
	if part := body[:len(body)*2/3]; len(part) > 0 && !json.Valid(part) {
		return part
	}
	if part := body[:len(body)-1]; len(part) > 0 && !json.Valid(part) {
		return part
	}
	return []byte("{")
}
