package backend

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxNameBytes is how long a name may be, in bytes.
const maxNameBytes = 100

// validateName returns an error for a name that does not fit into a path, a line of a table or a message. what names
// the kind of thing, as "a snapshot".
func validateName(what, name string) error {
	isForbidden := func(r rune) bool { return !unicode.IsPrint(r) || r == '/' || r == '\\' }
	switch {
	case name == "":
		return Errorf(400, "%s needs a name", what)
	case len(name) > maxNameBytes:
		return Errorf(400, "the name of %s can have %d bytes, not %d", what, maxNameBytes, len(name))
	case !utf8.ValidString(name) || strings.ContainsFunc(name, isForbidden),
		strings.TrimSpace(name) != name || strings.Trim(name, ".") == "":
		return Errorf(400, "%q can't be the name of %s: "+
			"use printable characters without slashes, not only dots, and no space at either end", name, what)
	}
	return nil
}
