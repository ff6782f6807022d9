package backend

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxNameBytes is how long a name may be, in bytes.
const maxNameBytes = 100

// validateName refuses names that can't stand in a path, a line of a table or a
// message.
func validateName(what, name string) error {
	odd := func(r rune) bool { return !unicode.IsPrint(r) || r == '/' || r == '\\' }
	switch {
	case name == "":
		return Errorf(400, "%s needs a name", what)
	case len(name) > maxNameBytes:
		return Errorf(400, "the name of %s can have %d bytes, not %d", what, maxNameBytes, len(name))
	case !utf8.ValidString(name) || strings.ContainsFunc(name, odd) || strings.TrimSpace(name) != name || strings.Trim(name, ".") == "":
		return Errorf(400, "%q can't be the name of %s: printable characters without slashes, not only dots, no space at either end", name, what)
	}
	return nil
}
