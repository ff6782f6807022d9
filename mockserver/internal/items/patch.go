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

// mostOperations is how many operations a patch can have [G]. Clients send a
// handful; as many as fit into a body would take minutes.
const mostOperations = 1000

// Patch makes the next version of an item by a list of operations, in their
// order. Either all of them apply or none: old is never changed. An empty list
// gives old as it is, with its version [D].
//
// The operations edit what a client would send to replace the item; their
// outcome is then checked and completed as a replace is. So standard fields
// that were removed come back empty, as they do there [T for replace, G here].
func Patch(old connect.Item, ops []connect.PatchOperation, r Options) (connect.Item, error) {
	if len(ops) == 0 {
		return old, nil
	}
	if len(ops) > mostOperations {
		return connect.Item{}, connect.InvalidPatch(mostOperations, fmt.Sprintf("a patch has at most %d operations", mostOperations))
	}
	d := draft{ItemInput: input(old), old: old}
	for i, op := range ops {
		if err := d.apply(op); err != nil {
			if refusal := (*connect.Error)(nil); errors.As(err, &refusal) {
				return connect.Item{}, refusal
			}
			return connect.Item{}, connect.InvalidPatch(i, err.Error())
		}
	}
	// A patch leaves alone what it does not name [G for keys], but one that
	// names the whole is a replace [D].
	r.KeepSSHKeyType = r.KeepSSHKeyType || !d.replaced
	return nextVersion(old, d.ItemInput, r)
}

// A draft is a document while operations edit it.
type draft struct {
	connect.ItemInput
	old      connect.Item
	replaced bool // as a whole
}

// apply carries out one operation. An error that is not a *connect.Error says
// what is wrong with the operation; it never repeats anything of it.
func (d *draft) apply(op connect.PatchOperation) error {
	name := ascii.ToLower(op.Op) // the Java client sends upper case [W], and its tests run against real servers [T]
	switch name {
	case opAdd, opReplace:
		if op.Value == nil {
			return errors.New("a value is required")
		}
	case opRemove:
		// Clients were seen to send a value with it [R]; it says nothing.
	default:
		return errors.New("op must be one of add, remove, replace, in any case")
	}
	path, err := readPointer(op.Path)
	if err != nil {
		return err
	}
	edit := edit{op: name, value: op.Value, path: path.tail()}
	switch path.head() {
	case "":
		return d.whole(edit, path)
	case "title":
		return edit.text(&d.Title)
	case "favorite":
		return edit.flag(&d.Favorite)
	case "category", "vault":
		return d.fixed(edit, path)
	case "tags":
		return d.tags(edit)
	case "urls":
		return d.urls(edit)
	case "sections":
		return d.sections(edit)
	case "fields":
		return d.fields(edit)
	case "id", "version", "createdAt", "updatedAt", "lastEditedBy", "files", "additionalInformation", "state", "trashed":
		return errors.New("the path leads to a member that only the server changes")
	}
	return errNowhere()
}

// whole replaces the document, as a replace does [D]. The published example
// leaves out category and vault, so here they may be [D].
func (d *draft) whole(e edit, path pointer) error {
	switch {
	case len(path) > 0:
		return errNowhere() // an empty first token with more behind it
	case e.op == opRemove:
		return errors.New("an item can't be removed by a patch")
	}
	var in connect.ItemInput
	if err := e.object(&in); err != nil {
		return err
	}
	if in.Category == "" {
		in.Category = d.old.Category
	}
	if in.Vault == nil {
		in.Vault = &connect.VaultRef{ID: d.old.Vault.ID}
	}
	if err := checkAgainst(d.old, in); err != nil {
		return err
	}
	d.ItemInput, d.replaced = in, true
	return nil
}

// fixed lets a client say what is so already, and nothing else.
func (d *draft) fixed(e edit, path pointer) error {
	if e.op == opRemove {
		return errors.New("the path leads to a member every item has")
	}
	in := input(d.old)
	var err error
	switch head := path.head(); {
	case head == "category":
		err = e.text(&in.Category)
	case len(e.path) == 1 && e.path[0] == "id":
		e.path = nil
		err = e.text(&in.Vault.ID)
	case len(e.path) == 0:
		err = e.object(in.Vault)
	default:
		err = errNowhere()
	}
	if err != nil {
		return err
	}
	return checkAgainst(d.old, in)
}
