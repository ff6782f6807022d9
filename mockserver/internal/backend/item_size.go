package backend

import (
	"encoding/json"
	"fmt"

	"github.com/connectmock/connectmock/openapi/connect"
)

// CheckBodySize returns an error for a body whose lists have more entries than an item may have parts: `{}` has two
// bytes, but a field takes hundreds in memory [G].
func CheckBodySize(body []byte) error {
	if entries, _, _ := countValues(body); entries > connect.MaxItemParts {
		return connect.InvalidBody("", fmt.Sprintf("has more than %d entries in its lists", connect.MaxItemParts))
	}
	return nil
}

// CheckItem returns an error for an item that is too large to be exported and imported again [G]. Several requests can
// make an item larger than a body may be.
func (l Limits) CheckItem(it connect.Item) error {
	if it.Parts() > connect.MaxItemParts {
		return connect.InvalidBody("",
			fmt.Sprintf("makes an item of more than %d fields and other parts", connect.MaxItemParts))
	}
	limit := l.documentLimit()
	if textBytes(it) <= limit/8 { // an escaped byte takes six at most, and member names are added
		return nil
	}
	if document, err := json.Marshal(it); err != nil || int64(len(document)) > limit {
		return connect.InvalidBody("", fmt.Sprintf("makes an item of more than %d MiB", (limit+64)>>20))
	}
	return nil
}

// textBytes returns the approximate number of bytes in the texts of an item.
func textBytes(it connect.Item) (n int64) {
	add := func(texts ...string) {
		for _, text := range texts {
			n += int64(len(text))
		}
	}
	add(it.Title)
	add(it.Tags...)
	for _, f := range it.Fields {
		add(f.ID, f.Label, f.Value)
		if f.Section != nil {
			add(f.Section.ID, f.Section.Label)
		}
		if f.PasswordDetails != nil {
			add(f.PasswordDetails.History...)
		}
	}
	for _, u := range it.URLs {
		add(u.Href, u.Label)
	}
	for _, section := range it.Sections {
		add(section.ID, section.Label)
	}
	return n
}
