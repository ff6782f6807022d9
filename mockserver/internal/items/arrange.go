package items

import (
	"fmt"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/internal/ascii"
	"github.com/connectmock/connectmock/openapi/connect"
)

// A place is one field of an item to be: what the client sent, what the
// template says, or both.
type place struct {
	sent     connect.FieldInput     // zero for a standard field nobody sent
	standard *connect.StandardField // nil for a field of the client's own
	index    int                    // among the fields sent; -1 if it was not
}

// member names the field for a refusal.
func (p place) member() string { return fmt.Sprintf("fields[%d]", p.index) }

// arrange puts the fields sent into the slots of the category and says which
// fields the item will have, in their order: standard ones as in the template,
// then the client's own as sent [G: real servers keep the two apart].
func arrange(in connect.ItemInput, r Options) ([]place, error) {
	slots := connect.StandardFields(in.Category)
	filled := make([]*place, len(slots))
	var own []place
	for i, f := range in.Fields {
		f.Purpose = ascii.ToUpper(f.Purpose)
		p := place{sent: f, index: i}
		if !slices.Contains([]string{"", username, secret, notes}, f.Purpose) {
			return nil, connect.InvalidBody(p.member()+".purpose", "must be one of "+strings.Join(connect.Purposes(), ", "))
		}
		at := slices.IndexFunc(slots, func(s connect.StandardField) bool { return isMeant(s, f) })
		switch {
		case at < 0 && f.Purpose != "":
			// [R status, for DATABASE; G for the other categories]
			return nil, connect.PurposeNotAcceptable(in.Category, f.Purpose)
		case at < 0:
			own = append(own, p)
		case filled[at] == nil:
			p.standard = &slots[at]
			filled[at] = &p
		case slots[at].Purpose != "":
			return nil, connect.TooManyPurposeFields(slots[at].ID)
		default:
			return nil, nonUnique(in, i)
		}
	}

	labels := map[string]bool{}
	for _, p := range own {
		labels[strings.ToLower(p.sent.Label)] = true
	}
	places := make([]place, 0, len(slots)+len(own))
	for i, p := range filled {
		switch {
		case p != nil:
			places = append(places, *p)
		case slots[i].Optional:
		case r.RequirePassword && in.Category == password && slots[i].Purpose == secret:
			return nil, connect.PasswordRequired()
		case r.OnlyLoginTemplate && in.Category != login:
		case slots[i].Purpose == "" && labels[strings.ToLower(slots[i].Label)]:
			// An empty twin beside the client's own field of that label would
			// break clients that look fields up by label and want exactly one
			// [C external-secrets creates SERVER items with a "password"].
		default:
			places = append(places, place{standard: &slots[i], index: -1})
		}
	}
	return append(places, own...), nil
}

// isMeant reports whether a client's field, with its purpose in upper case, is
// that standard field: by its purpose or by its id. A label alone says nothing
// [R js 108].
func isMeant(standard connect.StandardField, f connect.FieldInput) bool {
	if f.Purpose != "" || standard.Optional {
		return standard.Purpose == f.Purpose
	}
	return standard.ID == f.ID
}
