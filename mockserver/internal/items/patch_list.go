package items

import (
	"errors"
	"slices"

	"github.com/connectmock/connectmock/openapi/connect"
)

// editTags edits the tags. Their indexes are those in responses: sorted [D].
func (d *draft) editTags(e edit) error {
	read := func(e edit) (tag string, err error) { return tag, e.setText(&tag) }
	if len(e.path) == 0 {
		return editList(e, &d.Tags, read)
	}
	return editElement(e, &d.Tags, read)
}

// editURLs edits the URLs, which are named by their indexes.
func (d *draft) editURLs(e edit) error {
	read := func(e edit) (u connect.URL, err error) { return u, e.decodeObject(&u) }
	switch len(e.path) {
	case 0:
		return editList(e, &d.URLs, read)
	case 1:
		return editElement(e, &d.URLs, read)
	}
	i, err := e.path[:1].index(len(d.URLs), false)
	if err != nil {
		return err
	}
	member := edit{op: e.op, value: e.value, path: e.path[2:]}
	switch e.path[1] {
	case "href":
		return member.setText(&d.URLs[i].Href)
	case "label":
		return member.setText(&d.URLs[i].Label)
	case "primary":
		return member.setBool(&d.URLs[i].Primary)
	}
	return errNoSuchPath()
}

// editSections edits the sections, which are named by id, like fields [G].
func (d *draft) editSections(e edit) error {
	read := func(e edit) (s connect.Section, err error) { return s, e.decodeObject(&s) }
	if len(e.path) == 0 {
		return editList(e, &d.Sections, read)
	}
	id := e.path[0]
	if id == "-" && len(e.path) == 1 && e.op == opAdd {
		return editList(edit{op: opAdd, value: e.value}, &d.Sections, read)
	}
	i := slices.IndexFunc(d.Sections, func(s connect.Section) bool { return s.ID == id })
	if i < 0 {
		return errors.New("the item has no section of this id")
	}
	switch {
	case len(e.path) == 2 && e.path[1] == "label":
		return edit{op: e.op, value: e.value}.setText(&d.Sections[i].Label)
	case len(e.path) > 1:
		return errNoSuchPath()
	case e.op == opRemove:
		d.Sections = slices.Delete(d.Sections, i, i+1)
		d.clearSection(id)
		return nil
	}
	section := d.Sections[i]
	if err := e.decodeObject(&section); err != nil {
		return err
	}
	if section.ID != id {
		return errors.New("the id of a section can't be changed")
	}
	d.Sections[i] = section
	return nil
}

// clearSection removes all fields from a section that was removed, and keeps them
// [G].
func (d *draft) clearSection(section string) {
	for i, f := range d.Fields {
		if f.Section != nil && f.Section.ID == section {
			d.Fields[i].Section = nil
		}
	}
}
