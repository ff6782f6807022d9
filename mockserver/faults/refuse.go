package faults

import (
	"fmt"
	"strings"

	"github.com/connectmock/connectmock/openapi/controlapi"
)

// refuse is the error about a member of a fault.
func refuse(member, format string, args ...any) error {
	return &controlapi.Error{Status: 400, Message: member + ": " + fmt.Sprintf(format, args...)}
}

// checkName holds a name to what can stand in a path and in a table.
func checkName(d *controlapi.Fault) error {
	const most = 100
	switch {
	case len(d.Name) > most:
		return refuse("name", "must not be longer than %d bytes", most)
	case strings.ContainsFunc(d.Name, func(r rune) bool { return r < ' ' || r == 0x7f || r == '/' }):
		return refuse("name", "must have no slash and no control character: it is part of a path")
	case d.Name == "." || d.Name == "..":
		return refuse("name", "must not be a dot or two: it is part of a path")
	}
	return nil
}

// list is words for people.
func list(words []string) string { return strings.Join(words, ", ") }
