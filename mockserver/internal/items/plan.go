package items

import (
	"fmt"
	"strings"

	"github.com/connectmock/connectmock/internal/ascii"
	"github.com/connectmock/connectmock/openapi/connect"
)

// plannedField is a field that an item will have: what the client sent, what the
// template has, or both.
type plannedField struct {
	sent     connect.FieldInput     // zero for a standard field that was not sent
	standard *connect.StandardField // nil for a field that is not in the template
	index    int                    // in the fields that were sent; -1: not sent
}

// member returns the name of the field for errors.
func (p plannedField) member() string { return fmt.Sprintf("fields[%d]", p.index) }

// planFields assigns the fields that were sent to the standard fields of the
// category, and returns the fields that the item will have, in their order:
// standard ones as in the template, then the others as sent [G: real servers
// keep the two apart].
func planFields(in connect.ItemInput, o Options) ([]plannedField, error) {
	slots := connect.StandardFields(in.Category)
	filled := make([]int, len(slots)) // by a field of in, numbered from 1; 0: none
	var own []plannedField
	for i, f := range in.Fields {
		f.Purpose = ascii.ToUpper(f.Purpose)
		if !isPurpose(f.Purpose) {
			return nil, connect.InvalidBody(plannedField{index: i}.member()+".purpose",
				"must be one of "+strings.Join(connect.Purposes(), ", "))
		}
		at := indexOfStandardField(slots, f)
		switch {
		case at < 0 && f.Purpose != "":
			// [R status, for DATABASE; G for the other categories]
			return nil, connect.PurposeNotAcceptable(in.Category, f.Purpose)
		case at < 0:
			own = append(own, plannedField{sent: f, index: i})
		case filled[at] == 0:
			filled[at] = i + 1
		case slots[at].Purpose != "":
			return nil, connect.TooManyPurposeFields(slots[at].ID)
		default:
			return nil, nonUniqueError(in, i)
		}
	}

	labels := make(map[string]bool, len(own))
	for _, p := range own {
		labels[strings.ToLower(p.sent.Label)] = true
	}
	planned := make([]plannedField, 0, len(slots)+len(own))
	for i, field := range filled {
		switch {
		case field > 0:
			sent := in.Fields[field-1]
			sent.Purpose = ascii.ToUpper(sent.Purpose)
			planned = append(planned, plannedField{sent: sent, standard: &slots[i], index: field - 1})
		case slots[i].Optional:
		case o.RequirePassword && in.Category == password && slots[i].Purpose == secret:
			return nil, connect.PasswordRequired()
		case o.OnlyLoginTemplate && in.Category != login:
		case slots[i].Purpose == "" && labels[strings.ToLower(slots[i].Label)]:
			// An empty field beside the client's own with the same label would
			// break clients that look fields up by label and want exactly one
			// [C external-secrets creates SERVER items with a "password"].
		default:
			planned = append(planned, plannedField{standard: &slots[i], index: -1})
		}
	}
	return append(planned, own...), nil
}

// isPurpose reports whether a purpose in upper case exists, or is empty.
func isPurpose(purpose string) bool {
	switch purpose {
	case "", username, secret, notes:
		return true
	}
	return false
}

// indexOfStandardField returns the index of the standard field that a client's field, with its purpose in upper case,
// is: by its purpose or by its id. The label does not matter [R js 108]. It is -1 if there is none.
func indexOfStandardField(standard []connect.StandardField, f connect.FieldInput) int {
	for i := range standard {
		switch s := &standard[i]; {
		case f.Purpose != "" || s.Optional:
			if s.Purpose == f.Purpose {
				return i
			}
		case s.ID == f.ID:
			return i
		}
	}
	return -1
}
