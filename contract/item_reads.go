package contract

import (
	"fmt"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/onsi/gomega"
)

// createOperations returns the operations of a rule that creates an item: create,
// read, delete and the given ones.
func createOperations(operations ...string) []string {
	return append([]string{"CreateVaultItem", "GetVaultItemById", "DeleteVaultItem"}, operations...)
}

// readItem returns the item in its current state.
func (s *session) readItem(id string) connect.Item {
	return s.do("GetVaultItemById", item(id)).expectStatus(200).item()
}

// waitForItem reads an item until is returns true for it, and returns it. wanted
// says what is missing until then.
func (s *session) waitForItem(id, wanted string, is func(connect.Item) bool) (it connect.Item) {
	s.eventually(func() error {
		res := s.do("GetVaultItemById", item(id))
		if res.Status != 200 {
			return fmt.Errorf("the item returns %d", res.Status)
		}
		if it = res.item(); !is(it) {
			return fmt.Errorf("the item does not have %s; its version is %d", wanted, it.Version)
		}
		return nil
	})
	return it
}

// waitForVersionAfter waits until an item has a version after the given one and
// returns it.
func (s *session) waitForVersionAfter(id string, version int) connect.Item {
	return s.waitForItem(id, fmt.Sprintf("a version after %d", version),
		func(it connect.Item) bool { return it.Version > version })
}

// waitForNewItem waits until a new item can be read and returns it.
func (s *session) waitForNewItem(id string) connect.Item {
	return s.waitForItem(id, "itself", func(it connect.Item) bool { return it.ID == id })
}

// field returns the field with that id. The check fails if there is none.
func (s *session) field(it connect.Item, id string) connect.Field {
	return s.fieldWhere(it, "id "+id, func(f connect.Field) bool { return f.ID == id })
}

// fieldWithLabel returns the field with that label. The check fails if there is none.
func (s *session) fieldWithLabel(it connect.Item, label string) connect.Field {
	return s.fieldWhere(it, "label "+label, func(f connect.Field) bool { return f.Label == label })
}

// fieldWhere returns the first field that is returns true for. The check fails if there
// is none; what describes the field.
func (s *session) fieldWhere(it connect.Item, what string, is func(connect.Field) bool) connect.Field {
	i := slices.IndexFunc(it.Fields, is)
	if i < 0 {
		s.fail("the item has no field with the %s; it has %s", what, strings.Join(fieldIDs(it), ", "))
	}
	return it.Fields[i]
}

// fieldIDs returns the ids of the fields of an item.
func fieldIDs(it connect.Item) []string {
	ids := make([]string, len(it.Fields))
	for i, f := range it.Fields {
		ids[i] = f.ID
	}
	return ids
}

// withoutVolatile returns an item without what differs between two reads of it:
// one-time codes, and the fractions of seconds that responses to writes may have [R].
func withoutVolatile(it connect.Item) connect.Item {
	it.CreatedAt, it.UpdatedAt = connect.At(it.CreatedAt.Time), connect.At(it.UpdatedAt.Time)
	it.Fields = slices.Clone(it.Fields)
	for i := range it.Fields {
		it.Fields[i].TOTP = ""
	}
	return it
}

// expectSame asserts that an item is read as it was. what names it in messages.
func (s *session) expectSame(it connect.Item, what string) {
	s.Expect(withoutVolatile(s.readItem(it.ID))).To(gomega.Equal(withoutVolatile(it)), "%s", what)
}

// withoutSuiteTags returns the tags without those that the suite adds to each item.
func (s *session) withoutSuiteTags(tags []string) []string {
	return slices.DeleteFunc(slices.Clone(tags), func(t string) bool { return t == tag || t == runPrefix(s.id) })
}

// findItems returns the items that a filter finds.
func (s *session) findItems(filter string) []connect.Summary {
	return s.do("GetVaultItems", query("filter", filter)).expectStatus(200).items()
}

// sortedTitles returns the sorted titles of the items in a list.
func sortedTitles(list []connect.Summary) []string {
	all := make([]string, len(list))
	for i, it := range list {
		all[i] = it.Title
	}
	slices.Sort(all)
	return all
}

// expectFound waits until a filter finds exactly the items with these titles.
func (s *session) expectFound(filter string, wanted ...string) {
	slices.Sort(wanted)
	s.eventually(func() error {
		if got := sortedTitles(s.findItems(filter)); !slices.Equal(got, wanted) {
			return fmt.Errorf("filter %s finds %q, expected %q", filter, got, wanted)
		}
		return nil
	})
}

// expectClientError asserts an error with any 4xx status. It is for refusals whose
// status is not known. It returns the message.
func (res *response) expectClientError() string {
	if res.Status < 400 || res.Status > 499 {
		res.session.fail("%s returned %d, expected a refusal: %s", res.request, res.Status, res.shortBody())
	}
	return res.expectError(res.Status, "")
}

// emptyMembers returns the paths of the members of a document without a value.
func emptyMembers(path string, value any) (list []string) {
	switch v := value.(type) {
	case nil:
		list = append(list, path+" is null")
	case string:
		if v == "" {
			list = append(list, path+" is an empty string")
		}
	case []any:
		if len(v) == 0 && path != ".fields" {
			list = append(list, path+" is an empty array")
		}
		for i, element := range v {
			list = append(list, emptyMembers(fmt.Sprintf("%s[%d]", path, i), element)...)
		}
	case map[string]any:
		for name, member := range v {
			if name == "favorite" && member == false {
				list = append(list, path+".favorite is false")
			}
			list = append(list, emptyMembers(path+"."+name, member)...)
		}
	}
	return list
}
