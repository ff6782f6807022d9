// Package items has the rules about creating, reading, replacing and deleting items.
package items

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/connectmock/connectmock/contract/internal/call"
	"github.com/connectmock/connectmock/contract/internal/check"
	"github.com/connectmock/connectmock/contract/internal/operation"
	"github.com/connectmock/connectmock/contract/rule"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/onsi/gomega"
)

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

// Rules returns the rules about creating, reading and listing items.
func Rules() []check.Rule {
	return check.WithDefaults(rule.Rule{
		Tag: "Items", Touches: rule.OwnItems, Needs: []rule.Capability{rule.Write}, Operations: operation.OfNewItem(),
	}, []check.Rule{
		{Rule: rule.Rule{ID: "items/create-answers-200", Level: rule.Must,
			Evidence: "[D] published document; [C] the Go SDK takes 200 only",
			Text: "POST of an item returns 200 and the item with its title and category, and " +
				"the id and name of the vault"},
			Check: func(s *check.Session) {
				title := s.UniqueName("created")
				in := call.Login()
				in.Title = title
				it := s.TryCreate(in).ExpectStatus(200).Item()
				s.Expect(it.Title).To(gomega.Equal(title), "title")
				s.Expect(it.Category).To(gomega.Equal("LOGIN"), "category")
				s.Expect(it.Vault).To(gomega.Equal(connect.VaultRef{ID: s.Vault(), Name: s.Server.Vault.Name}), "vault")
				s.Expect(it.ID).To(gomega.MatchRegexp(connect.IDPattern), "id")
				s.Expect(it.LastEditedBy).To(gomega.MatchRegexp(connect.UserIDPattern), "lastEditedBy")
			}},
		{Rule: rule.Rule{ID: "items/create-version-1", Level: rule.Must,
			Evidence: "[C] terraform provider waits for it; [R] terraform 74",
			Text:     "A new item has version 1, in the response and when it is read"},
			Check: func(s *check.Session) {
				it := s.Create(call.Note())
				s.Expect(it.Version).To(gomega.Equal(1), "version of the created item")
				s.Expect(s.ReadItem(it.ID).Version).To(gomega.Equal(1), "version")
			}},
		{Rule: rule.Rule{ID: "items/create-dates", Level: rule.Must,
			Evidence: "[R] vaults and items recorded; [C] the operator uses the oldest by createdAt",
			Text: "createdAt and updatedAt of a new item are the current time, and not " +
				"before those of an earlier item"},
			Check: func(s *check.Session) {
				first, second := s.Create(call.Note()), s.Create(call.Note())
				for _, it := range []connect.Item{first, second} {
					s.Expect(it.UpdatedAt.Time).To(gomega.BeTemporally("~", it.CreatedAt.Time, 2*time.Second),
						"updatedAt, against createdAt")
				}
				s.Expect(second.CreatedAt.Time).To(gomega.BeTemporally(">=", connect.At(first.CreatedAt.Time).Time),
					"createdAt of the second item, against the first")
				// The clocks of two machines differ, but not by days.
				s.Expect(first.CreatedAt.Time).To(gomega.BeTemporally("~", s.Now(), 24*time.Hour), "createdAt")
			}},
		{Rule: rule.Rule{ID: "items/create-ids-differ", Level: rule.Must, Evidence: "[D] published document",
			Text: "Two items with the same title and content have different ids"},
			Check: func(s *check.Session) {
				in := call.Login()
				in.Title = s.UniqueName("twin")
				first, second := s.Create(in), s.Create(in)
				s.Expect(first.ID).NotTo(gomega.Equal(second.ID), "id of the first of two items")
				s.ExpectFound("title eq "+call.Quote(in.Title), in.Title, in.Title)
			}},
		{Rule: rule.Rule{ID: "items/create-trailing-slash", Level: rule.Must, Evidence: "[W] JS SDK",
			Text: "POST to .../items/ creates an item as POST to .../items does"},
			Check: func(s *check.Session) {
				it := s.TryCreate(call.Login(), call.TrailingSlash()).ExpectStatus(200).Item()
				s.Expect(s.WaitForNewItem(it.ID).Title).To(gomega.Equal(it.Title), "title")
			}},
		{Rule: rule.Rule{ID: "items/create-is-what-is-read", Level: rule.Must, Evidence: "[D] published document",
			Text: "GET of a new item returns the same members as POST"},
			Check: func(s *check.Session) {
				it := s.Create(call.FullItem())
				s.ExpectSame(it, "the item, read after it was created")
			}},
		{Rule: rule.Rule{ID: "items/create-keeps-what-is-sent", Level: rule.Must,
			Evidence: "[D] published document; [C] every client that writes",
			Text: "ids, labels, values, sections, urls, tags and favorite of a new item are " +
				"exactly those that were sent"},
			Check: func(s *check.Session) {
				in := call.FullItem()
				it := s.ReadItem(s.Create(in).ID)
				for _, sent := range in.Fields {
					got := s.Field(it, sent.ID)
					s.Expect(got.Value).To(gomega.Equal(sent.Value), "value of the field %s", sent.ID)
					s.Expect(got.Label).To(gomega.Equal(sent.Label), "label of the field %s", sent.ID)
				}
				for _, section := range in.Sections {
					s.Expect(it.Sections).To(gomega.ContainElement(section), "sections")
				}
				s.Expect(it.URLs).To(gomega.Equal(in.URLs), "urls")
				s.Expect(s.WithoutSuiteTags(it.Tags)).To(gomega.ConsistOf(in.Tags), "tags")
				s.Expect(it.Favorite).To(gomega.BeTrue(), "favorite")
			}},
		{Rule: rule.Rule{ID: "items/create-tags-sorted", Level: rule.Should,
			Evidence: "[D] changelog of the terraform provider",
			Text:     "Tags are returned sorted and complete"},
			Check: func(s *check.Session) {
				in := call.Note()
				in.Tags = []string{"zebra", "apple", "mango"}
				it := s.Create(in)
				for _, tags := range [][]string{it.Tags, s.ReadItem(it.ID).Tags} {
					s.Expect(s.WithoutSuiteTags(tags)).To(gomega.Equal([]string{"apple", "mango", "zebra"}), "tags")
				}
			}},
		{Rule: rule.Rule{ID: "items/additional-information", Level: rule.Observed,
			Evidence: "[R] terraform 74, python SDK issue 13",
			Text: "The additionalInformation of a LOGIN is its user name, also in lists, or " +
				"missing without a user name"},
			Check: func(s *check.Session) {
				it := s.Create(call.Login())
				s.Expect(s.ReadItem(it.ID).AdditionalInformation).To(gomega.Equal("wendy"), "additionalInformation")
				s.ExpectFound("title eq "+call.Quote(it.Title), it.Title)
				s.Expect(s.FindItems("title eq " + call.Quote(it.Title))[0].AdditionalInformation).
					To(gomega.Equal("wendy"), "additionalInformation of the listed item")
				s.Expect(s.ReadItem(s.Create(connect.ItemInput{Category: "LOGIN"}).ID).AdditionalInformation).
					To(gomega.BeEmpty(), "additionalInformation of a LOGIN without a username")
			}},
		{Rule: rule.Rule{ID: "items/empties-left-out", Level: rule.Should,
			Evidence: "[R] terraform 74, Connect README",
			Text: "Members without a value are missing, not null, \"\", [] or a favorite of false; " +
				"only fields is always there"},
			Check: func(s *check.Session) {
				it := s.Create(call.Note())
				for _, res := range []*check.Response{s.Do("GetVaultItemById", call.Item(it.ID)),
					s.Do("GetVaultItems", call.Filter("title eq "+call.Quote(it.Title)))} {
					var body any
					res.Expect(res.ExpectStatus(200).Decode(&body)).To(gomega.Succeed(), "error of decoding the body")
					res.Expect(emptyMembers("", body)).To(gomega.BeEmpty(), "members without a value")
				}
				s.Expect(s.Do("GetVaultItemById", call.Item(it.ID)).Object()).To(gomega.HaveKey("fields"),
					"members of the item")
			}},
		{Rule: rule.Rule{ID: "items/list-shows-new", Level: rule.Must,
			Evidence: "[D] API reference; [C] Go SDK, operator, ESO read these members",
			Text:     "The list of the vault has a new item once, with all members except fields, sections and files"},
			Check: func(s *check.Session) {
				created := s.Create(call.FullItem())
				it := check.WithoutVolatile(created)
				want := it.Summary()
				s.Eventually(func() error {
					list := s.Do("GetVaultItems").ExpectStatus(200).Items()
					n := 0
					for _, got := range list {
						if got.ID != it.ID {
							continue
						}
						n++
						got.CreatedAt, got.UpdatedAt = connect.At(got.CreatedAt.Time), connect.At(got.UpdatedAt.Time)
						s.Expect(got).To(gomega.Equal(want), "the item in the list")
					}
					if n != 1 {
						return fmt.Errorf("the new item is listed %d times", n)
					}
					return nil
				})
			}},
		{Rule: rule.Rule{ID: "items/list-has-no-secrets", Level: rule.Must,
			Evidence: "[D] API reference: items without sections and fields",
			Text:     "Lists have no fields, sections or files, nor their values"},
			Check: func(s *check.Session) {
				secret := "hidden-" + strings.ReplaceAll(s.UniqueName("value"), " ", "-")
				it := s.Create(call.NoteWith(connect.FieldInput{Label: "key", Type: "CONCEALED", Value: secret}))
				for _, options := range [][]call.Option{{call.Filter("title eq " + call.Quote(it.Title))}, nil} {
					s.Eventually(func() error {
						res := s.Do("GetVaultItems", options...).ExpectStatus(200)
						s.Expect(string(res.Body)).NotTo(gomega.ContainSubstring(secret), "the body")
						listed := false
						for _, summary := range res.Objects() {
							listed = listed || summary["id"] == it.ID
							for _, member := range []string{"fields", "sections", "files"} {
								s.Expect(summary).NotTo(gomega.HaveKey(member), "members of an item in the list")
							}
						}
						if !listed {
							return fmt.Errorf("the new item is not listed")
						}
						return nil
					})
				}
			}},
		{Rule: rule.Rule{ID: "items/list-is-whole", Level: rule.Must,
			Evidence: "[D] published document: no pages; no client asks for more",
			Text:     "Lists have no pages: a list and a filter return all of a dozen new items",
			Long:     true},
			Check: func(s *check.Session) {
				all := s.CreateNotes("a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l")
				s.ExpectFound("title co "+call.Quote(strings.TrimSuffix(all[0], " a")+" "), all...)
				s.Eventually(func() error {
					listed := check.SortedTitles(s.Do("GetVaultItems").ExpectStatus(200).Items())
					for _, title := range all {
						if _, ok := slices.BinarySearch(listed, title); !ok {
							return fmt.Errorf("the new item %[2]q is not among the %[1]d items of the list",
								len(listed), title)
						}
					}
					return nil
				})
			}},
		{Rule: rule.Rule{ID: "items/list-names-vault", Level: rule.Must, Evidence: "[C] Go SDK; [T] Java client",
			Text:    "Every item in a list has the id of the vault and an id of 26 characters",
			Touches: rule.ReadOnly, Needs: []rule.Capability{rule.Items}},
			Check: func(s *check.Session) {
				list := s.Do("GetVaultItems").ExpectStatus(200).Items()
				s.Expect(list).NotTo(gomega.BeEmpty(), "the list of items")
				for _, it := range list {
					s.Expect(it.Vault.ID).To(gomega.Equal(s.Vault()), "vault.id of item %s", it.ID)
					s.Expect(it.ID).To(gomega.MatchRegexp(connect.IDPattern), "id of an item in the list")
				}
			}},
		{Rule: rule.Rule{ID: "items/read-as-listed", Level: rule.Must,
			Evidence: "[D] published document; [C] the Go SDK reads what it lists",
			Text:     "Existing items are read as the list shows them",
			Touches:  rule.VaultState, Needs: []rule.Capability{rule.Items}, Operations: []string{"GetVaultItemById"}},
			Check: func(s *check.Session) {
				const few = 3 // they may be real
				s.Eventually(func() error {
					list := check.SortDocumentsFirst(s.Do("GetVaultItems").ExpectStatus(200).Items())
					for _, listed := range list[:min(few, len(list))] {
						res := s.Do("GetVaultItemById", call.Item(listed.ID))
						if res.Status != 200 {
							return fmt.Errorf("item %s is listed but returns %d", listed.ID, res.Status)
						}
						it := res.Item()
						if got := it.Summary(); !reflect.DeepEqual(got, listed) {
							return fmt.Errorf("item %s of version %d is listed with version %d, or differs otherwise",
								listed.ID, got.Version, listed.Version)
						}
					}
					return nil
				})
			}},
		{Rule: rule.Rule{ID: "items/list-trailing-slash", Level: rule.Must, Evidence: "[W] JS SDK",
			Text:    "GET of .../items/ returns the same as .../items, without a redirect",
			Touches: rule.ReadOnly, Needs: []rule.Capability{rule.Items}},
			Check: func(s *check.Session) {
				// Other clients may create and delete items; the sample stays.
				for _, options := range [][]call.Option{nil, {call.TrailingSlash()}} {
					list := s.Do("GetVaultItems", options...).ExpectStatus(200).Items()
					s.Expect(slices.ContainsFunc(list,
						func(it connect.Summary) bool { return it.ID == s.Server.SampleItem.ID })).
						To(gomega.BeTrue(), "whether the list shows item %s", s.Server.SampleItem.ID)
				}
			}},
		{Rule: rule.Rule{ID: "items/read-trailing-slash", Level: rule.Should,
			Evidence: "[W] JS SDK, on lists; no other client redirects",
			Text:     "GET of an item with a trailing slash returns the item",
			Touches:  rule.ReadOnly, Needs: []rule.Capability{rule.Items}, Operations: []string{"GetVaultItemById"}},
			Check: func(s *check.Session) {
				sample := s.Server.SampleItem
				s.Expect(s.Do("GetVaultItemById", call.Item(sample.ID), call.TrailingSlash()).
					ExpectStatus(200).Item().ID).
					To(gomega.Equal(sample.ID), "id")
			}},
		{Rule: rule.Rule{ID: "items/list-empty-parameter", Level: rule.Should, Evidence: "[C] Rust client sends ?=",
			Text:    "A query with an empty name and an empty value returns all items",
			Touches: rule.ReadOnly, Needs: []rule.Capability{rule.Items}},
			Check: func(s *check.Session) {
				list := s.Do("GetVaultItems", call.RawQuery("=")).ExpectStatus(200).Items()
				s.Expect(slices.ContainsFunc(list,
					func(it connect.Summary) bool { return it.ID == s.Server.SampleItem.ID })).
					To(gomega.BeTrue(), "whether the list shows item %s", s.Server.SampleItem.ID)
			}},
	})
}
