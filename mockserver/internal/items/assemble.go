package items

import (
	"slices"

	"github.com/connectmock/connectmock/openapi/connect"
)

// assemble returns the document for an input. It takes what clients cannot set
// (id, vault, files, version, dates) from base; was is the document before the
// change, zero if there is none. A title may be missing or empty [T terraform
// provider's acceptance test and a Rust client, C the JS SDK's quick start]; it
// is kept as it was sent [G].
func assemble(base connect.Item, in connect.ItemInput, was connect.Item, o Options) (connect.Item, error) {
	if err := checkTypes(in, was, o); err != nil {
		return connect.Item{}, err
	}
	planned, err := planFields(in, o)
	if err != nil {
		return connect.Item{}, err
	}
	sections, err := newSections(in.Sections, o)
	if err != nil {
		return connect.Item{}, err
	}

	it := base
	it.Category, it.Title, it.Favorite = in.Category, in.Title, in.Favorite
	it.Tags, it.URLs = tags(in.Tags), urls(in.URLs)
	ids := newIDs(planned, o)
	it.Fields = make([]connect.Field, 0, len(planned))
	for _, p := range planned {
		field, err := p.field(was, o)
		if err != nil {
			return connect.Item{}, err
		}
		if field.ID, err = ids.next(p, field, in); err != nil {
			return connect.Item{}, err
		}
		if field.Section, err = sections.resolve(p.section()); err != nil {
			return connect.Item{}, err
		}
		it.Fields = append(it.Fields, field)
	}
	it.Files = slices.Clone(base.Files)
	for i, f := range it.Files {
		if it.Files[i].Section, err = sections.resolve(f.Section); err != nil {
			return connect.Item{}, err
		}
	}
	sections.updateLabels(it)
	it.Sections = sections.list
	it.AdditionalInformation = additionalInformation(it)
	return it, nil
}

// additionalInformation returns the user name of a LOGIN or the fingerprint of an
// SSH_KEY [R]. Other categories have none [G].
func additionalInformation(it connect.Item) string {
	for _, f := range it.Fields {
		switch {
		case it.Category == login && f.Purpose == username:
			return f.Value
		case it.Category == sshKey && f.ID == "fingerprint":
			return f.Value
		}
	}
	return ""
}

// tags returns tags sorted [D], without empty ones and duplicates [G].
func tags(sent []string) []string {
	sorted := slices.Clone(sent)
	slices.Sort(sorted)
	sorted = slices.DeleteFunc(slices.Compact(sorted), func(tag string) bool { return tag == "" })
	if len(sorted) == 0 {
		return nil
	}
	return sorted
}

// urls returns URLs without empty ones, which clients send if there is none [W
// that they send them, G that they are dropped].
func urls(sent []connect.URL) []connect.URL {
	kept := slices.DeleteFunc(slices.Clone(sent), func(u connect.URL) bool { return u.Href == "" })
	if len(kept) == 0 {
		return nil
	}
	return kept
}
