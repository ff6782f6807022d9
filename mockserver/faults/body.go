package faults

import (
	"encoding/json"

	"github.com/connectmock/connectmock/openapi/controlapi"
)

func truncateKind() kind {
	return kind{
		member: "truncate",
		given:  func(f *controlapi.Fault) bool { return f.Truncate != nil },
		strike: func(s *Effects, f *controlapi.Fault, _ Request, _ chance) {
			if s.Truncate == nil {
				s.Truncate = f.Truncate
			}
		},
	}
}

// TruncatedSize is how many bytes are sent of a body that has size, and whether any are
// left out. A number of bytes that is negative counts from the end.
func (s *Effects) TruncatedSize(size int64) (sent int64, cut bool) {
	if s.Truncate == nil {
		return size, false
	}
	sent = *s.Truncate
	if sent < 0 {
		sent = max(size+sent, 0)
	}
	return min(sent, size), sent < size
}

func malformKind() kind {
	return kind{
		member: "malformJson",
		given:  func(f *controlapi.Fault) bool { return f.MalformJSON },
		strike: func(s *Effects, _ *controlapi.Fault, _ Request, _ chance) { s.MalformJSON = true },
	}
}

// MalformJSON is a JSON body cut within, so that it is none any more. A body that
// can't be cut so becomes a single brace; an empty one stays empty.
func MalformJSON(body []byte) []byte {
	if len(body) == 0 {
		return body
	}
	// Two thirds: most of what a client looks for is there, and the rest is not.
	if part := body[:len(body)*2/3]; len(part) > 0 && !json.Valid(part) {
		return part
	}
	if part := body[:len(body)-1]; len(part) > 0 && !json.Valid(part) {
		return part
	}
	return []byte("{")
}
