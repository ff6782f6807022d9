package items

import (
	"fmt"

	"github.com/connectmock/connectmock/internal/ascii"
	"github.com/connectmock/connectmock/openapi/connect"
	"slices"
)

// maxFindings is how many findings one error lists [G].
const maxFindings = 10

// foreignTypes returns types of other programs of 1Password that Connect does not
// know [R for totp; R by analogy for passkey; G for the type of a login by
// another provider].
func foreignTypes() []string { return []string{"totp", "passkey", "ssologin"} }

// checkTypes returns an error for all fields of unknown types together, in the
// words of a real server's item validator [R]. It repeats only names of types that
// exist elsewhere: any other text comes from the request.
func checkTypes(in connect.ItemInput, was connect.Item, o Options) error {
	var at []position
	var findings []string
	for i, f := range in.Fields {
		kind, known := fieldType(f.Type, "", nil)
		if known && !(o.RefuseAddressType && kind == addressType && !hasAddress(was, f.ID)) {
			continue
		}
		if at == nil {
			at = positions(in)
		}
		finding := at[i].String() + " has unsupported field type"
		if name := ascii.ToLower(f.Type); known || slices.Contains(foreignTypes(), name) {
			finding += ": " + name
		}
		if findings = append(findings, finding); len(findings) == maxFindings {
			break
		}
	}
	if findings != nil {
		return connect.ItemInvalid(findings...)
	}
	return nil
}

// hasAddress reports whether an item has a field of that id and of the type
// ADDRESS, which a patch of other fields keeps.
func hasAddress(it connect.Item, id string) bool {
	return slices.ContainsFunc(it.Fields, func(f connect.Field) bool { return f.ID == id && f.Type == addressType })
}

// nonUniqueError returns the error for a second field with the same id [G, after R
// for sections].
func nonUniqueError(in connect.ItemInput, index int) error {
	return connect.ItemInvalid(positions(in)[index].String() + " has non-unique name")
}

// position is the number of a field in the validator's texts.
type position struct{ section, field int }

func (p position) String() string {
	return fmt.Sprintf("details.sections[%d].fields[%d]", p.section, p.field)
}

// positions returns the positions of all fields of an input. Fields without a
// section are in section 0 [R connect pull request 26], then come the item's
// sections [R terraform 54], then those that only fields name; fields with a
// purpose are not counted [both G].
func positions(in connect.ItemInput) []position {
	byID, byLabel := map[string]int{}, map[string]int{}
	count := 1 // section 0 has the fields without a section
	add := func(s connect.Section) int {
		if _, known := byLabel[s.Label]; !known {
			byLabel[s.Label] = count
		}
		byID[s.ID] = count
		count++
		return count - 1
	}
	for _, s := range in.Sections {
		add(s)
	}
	section := func(s *connect.Section) int {
		if s == nil || *s == (connect.Section{}) {
			return 0
		}
		known, found := byID[s.ID]
		if s.ID == "" {
			known, found = byLabel[s.Label]
		}
		if !found {
			return add(*s)
		}
		return known
	}
	at := make([]position, len(in.Fields))
	filled := map[int]int{}
	for i, f := range in.Fields {
		number := section(f.Section)
		at[i] = position{number, filled[number]}
		if f.Purpose == "" {
			filled[number]++
		}
	}
	return at
}
