package items

import (
	"fmt"

	"github.com/connectmock/connectmock/openapi/connect"
)

// sections has the sections of an item while its fields are assembled.
type sections struct {
	options Options
	list    []connect.Section
	byID    map[string]int // indexes in list
	byLabel map[string]int // the first of each label
	used    map[string]bool
}

// newSections returns the sections that a client sent. It keeps their ids or
// generates them [C], and refuses two with the same id [R connect 75].
func newSections(sent []connect.Section, o Options) (*sections, error) {
	s := &sections{options: o, byID: map[string]int{}, byLabel: map[string]int{}, used: map[string]bool{}}
	for _, section := range sent {
		s.used[section.ID] = true
	}
	for i, section := range sent {
		if section.ID == "" && !(o.OnlyLoginTemplate && section.Label == "") {
			id, err := o.freshID("", s.used)
			if err != nil {
				return nil, err
			}
			section.ID = id
		}
		if _, twice := s.byID[section.ID]; twice {
			return nil, connect.ItemInvalid(fmt.Sprintf("details.sections[%d] has non-unique name", i+1))
		}
		s.add(section)
	}
	return s, nil
}

func (s *sections) add(section connect.Section) {
	s.byID[section.ID] = len(s.list)
	s.used[section.ID] = true
	s.list = append(s.list, section)
	s.indexLabel(len(s.list) - 1)
}

func (s *sections) indexLabel(i int) {
	if _, taken := s.byLabel[s.list[i].Label]; !taken {
		s.byLabel[s.list[i].Label] = i
	}
}

// resolve returns the section of a field or a file with id and label, as the item
// will have it [C]. It finds it by id, else by label, and adds an unknown one [G].
// It returns nil for a section without id and label.
func (s *sections) resolve(wanted *connect.Section) (*connect.Section, error) {
	if wanted == nil || *wanted == (connect.Section{}) {
		return nil, nil
	}
	if i, found := s.find(*wanted); found {
		if s.list[i].Label == "" {
			s.list[i].Label = wanted.Label
			s.indexLabel(i)
		}
		section := s.list[i]
		return &section, nil
	}
	added := *wanted
	if added.ID == "" {
		id, err := s.options.freshID("", s.used)
		if err != nil {
			return nil, err
		}
		added.ID = id
	}
	s.add(added)
	return &added, nil
}

func (s *sections) find(wanted connect.Section) (int, bool) {
	if wanted.ID != "" {
		i, found := s.byID[wanted.ID]
		return i, found
	}
	i, found := s.byLabel[wanted.Label]
	return i, found
}

// updateLabels sets the final labels of sections in every field and file.
func (s *sections) updateLabels(it connect.Item) {
	for _, f := range it.Fields {
		if f.Section != nil {
			*f.Section = s.list[s.byID[f.Section.ID]]
		}
	}
	for _, f := range it.Files {
		if f.Section != nil {
			*f.Section = s.list[s.byID[f.Section.ID]]
		}
	}
}
