package faults

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/openapi/controlapi"
)

func headersKind() kind {
	return kind{
		member: "headers",
		given:  func(f *controlapi.Fault) bool { return len(f.Headers) > 0 },
		check:  checkHeaders,
		strike: func(s *Effects, f *controlapi.Fault, _ Request, _ chance) {
			for _, name := range slices.Sorted(maps.Keys(f.Headers)) {
				s.Headers = append(s.Headers, Header{http.CanonicalHeaderKey(name), f.Headers[name]})
			}
		},
	}
}

func dropKind() kind {
	return kind{
		member: "dropHeaders",
		given:  func(f *controlapi.Fault) bool { return len(f.DropHeaders) > 0 },
		check:  checkDropped,
		strike: func(s *Effects, f *controlapi.Fault, _ Request, _ chance) {
			for _, name := range f.DropHeaders {
				s.DropHeaders = append(s.DropHeaders, http.CanonicalHeaderKey(name))
			}
		},
	}
}

func contentTypeKind() kind {
	return kind{
		member: "contentType",
		given:  func(f *controlapi.Fault) bool { return f.ContentType != "" },
		check: func(f *controlapi.Fault) error {
			if !headerText(f.ContentType) {
				return refuse("contentType", "must be one line of visible characters")
			}
			return nil
		},
		strike: func(s *Effects, f *controlapi.Fault, _ Request, _ chance) {
			if s.ContentType == "" {
				s.ContentType = f.ContentType
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
		case !headerName(name):
			return refuse("headers", "%q can't be the name of a header", name)
		case twice:
			return refuse("headers", "%q and %q are the same header", other, name)
		case !headerText(f.Headers[name]):
			return refuse("headers."+name, "must be one line of visible characters")
		case canonical == "Content-Length" || canonical == "Transfer-Encoding":
			return refuse("headers."+name, "is made from the body; truncate leaves bytes out, malformJson makes a body shorter")
		case canonical == "Content-Type" && f.ContentType != "":
			return refuse("headers."+name, "is given by contentType too; give one of the two")
		}
	}
	return nil
}

func checkDropped(f *controlapi.Fault) error {
	for _, name := range f.DropHeaders {
		switch {
		case !headerName(name):
			return refuse("dropHeaders", "%q can't be the name of a header", name)
		case http.CanonicalHeaderKey(name) == "Transfer-Encoding":
			return refuse("dropHeaders", "%q can't be left out: without it nobody could tell where the body ends", name)
		}
	}
	return nil
}

// headerName holds a name to the token of RFC 9110.
func headerName(name string) bool {
	for _, c := range []byte(name) {
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && !strings.ContainsRune("!#$%&'*+-.^_`|~", rune(c)) {
			return false
		}
	}
	return name != ""
}

// headerText says whether a value can be sent.
func headerText(value string) bool {
	for _, c := range []byte(value) {
		if c < ' ' && c != '\t' || c == 0x7f {
			return false
		}
	}
	return true
}

// SetHeaders changes the headers of an answer before they are sent. A header
// that is left out is not made up by the server either.
func (s *Effects) SetHeaders(h http.Header) {
	for _, x := range s.Headers {
		h.Set(x.Name, x.Value)
	}
	if s.ContentType != "" {
		h.Set("Content-Type", s.ContentType)
	}
	for _, name := range s.DropHeaders {
		h[name] = nil
	}
}
