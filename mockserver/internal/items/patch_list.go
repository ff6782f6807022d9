package items

import (
	"errors"
	"slices"

	"github.com/connectmock/connectmock/openapi/connect"
)

// tags are numbered as they are answered: sorted [D].
func (d *draft) tags(e edit) error {
	read := func(e edit) (tag string, err error) { return tag, e.text(&tag) }
	if len(e.path) == 0 {
		return list(e, &d.Tags, read)
	}
	return element(e, &d.Tags, read)
}

// urls are numbered.
func (d *draft) urls(e edit) error {
	read := func(e edit) (u connect.URL, err error) { return u, e.object(&u) }
	switch len(e.path) {
	case 0:
		return list(e, &d.URLs, read)
	case 1:
		return element(e, &d.URLs, read)
	}
	i, err := e.path[:1].index(len(d.URLs), false)
	if err != nil {
		return err
	}
	member := edit{op: e.op, value: e.value, path: e.path[2:]}
	switch e.path[1] {
	case "href":
		return member.text(&d.URLs[i].Href)
	case "label":
		return member.text(&d.URLs[i].Label)
	case "primary":
		return member.flag(&d.URLs[i].Primary)
	}
	return errNowhere()
}

// sections are named by id, as fields are [G].
func (d *draft) sections(e edit) error {
	read := func(e edit) (s connect.Section, err error) { return s, e.object(&s) }
	if len(e.path) == 0 {
		return list(e, &d.Sections, read)
	}
	id := e.path[0]
	if id == "-" && len(e.path) == 1 && e.op == opAdd {
		return list(edit{op: opAdd, value: e.value}, &d.Sections, read)
	}
	i := slices.IndexFunc(d.Sections, func(s connect.Section) bool { return s.ID == id })
	if i < 0 {
		return errors.New("the item has no section of this id")
	}
	switch {
	case len(e.path) == 2 && e.path[1] == "label":
		return edit{op: e.op, value: e.value}.text(&d.Sections[i].Label)
	case len(e.path) > 1:
		return errNowhere()
	case e.op == opRemove:
		d.Sections = slices.Delete(d.Sections, i, i+1)
		d.leave(id)
		return nil
	}
	section := d.Sections[i]
	if err := e.object(&section); err != nil {
		return err
	}
	if section.ID != id {
		return errors.New("the id of a section can't be changed")
	}
	d.Sections[i] = section
	return nil
}

// leave takes all fields out of a section that is no more [G: their values are
// worth more than their place].
func (d *draft) leave(section string) {
	for i, f := range d.Fields {
		if f.Section != nil && f.Section.ID == section {
			d.Fields[i].Section = nil
		}
	}
}
