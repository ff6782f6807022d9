package items

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
)

// An edit is an operation on its way down the document: what is left of its
// path, and its value, nil for a remove.
type edit struct {
	op    string
	path  pointer
	value json.RawMessage
}

// text carries the edit out on a string that is the end of the path. A null is
// an empty string, as it is in a replace [W clients send nulls].
func (e edit) text(into *string) error { return end(e, into, "the value must be a string") }

// flag does the same on true or false.
func (e edit) flag(into *bool) error { return end(e, into, "the value must be true or false") }

func end[T any](e edit, into *T, otherwise string) error {
	if len(e.path) > 0 {
		return errNowhere()
	}
	var value T
	if e.op != opRemove {
		if err := json.Unmarshal(e.value, &value); err != nil {
			return errors.New(otherwise)
		}
	}
	*into = value
	return nil
}

// object reads the value as an object, over what is there already.
func (e edit) object(into any) error {
	if !e.startsWith('{') {
		return errors.New("the value must be an object")
	}
	err := json.Unmarshal(e.value, into)
	if wrong := (*json.UnmarshalTypeError)(nil); errors.As(err, &wrong) {
		return errors.New("the value has a member of the wrong type: " + wrong.Field)
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

// list carries the edit out on a whole list, if that is the end of the path: a
// replace or an add of a list puts it in place of the old one, a remove empties
// it, an add of anything else appends [D for fields, G for the others: RFC 6902
// would put it in place of the list]. read reads one element.
func list[T any](e edit, into *[]T, read func(edit) (T, error)) error {
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

// element carries the edit out on one place of a list, named by its number; an
// add inserts there [RFC 6902].
func element[T any](e edit, into *[]T, read func(edit) (T, error)) error {
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
