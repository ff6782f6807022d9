package faults

import (
	"fmt"
	"strings"

	"github.com/connectmock/connectmock/openapi/controlapi"
)

// invalid returns the error about a member of a fault.
func invalid(member, format string, args ...any) error {
	return &controlapi.Error{Status: 400, Message: member + ": " + fmt.Sprintf(format, args...)}
}

// checkName returns an error for a name that does not fit into a path or a table.
func checkName(d *controlapi.Fault) error {
	const maxBytes = 100
	switch {
	case len(d.Name) > maxBytes:
		return invalid("name", "must not be longer than %d bytes", maxBytes)
	case strings.ContainsFunc(d.Name, func(r rune) bool { return r < ' ' || r == 0x7f || r == '/' }):
		return invalid("name", "must not have a slash or a control character: it is part of a path")
	case d.Name == "." || d.Name == "..":
		return invalid("name", "must not be \".\" or \"..\": it is part of a path")
	}
	return nil
}
