package items

import (
	"errors"
	"fmt"

	"github.com/connectmock/connectmock/internal/ascii"
	"github.com/connectmock/connectmock/openapi/connect"
)

// The operations [D].
const (
	opAdd     = "add"
	opRemove  = "remove"
	opReplace = "replace"
)

// maxOperations is how many operations a patch can have [G]. Clients send a few;
// as many as fit into a body would take minutes.
const maxOperations = 1000

// Patch returns the next version of an item after a list of operations, which are
// applied in their order. If one fails none is applied: old is never changed. For
// an empty list it returns old, with its version [D].
//
// The operations edit what a client would send to replace the item; the result is
// then checked and completed like a replace. Therefore a standard field that was
// removed is added again, empty [T for replace, G here].
func Patch(old connect.Item, ops []connect.PatchOperation, o Options) (connect.Item, error) {
	if len(ops) == 0 {
		return old, nil
	}
	if len(ops) > maxOperations {
		return connect.Item{}, connect.InvalidPatch(maxOperations,
			fmt.Sprintf("a patch has at most %d operations", maxOperations))
	}
	d := draft{ItemInput: inputOf(old), old: old}
	for i, op := range ops {
		if err := d.apply(op); err != nil {
			if refusal := (*connect.Error)(nil); errors.As(err, &refusal) {
				return connect.Item{}, refusal
			}
			return connect.Item{}, connect.InvalidPatch(i, err.Error())
		}
	}
	// A patch does not change what it does not name [G for keys], but one of the
	// whole document is a replace [D].
	o.KeepSSHKeyType = o.KeepSSHKeyType || !d.replaced
	return nextVersion(old, d.ItemInput, o)
}

// draft is a document while operations edit it.
type draft struct {
	connect.ItemInput
	old      connect.Item
	replaced bool // an operation has replaced the whole document
}

// apply applies one operation. An error that is not a *connect.Error says what is
// wrong with the operation, and does not repeat any part of it.
func (d *draft) apply(op connect.PatchOperation) error {
	name := ascii.ToLower(op.Op) // the Java client sends upper case [W], and its tests run against real servers [T]
	switch name {
	case opAdd, opReplace:
		if op.Value == nil {
			return errors.New("a value is required")
		}
	case opRemove:
		// Clients were seen to send a value with it [R]; it is ignored.
	default:
		return errors.New("op must be one of add, remove, replace, in any case")
	}
	path, err := parsePointer(op.Path)
	if err != nil {
		return err
	}
	edit := edit{op: name, value: op.Value, path: path.rest()}
	switch path.first() {
	case "":
		return d.replaceAll(edit, path)
	case "title":
		return edit.setText(&d.Title)
	case "favorite":
		return edit.setBool(&d.Favorite)
	case "category", "vault":
		return d.checkFixed(edit, path)
	case "tags":
		return d.editTags(edit)
	case "urls":
		return d.editURLs(edit)
	case "sections":
		return d.editSections(edit)
	case "fields":
		return d.editFields(edit)
	case "id", "version", "createdAt", "updatedAt", "lastEditedBy", "files", "additionalInformation", "state", "trashed":
		return errors.New("the path leads to a member that only the server changes")
	}
	return errNoSuchPath()
}

// replaceAll replaces the document, as a replace does [D]. Category and vault may
// be missing, as in the published example [D].
func (d *draft) replaceAll(e edit, path pointer) error {
	switch {
	case len(path) > 0:
		return errNoSuchPath() // an empty first token and others after it
	case e.op == opRemove:
		return errors.New("an item can't be removed by a patch")
	}
	var in connect.ItemInput
	if err := e.decodeObject(&in); err != nil {
		return err
	}
	if in.Category == "" {
		in.Category = d.old.Category
	}
	if in.Vault == nil {
		in.Vault = &connect.VaultRef{ID: d.old.Vault.ID}
	}
	if err := checkSameItem(d.old, in); err != nil {
		return err
	}
	d.ItemInput, d.replaced = in, true
	return nil
}

// checkFixed accepts an edit of a member that cannot change, if it sets the
// present value.
func (d *draft) checkFixed(e edit, path pointer) error {
	if e.op == opRemove {
		return errors.New("the path leads to a member every item has")
	}
	in := inputOf(d.old)
	var err error
	switch head := path.first(); {
	case head == "category":
		err = e.setText(&in.Category)
	case len(e.path) == 1 && e.path[0] == "id":
		e.path = nil
		err = e.setText(&in.Vault.ID)
	case len(e.path) == 0:
		err = e.decodeObject(in.Vault)
	default:
		err = errNoSuchPath()
	}
	if err != nil {
		return err
	}
	return checkSameItem(d.old, in)
}
