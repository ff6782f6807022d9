package items

import (
	"slices"

	"github.com/connectmock/connectmock/openapi/connect"
)

// assemble makes the document that an input asks for. What is not the client's
// to say (id, vault, files, version, dates) is taken from base; was is the
// document before the change, zero if there is none. A title may be missing or
// empty [T terraform provider's acceptance test and a Rust client, C the JS SDK's
// quick start]; it is kept as it was sent [G].
func assemble(base connect.Item, in connect.ItemInput, was connect.Item, r Options) (connect.Item, error) {
	if err := checkTypes(in, was, r); err != nil {
		return connect.Item{}, err
	}
	places, err := arrange(in, r)
	if err != nil {
		return connect.Item{}, err
	}
	sections, err := newSections(in.Sections, r)
	if err != nil {
		return connect.Item{}, err
	}

	it := base
	it.Category, it.Title, it.Favorite = in.Category, in.Title, in.Favorite
	it.Tags, it.URLs = tags(in.Tags), urls(in.URLs)
	ids := newIDs(places, r)
	it.Fields = make([]connect.Field, 0, len(places))
	for _, p := range places {
		field, err := p.field(was, r)
		if err != nil {
			return connect.Item{}, err
		}
		if field.ID, err = ids.of(p, field, in); err != nil {
			return connect.Item{}, err
		}
		if field.Section, err = sections.place(p.section()); err != nil {
			return connect.Item{}, err
		}
		it.Fields = append(it.Fields, field)
	}
	it.Files = slices.Clone(base.Files)
	for i, f := range it.Files {
		if it.Files[i].Section, err = sections.place(f.Section); err != nil {
			return connect.Item{}, err
		}
	}
	sections.relabel(it)
	it.Sections = sections.list
	it.AdditionalInformation = additionalInformation(it)
	return it, nil
}

// additionalInformation is the user name of a LOGIN and the fingerprint of an
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

// tags are sorted [D]. Empty ones and repetitions are dropped [G].
func tags(sent []string) []string {
	sorted := slices.Clone(sent)
	slices.Sort(sorted)
	sorted = slices.DeleteFunc(slices.Compact(sorted), func(tag string) bool { return tag == "" })
	if len(sorted) == 0 {
		return nil
	}
	return sorted
}

// urls drops addresses that are empty: clients send them where there is none
// [W that they send them, G that they are dropped].
func urls(sent []connect.URL) []connect.URL {
	kept := slices.DeleteFunc(slices.Clone(sent), func(u connect.URL) bool { return u.Href == "" })
	if len(kept) == 0 {
		return nil
	}
	return kept
}
