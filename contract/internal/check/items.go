package check

import (
	"slices"
	"strings"

	"github.com/connectmock/connectmock/contract/internal/call"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/onsi/gomega"
)

// ExpectNotIgnored asserts that the response to a filter by a title is an error 400 or a
// list with no other titles.
func (s *Session) ExpectNotIgnored(res *Response, title string) {
	if res.Status != 200 {
		res.ExpectError(400, "")
		return
	}
	for _, it := range res.Objects() {
		found := it["title"]
		if found == nil {
			found = it["name"]
		}
		s.Expect(found).To(gomega.Equal(title), "title of what a damaged filter finds")
	}
}

// ReadItem returns the item in its current state.
func (s *Session) ReadItem(id string) connect.Item {
	return s.Do("GetVaultItemById", call.Item(id)).ExpectStatus(200).Item()
}

// Field returns the field with that id. The check fails if there is none.
func (s *Session) Field(it connect.Item, id string) connect.Field {
	return s.FieldWhere(it, "id "+id, func(f connect.Field) bool { return f.ID == id })
}

// FieldWithLabel returns the field with that label. The check fails if there is none.
func (s *Session) FieldWithLabel(it connect.Item, label string) connect.Field {
	return s.FieldWhere(it, "label "+label, func(f connect.Field) bool { return f.Label == label })
}

// FieldWhere returns the first field that is returns true for. The check fails if there
// is none; what describes the field.
func (s *Session) FieldWhere(it connect.Item, what string, is func(connect.Field) bool) connect.Field {
	i := slices.IndexFunc(it.Fields, is)
	if i < 0 {
		s.Fail("the item has no field with the %s; it has %s", what, strings.Join(FieldIDs(it), ", "))
	}
	return it.Fields[i]
}

// FieldIDs returns the ids of the fields of an item.
func FieldIDs(it connect.Item) []string {
	ids := make([]string, len(it.Fields))
	for i, f := range it.Fields {
		ids[i] = f.ID
	}
	return ids
}

// WithoutVolatile returns an item without what differs between two reads of it:
// one-time codes, and the fractions of seconds that responses to writes may have [R].
func WithoutVolatile(it connect.Item) connect.Item {
	it.CreatedAt, it.UpdatedAt = connect.At(it.CreatedAt.Time), connect.At(it.UpdatedAt.Time)
	it.Fields = slices.Clone(it.Fields)
	for i := range it.Fields {
		it.Fields[i].TOTP = ""
	}
	return it
}

// ExpectSame asserts that an item is read as it was. what names it in messages.
func (s *Session) ExpectSame(it connect.Item, what string) {
	s.Expect(WithoutVolatile(s.ReadItem(it.ID))).To(gomega.Equal(WithoutVolatile(it)), "%s", what)
}

// WithoutSuiteTags returns the tags without those that the suite adds to each item.
func (s *Session) WithoutSuiteTags(tags []string) []string {
	return slices.DeleteFunc(slices.Clone(tags), func(t string) bool {
		return t == call.Tag || t == call.RunPrefix(s.ID)
	})
}

// FindItems returns the items that a filter finds.
func (s *Session) FindItems(filter string) []connect.Summary {
	return s.Do("GetVaultItems", call.Filter(filter)).ExpectStatus(200).Items()
}

// SortedTitles returns the sorted titles of the items in a list.
func SortedTitles(list []connect.Summary) []string {
	all := make([]string, len(list))
	for i, it := range list {
		all[i] = it.Title
	}
	slices.Sort(all)
	return all
}

// ExpectNoItem asserts that the vault has no item with that title.
func (s *Session) ExpectNoItem(title string) {
	found := s.Do("GetVaultItems", call.Filter("title eq "+call.Quote(title))).ExpectStatus(200).Items()
	s.Expect(found).To(gomega.BeEmpty(), "items with the title %q", title)
}

// ExpectUnchanged asserts that an item of the suite has not changed.
func (s *Session) ExpectUnchanged(it connect.Item) {
	now := s.ReadItem(it.ID)
	s.Expect(now.Version).To(gomega.Equal(it.Version), "version of the item")
	s.Expect(now.Title).To(gomega.Equal(it.Title), "title of the item")
	s.Expect(now.Tags).To(gomega.Equal(it.Tags), "tags of the item")
	s.Expect(now.Fields).To(gomega.Equal(it.Fields), "fields of the item")
}

// SortDocumentsFirst returns a list with the items of category DOCUMENT first.
func SortDocumentsFirst(list []connect.Summary) []connect.Summary {
	sorted := slices.Clone(list)
	slices.SortStableFunc(sorted, func(a, b connect.Summary) int {
		switch isDocument := a.Category == "DOCUMENT"; {
		case isDocument == (b.Category == "DOCUMENT"):
			return 0
		case isDocument:
			return -1
		}
		return 1
	})
	return sorted
}

// VaultIDs returns the ids of vaults.
func VaultIDs(list []connect.Vault) []string {
	ids := make([]string, len(list))
	for i, v := range list {
		ids[i] = v.ID
	}
	return ids
}
