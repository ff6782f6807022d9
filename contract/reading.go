package contract

import (
	"fmt"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/openapi/connect"
)

// making returns the operations of a rule that creates an item: create, read, delete
// and the given ones.
func making(operations ...string) []string {
	return append([]string{"CreateVaultItem", "GetVaultItemById", "DeleteVaultItem"}, operations...)
}

// read returns the item as it is now.
func (s *session) read(id string) connect.Item {
	return s.do("GetVaultItemById", item(id)).expect(200).item()
}

// readWhen waits until an item is as wanted and returns it.
func (s *session) readWhen(id, wanted string, is func(connect.Item) bool) (it connect.Item) {
	s.eventually(func() error {
		a := s.do("GetVaultItemById", item(id))
		if a.Status != 200 {
			return fmt.Errorf("the item is answered %d", a.Status)
		}
		if it = a.item(); !is(it) {
			return fmt.Errorf("the item does not show %s; its version is %d", wanted, it.Version)
		}
		return nil
	})
	return it
}

// readAfter waits until an item has a later version and returns it.
func (s *session) readAfter(id string, version int) connect.Item {
	return s.readWhen(id, fmt.Sprintf("a version after %d", version), func(it connect.Item) bool { return it.Version > version })
}

// readFirst waits until a new item can be read and returns it.
func (s *session) readFirst(id string) connect.Item {
	return s.readWhen(id, "itself", func(it connect.Item) bool { return it.ID == id })
}

// field returns the field with that id.
func (s *session) field(it connect.Item, id string) connect.Field {
	return s.fieldWhere(it, "id "+id, func(f connect.Field) bool { return f.ID == id })
}

// labelled returns the field with that label.
func (s *session) labelled(it connect.Item, label string) connect.Field {
	return s.fieldWhere(it, "label "+label, func(f connect.Field) bool { return f.Label == label })
}

func (s *session) fieldWhere(it connect.Item, what string, is func(connect.Field) bool) connect.Field {
	i := slices.IndexFunc(it.Fields, is)
	if i < 0 {
		s.fail("the item has no field of %s, but %s", what, strings.Join(fieldIDs(it), ", "))
	}
	return it.Fields[i]
}

func fieldIDs(it connect.Item) []string {
	ids := make([]string, len(it.Fields))
	for i, f := range it.Fields {
		ids[i] = f.ID
	}
	return ids
}

// settled returns an item without what differs between two reads: one-time codes, and
// parts of seconds, which responses to writes may have [R].
func settled(it connect.Item) connect.Item {
	it.CreatedAt, it.UpdatedAt = connect.At(it.CreatedAt.Time), connect.At(it.UpdatedAt.Time)
	it.Fields = slices.Clone(it.Fields)
	for i := range it.Fields {
		it.Fields[i].TOTP = ""
	}
	return it
}

// own returns tags without those that every item of the suite has.
func (s *session) own(tags []string) []string {
	return slices.DeleteFunc(slices.Clone(tags), func(t string) bool { return t == tag || t == prefix(s.run.id) })
}

// filtered returns the items that a filter finds.
func (s *session) filtered(filter string) []connect.Summary {
	return s.do("GetVaultItems", query("filter", filter)).expect(200).items()
}

// titles returns the titles of a list, sorted.
func titles(list []connect.Summary) []string {
	all := make([]string, len(list))
	for i, it := range list {
		all[i] = it.Title
	}
	slices.Sort(all)
	return all
}

// finds waits until the filter finds exactly the items with these titles.
func (s *session) finds(filter string, wanted ...string) {
	slices.Sort(wanted)
	s.eventually(func() error {
		if got := titles(s.filtered(filter)); !slices.Equal(got, wanted) {
			return fmt.Errorf("filter %s finds %q, expected %q", filter, got, wanted)
		}
		return nil
	})
}

// refusedSomehow asserts any 4xx status, for refusals whose status is unknown.
func (a *answer) refusedSomehow() string {
	if a.Status < 400 || a.Status > 499 {
		a.session.fail("%s was answered %d, expected a refusal: %s", a.what, a.Status, a.short())
	}
	return a.refused(a.Status, "")
}

// note returns the smallest item: a title and a category.
func note() connect.ItemInput { return connect.ItemInput{Category: "SECURE_NOTE"} }

// login returns a LOGIN with a user name and a password.
func login() connect.ItemInput {
	return connect.ItemInput{Category: "LOGIN", Fields: []connect.FieldInput{
		{Purpose: "USERNAME", Value: "wendy"}, {Purpose: "PASSWORD", Value: "kite-lantern-51"},
	}}
}

// with returns a note with these fields.
func with(fields ...connect.FieldInput) connect.ItemInput {
	in := note()
	in.Fields = fields
	return in
}
