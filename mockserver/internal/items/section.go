package items

import (
	"fmt"

	"github.com/connectmock/connectmock/openapi/connect"
)

// sections collects the sections of an item while its fields are placed.
type sections struct {
	rules   Options
	list    []connect.Section
	at      map[string]int // by id
	labeled map[string]int // the first of each label
	used    map[string]bool
}

// newSections takes over the sections a client sent: ids are kept or made [C],
// two of one id are refused [R connect 75].
func newSections(sent []connect.Section, r Options) (*sections, error) {
	s := &sections{rules: r, at: map[string]int{}, labeled: map[string]int{}, used: map[string]bool{}}
	for _, section := range sent {
		s.used[section.ID] = true
	}
	for i, section := range sent {
		if section.ID == "" && !(r.OnlyLoginTemplate && section.Label == "") {
			id, err := r.freshID("", s.used)
			if err != nil {
				return nil, err
			}
			section.ID = id
		}
		if _, twice := s.at[section.ID]; twice {
			return nil, connect.ItemInvalid(fmt.Sprintf("details.sections[%d] has non-unique name", i+1))
		}
		s.add(section)
	}
	return s, nil
}

func (s *sections) add(section connect.Section) {
	s.at[section.ID] = len(s.list)
	s.used[section.ID] = true
	s.list = append(s.list, section)
	s.label(len(s.list) - 1)
}

func (s *sections) label(i int) {
	if _, taken := s.labeled[s.list[i].Label]; !taken {
		s.labeled[s.list[i].Label] = i
	}
}

// place is the section of a field or a file with id and label, as the item will
// show it [C]. It is looked up by id, else by label; one that is not there is
// added [G]. Without id and label there is no section.
func (s *sections) place(wanted *connect.Section) (*connect.Section, error) {
	if wanted == nil || *wanted == (connect.Section{}) {
		return nil, nil
	}
	if i, found := s.find(*wanted); found {
		if s.list[i].Label == "" {
			s.list[i].Label = wanted.Label
			s.label(i)
		}
		section := s.list[i]
		return &section, nil
	}
	added := *wanted
	if added.ID == "" {
		id, err := s.rules.freshID("", s.used)
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
		i, found := s.at[wanted.ID]
		return i, found
	}
	i, found := s.labeled[wanted.Label]
	return i, found
}

// relabel gives every field and file the label its section ended up with.
func (s *sections) relabel(it connect.Item) {
	for _, f := range it.Fields {
		if f.Section != nil {
			*f.Section = s.list[s.at[f.Section.ID]]
		}
	}
	for _, f := range it.Files {
		if f.Section != nil {
			*f.Section = s.list[s.at[f.Section.ID]]
		}
	}
}
