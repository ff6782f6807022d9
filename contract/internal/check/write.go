package check

import (
	"fmt"

	"github.com/connectmock/connectmock/contract/internal/call"
	"github.com/connectmock/connectmock/internal/suite/cleanup"
	"github.com/connectmock/connectmock/openapi/connect"
)

// UniqueName returns a name that no other run and no other rule uses.
func (s *Session) UniqueName(name string) string {
	return fmt.Sprintf("%s %s %s", call.RunPrefix(s.ID), name, s.nextNumber())
}

// Create creates an item with a unique title and the tags of the suite, and returns it.
// The next request for the item waits until the server finds it. The item is in the
// ledger before any assertion and is deleted after the check.
func (s *Session) Create(in connect.ItemInput) connect.Item {
	it := s.TryCreate(in).ExpectStatus(200).Item()
	s.expectSoon(cleanup.Item{Vault: s.Vault(), ID: it.ID})
	return it
}

// TryCreate sends the request of create and returns any response.
func (s *Session) TryCreate(in connect.ItemInput, options ...call.Option) *Response {
	if in.Title == "" {
		in.Title = s.UniqueName("item")
	}
	if in.Vault == nil {
		in.Vault = &connect.VaultRef{ID: s.Vault()}
	}
	in.Tags = append(in.Tags, call.Tag, call.RunPrefix(s.ID))
	return s.Do("CreateVaultItem", append([]call.Option{call.Body(in)}, options...)...)
}

// CreateNotes creates a note for each of the words and returns the titles: the word
// after a beginning that is unique to this call.
func (s *Session) CreateNotes(words ...string) []string {
	common := s.UniqueName("title") + " "
	list := make([]string, len(words))
	for i, word := range words {
		list[i] = common + word
		s.Create(connect.ItemInput{Category: "SECURE_NOTE", Title: list[i]})
	}
	return list
}

// CreateFromJSON creates an item with these members of the body, as JSON without the
// braces. It adds the title and the tags of the suite.
func (s *Session) CreateFromJSON(members string) connect.Item {
	it := s.Do("CreateVaultItem", call.RawJSON(s.ItemJSON(members))).ExpectStatus(200).Item()
	return s.WaitForNewItem(it.ID)
}

// ItemJSON returns the body of an item with these members, a title and the tags of
// the suite.
func (s *Session) ItemJSON(members string) string {
	return fmt.Sprintf(`{"title":%s,"tags":[%s,%s],%s}`, call.EncodeJSON(s.UniqueName("raw")),
		call.EncodeJSON(call.Tag), call.EncodeJSON(call.RunPrefix(s.ID)), members)
}

// Replace sends a PUT for an item that the suite created. It adds the id and the tags
// of the suite, and the vault and the title if in has none.
func (s *Session) Replace(old connect.Item, in connect.ItemInput) *Response {
	in.ID = old.ID
	if in.Vault == nil {
		in.Vault = &connect.VaultRef{ID: old.Vault.ID}
	}
	if in.Title == "" {
		in.Title = old.Title
	}
	in.Tags = append(in.Tags[:len(in.Tags):len(in.Tags)], call.Tag, call.RunPrefix(s.ID))
	return s.Do("UpdateVaultItem", call.Item(old.ID), call.Body(in))
}

// Patch sends a PATCH with these operations.
func (s *Session) Patch(id string, operations ...connect.PatchOperation) *Response {
	return s.Do("PatchVaultItem", call.Item(id), call.Body(append([]connect.PatchOperation{}, operations...)))
}

// CreateNote creates a note, waits until it can be read and returns it as it is read.
func (s *Session) CreateNote() connect.Item {
	in := connect.ItemInput{Category: "SECURE_NOTE", Fields: []connect.FieldInput{{Label: "label", Value: "value"}}}
	return s.WaitForNewItem(s.TryCreate(in).ExpectStatus(200).Item().ID)
}
