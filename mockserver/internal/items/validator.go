package items

import (
	"fmt"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/openapi/connect"
)

// checkTypes refuses fields of types a server does not know, all at once, in
// the words of its item validator [R]. Only the name of the one type people are
// led to by the published document is repeated: what else stands there came
// with the request.
func checkTypes(in connect.ItemInput) error {
	var findings []string
	for i, f := range in.Fields {
		if _, known := fieldType(f.Type, "", nil); known {
			continue
		}
		finding := position(in, i) + " has unsupported field type"
		if strings.EqualFold(f.Type, "TOTP") {
			finding += ": totp"
		}
		findings = append(findings, finding)
	}
	if findings != nil {
		return connect.ItemInvalid(findings...)
	}
	return nil
}

// nonUnique refuses the second field of one id [G, after R for sections].
func nonUnique(in connect.ItemInput, index int) error {
	return connect.ItemInvalid(position(in, index) + " has non-unique name")
}

// position is a field in the validator's numbering. Fields without a section
// are in section 0 [R connect pull request 26], the item's sections follow [R
// terraform 54]; fields with a purpose are kept elsewhere and do not count [G].
func position(in connect.ItemInput, index int) string {
	section, place := sectionNumber(in, index), 0
	for i, f := range in.Fields[:index] {
		if f.Purpose == "" && sectionNumber(in, i) == section {
			place++
		}
	}
	return fmt.Sprintf("details.sections[%d].fields[%d]", section, place)
}

func sectionNumber(in connect.ItemInput, index int) int {
	wanted := in.Fields[index].Section
	if wanted == nil || *wanted == (connect.Section{}) {
		return 0
	}
	at := slices.IndexFunc(in.Sections, func(s connect.Section) bool {
		return s.ID == wanted.ID && (s.ID != "" || s.Label == wanted.Label)
	})
	if at < 0 {
		return len(in.Sections) + 1
	}
	return at + 1
}
