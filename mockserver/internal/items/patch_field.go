package items

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/openapi/connect"
)

// editFields edits all fields, one field by its id, or one member of a field [D].
func (d *draft) editFields(e edit) error {
	switch {
	case len(e.path) > 0:
	case e.op == opAdd:
		return d.addFields(e)
	default:
		read := func(e edit) (f connect.FieldInput, err error) { return f, e.decodeObject(&f) }
		return editList(e, &d.Fields, read)
	}
	id := e.path[0]
	i := indexOfField(d.Fields, id)
	switch {
	case i < 0 && e.op == opAdd && len(e.path) == 1:
		if id == "-" { // [G, after RFC 6901]
			id = ""
		}
		return d.addField(e, id)
	case i < 0:
		return noSuchFieldError(id)
	case len(e.path) > 1:
		return patchMember(&d.Fields[i], edit{op: e.op, value: e.value, path: e.path[2:]}, e.path[1])
	case e.op == opRemove:
		d.Fields = slices.Delete(d.Fields, i, i+1)
		return nil
	}
	return patchField(&d.Fields[i], e)
}

// addFields appends the field in the value [D], or the fields if it is a list [G].
func (d *draft) addFields(e edit) error {
	if !e.isList() {
		return d.addField(e, "")
	}
	taken := make(map[string]bool, len(d.Fields)) // a search through all fields for each would take minutes
	for _, f := range d.Fields {
		taken[f.ID] = true
	}
	var values []json.RawMessage
	if err := json.Unmarshal(e.value, &values); err != nil {
		return errors.New("the value must be a field or a list of fields")
	}
	for _, value := range values {
		var f connect.FieldInput
		if err := patchField(&f, edit{op: opAdd, value: value}); err != nil {
			return err
		}
		if f.ID != "" && taken[f.ID] {
			return errFieldTaken()
		}
		taken[f.ID] = true
		d.Fields = append(d.Fields, f)
	}
	return nil
}

func errFieldTaken() error { return errors.New("the item has a field of this id already") }

// addField appends a field, with the id of the path if it has one [D that it
// appends, G the id].
func (d *draft) addField(e edit, id string) error {
	f := connect.FieldInput{ID: id}
	if err := patchField(&f, e); err != nil {
		return err
	}
	if f.ID != "" && indexOfField(d.Fields, f.ID) >= 0 {
		return errFieldTaken()
	}
	d.Fields = append(d.Fields, f)
	return nil
}

// noSuchFieldError returns the error for an unknown field. It names the field [D]
// if that looks like an id.
func noSuchFieldError(id string) error {
	isPlain := func(r rune) bool {
		return r == '_' || r == '-' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z'
	}
	if id != "" && len(id) <= 40 && strings.TrimFunc(id, isPlain) == "" {
		return connect.NoSuchField(id)
	}
	return errors.New("the item has no field of this id")
}

// fieldPatch is a field in the value of an operation. A member that is missing or
// null is not changed [T for id and purpose, G for the others].
type fieldPatch struct {
	Generate *bool            `json:"generate"`
	ID       string           `json:"id"`
	Label    *string          `json:"label"`
	Purpose  string           `json:"purpose"`
	Recipe   *connect.Recipe  `json:"recipe"`
	Section  *connect.Section `json:"section"`
	Type     string           `json:"type"`
	Value    *string          `json:"value"`
}

// patchField sets the members of a field that the value of an edit has.
func patchField(f *connect.FieldInput, e edit) error {
	var patch fieldPatch
	if err := e.decodeObject(&patch); err != nil {
		return err
	}
	switch {
	case patch.ID == "":
	case f.ID == "":
		f.ID = patch.ID
	case f.ID != patch.ID:
		return errors.New("the id of a field can't be changed")
	}
	if patch.Label != nil {
		f.Label = *patch.Label
	}
	if patch.Purpose != "" { // an empty one is ignored [W]
		f.Purpose = patch.Purpose
	}
	if patch.Type != "" { // an empty one is ignored too
		f.Type = patch.Type
	}
	if patch.Section != nil {
		f.Section = patch.Section
	}
	if patch.Recipe != nil {
		f.Recipe = patch.Recipe
	}
	if patch.Generate != nil {
		setGenerate(f, *patch.Generate)
	}
	if patch.Value != nil {
		f.Value = *patch.Value
	}
	return nil
}

// patchMember edits one member of a field.
func patchMember(f *connect.FieldInput, e edit, member string) error {
	switch member {
	case "label":
		return e.setText(&f.Label)
	case "value":
		return e.setText(&f.Value)
	case "type":
		return e.setText(&f.Type)
	case "purpose":
		return e.setText(&f.Purpose)
	case "section":
		return patchSection(f, e)
	case "generate":
		generate := false
		if err := e.setBool(&generate); err != nil {
			return err
		}
		setGenerate(f, generate)
		return nil
	case "recipe":
		if len(e.path) > 0 {
			return errNoSuchPath()
		}
		f.Recipe = nil
		if e.op == opRemove {
			return nil
		}
		f.Recipe = &connect.Recipe{}
		return e.decodeObject(f.Recipe)
	case "id", "entropy", "passwordDetails", "totp":
		return errors.New("the path leads to a member that only the server changes")
	}
	return errNoSuchPath()
}

// setGenerate sets whether a value is generated. If so it removes the present one.
func setGenerate(f *connect.FieldInput, generate bool) {
	f.Generate = generate
	if generate {
		f.Value = ""
	}
}

// patchSection sets the section of a field, or removes the field from it.
func patchSection(f *connect.FieldInput, e edit) error {
	var section connect.Section
	switch {
	case len(e.path) == 1 && e.path[0] == "id":
		e.path = nil
		if err := e.setText(&section.ID); err != nil {
			return err
		}
	case len(e.path) > 0:
		return errNoSuchPath()
	case e.op != opRemove:
		if err := e.decodeObject(&section); err != nil {
			return err
		}
	}
	f.Section = &section
	return nil
}
