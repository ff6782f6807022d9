package faults

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/openapi/controlapi"
)

// headersKind sets headers of the response.
func headersKind() kind {
	return kind{
		member: "headers",
		isSet:  func(f *controlapi.Fault) bool { return len(f.Headers) > 0 },
		clone:  func(f *controlapi.Fault) { f.Headers = maps.Clone(f.Headers) },
		check:  checkHeaders,
		merge: func(d, preset *controlapi.Fault) {
			if len(d.Headers) == 0 {
				d.Headers = preset.Headers
			}
		},
		apply: func(e *Effects, f *controlapi.Fault, _ Request, _ randomSource) {
			for _, name := range slices.Sorted(maps.Keys(f.Headers)) {
				e.Headers = append(e.Headers, Header{http.CanonicalHeaderKey(name), f.Headers[name]})
			}
		},
	}
}

// dropHeadersKind removes headers from the response.
func dropHeadersKind() kind {
	return kind{
		member: "dropHeaders",
		isSet:  func(f *controlapi.Fault) bool { return len(f.DropHeaders) > 0 },
		clone:  func(f *controlapi.Fault) { f.DropHeaders = slices.Clone(f.DropHeaders) },
		check:  checkDropHeaders,
		merge: func(d, preset *controlapi.Fault) {
			if len(d.DropHeaders) == 0 {
				d.DropHeaders = preset.DropHeaders
			}
		},
		apply: func(e *Effects, f *controlapi.Fault, _ Request, _ randomSource) {
			for _, name := range f.DropHeaders {
				e.DropHeaders = append(e.DropHeaders, http.CanonicalHeaderKey(name))
			}
		},
	}
}

// contentTypeKind replaces the content type of the response.
func contentTypeKind() kind {
	return kind{
		member: "contentType",
		isSet:  func(f *controlapi.Fault) bool { return f.ContentType != "" },
		check: func(f *controlapi.Fault) error {
			if !isHeaderValue(f.ContentType) {
				return invalid("contentType", "must be one line of visible characters")
			}
			return nil
		},
		merge: func(d, preset *controlapi.Fault) { d.ContentType = cmp.Or(d.ContentType, preset.ContentType) },
		apply: func(e *Effects, f *controlapi.Fault, _ Request, _ randomSource) {
			if e.ContentType == "" {
				e.ContentType = f.ContentType
			}
		},
	}
}

func checkHeaders(f *controlapi.Fault) error {
	seen := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(f.Headers)) {
		canonical := http.CanonicalHeaderKey(name)
		other, twice := seen[canonical]
		seen[canonical] = name
		switch {
		case !isHeaderName(name):
			return invalid("headers", "%q can't be the name of a header", name)
		case twice:
			return invalid("headers", "%q and %q are the same header", other, name)
		case !isHeaderValue(f.Headers[name]):
			return invalid("headers."+name, "must be one line of visible characters")
		case canonical == "Content-Length" || canonical == "Transfer-Encoding":
			return invalid("headers."+name,
				"is set from the body; to shorten the body use truncate or malformJson")
		case canonical == "Content-Type" && f.ContentType != "":
			return invalid("headers."+name, "is given by contentType too; give one of the two")
		}
	}
	return nil
}

func checkDropHeaders(f *controlapi.Fault) error {
	for _, name := range f.DropHeaders {
		switch {
		case !isHeaderName(name):
			return invalid("dropHeaders", "%q can't be the name of a header", name)
		case http.CanonicalHeaderKey(name) == "Transfer-Encoding":
			return invalid("dropHeaders", "%q can't be dropped: clients need it to find the end of the body", name)
		}
	}
	return nil
}

// isHeaderName reports whether a name is a token of RFC 9110.
func isHeaderName(name string) bool {
	for _, c := range []byte(name) {
		isAlphanumeric := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
		if !isAlphanumeric && !strings.ContainsRune("!#$%&'*+-.^_`|~", rune(c)) {
			return false
		}
	}
	return name != ""
}

// isHeaderValue reports whether a value can be sent in a header.
func isHeaderValue(value string) bool {
	for _, c := range []byte(value) {
		if c < ' ' && c != '\t' || c == 0x7f {
			return false
		}
	}
	return true
}

// SetHeaders changes the headers of a response before it is sent. net/http does
// not add a dropped header again.
func (e *Effects) SetHeaders(h http.Header) {
	for _, x := range e.Headers {
		h.Set(x.Name, x.Value)
	}
	if e.ContentType != "" {
		h.Set("Content-Type", e.ContentType)
	}
	for _, name := range e.DropHeaders {
		h[name] = nil
	}
}
