package items

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
)

// edit is a patch operation applied to a part of the document.
type edit struct {
	op    string
	path  pointer         // the rest of the path, below the part
	value json.RawMessage // nil for a remove
}

// setText sets a string at the end of the path. A null is an empty string, as it
// is in a replace [W clients send nulls].
func (e edit) setText(into *string) error { return setValue(e, into, "the value must be a string") }

// setBool sets a boolean at the end of the path.
func (e edit) setBool(into *bool) error { return setValue(e, into, "the value must be true or false") }

// setValue sets a value at the end of the path, to zero for a remove. message is
// the error for a value of another type.
func setValue[T any](e edit, into *T, message string) error {
	if len(e.path) > 0 {
		return errNoSuchPath()
	}
	var value T
	if e.op != opRemove {
		if err := json.Unmarshal(e.value, &value); err != nil {
			return errors.New(message)
		}
	}
	*into = value
	return nil
}

// decodeObject decodes the value, which must be an object, over what into has.
func (e edit) decodeObject(into any) error {
	if !e.startsWith('{') {
		return errors.New("the value must be an object")
	}
	err := json.Unmarshal(e.value, into)
	if mismatch := (*json.UnmarshalTypeError)(nil); errors.As(err, &mismatch) {
		return errors.New("the value has a member of the wrong type: " + mismatch.Field)
	}
	if err != nil {
		return errors.New("the value must be an object")
	}
	return nil
}

func (e edit) isList() bool { return e.startsWith('[') }

func (e edit) startsWith(c byte) bool {
	return bytes.HasPrefix(bytes.TrimLeft(e.value, " \t\r\n"), []byte{c})
}

// editList edits a whole list: a replace or an add of a list replaces it, a
// remove empties it, an add of anything else appends [D for fields, G for the
// others: by RFC 6902 it would replace the list]. read decodes one element.
func editList[T any](e edit, into *[]T, read func(edit) (T, error)) error {
	switch {
	case e.op == opRemove:
		*into = nil
		return nil
	case e.isList():
		var values []json.RawMessage
		if err := json.Unmarshal(e.value, &values); err != nil {
			return errors.New("the value must be a list")
		}
		var elements []T
		for _, value := range values {
			element, err := read(edit{op: e.op, value: value})
			if err != nil {
				return err
			}
			elements = append(elements, element)
		}
		*into = elements
		return nil
	case e.op == opReplace:
		return errors.New("the value must be a list")
	}
	element, err := read(e)
	if err != nil {
		return err
	}
	*into = append(*into, element)
	return nil
}

// editElement edits one element of a list, which the path names by its index; an
// add inserts there [RFC 6902].
func editElement[T any](e edit, into *[]T, read func(edit) (T, error)) error {
	i, err := e.path.index(len(*into), e.op == opAdd)
	if err != nil {
		return err
	}
	if e.op == opRemove {
		*into = slices.Delete(*into, i, i+1)
		return nil
	}
	value, err := read(edit{op: e.op, value: e.value})
	if err != nil {
		return err
	}
	if e.op == opAdd {
		*into = slices.Insert(*into, i, value)
	} else {
		(*into)[i] = value
	}
	return nil
}
