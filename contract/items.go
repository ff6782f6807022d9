package contract

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/onsi/gomega"
)

// itemRules returns the rules about creating, reading and listing items.
func itemRules() []rule {
	return []rule{
		{Rule{ID: "items/create-answers-200", Tag: "Items", Level: Must,
			Evidence: "[D] published document; [C] the Go SDK takes 200 only",
			Text:     "POST of an item returns 200 and the item with its title and category, and the id and name of the vault",
			Touches:  OwnItems,
			Needs:    []Capability{Write}, Operations: createOperations()},
			func(s *session) {
				title := s.uniqueName("created")
				in := loginInput()
				in.Title = title
				it := s.tryCreate(in).expectStatus(200).item()
				s.Expect(it.Title).To(gomega.Equal(title), "title")
				s.Expect(it.Category).To(gomega.Equal("LOGIN"), "category")
				s.Expect(it.Vault).To(gomega.Equal(connect.VaultRef{ID: s.vault(), Name: s.server.vault.Name}), "vault")
				s.Expect(it.ID).To(gomega.MatchRegexp(connect.IDPattern), "id")
				s.Expect(it.LastEditedBy).To(gomega.MatchRegexp(connect.UserIDPattern), "lastEditedBy")
			}},
		{Rule{ID: "items/create-version-1", Tag: "Items", Level: Must,
			Evidence: "[C] terraform provider waits for it; [R] terraform 74",
			Text:     "A new item has version 1, in the response and when it is read",
			Touches:  OwnItems,
			Needs:    []Capability{Write}, Operations: createOperations()},
			func(s *session) {
				it := s.create(noteInput())
				s.Expect(it.Version).To(gomega.Equal(1), "version of the created item")
				s.Expect(s.readItem(it.ID).Version).To(gomega.Equal(1), "version")
			}},
		{Rule{ID: "items/create-dates", Tag: "Items", Level: Must,
			Evidence: "[R] vaults and items recorded; [C] the operator uses the oldest by createdAt",
			Text:     "createdAt and updatedAt of a new item are the current time, and not before those of an earlier item",
			Touches:  OwnItems,
			Needs:    []Capability{Write}, Operations: createOperations()},
			func(s *session) {
				first, second := s.create(noteInput()), s.create(noteInput())
				for _, it := range []connect.Item{first, second} {
					s.Expect(it.UpdatedAt.Time).To(gomega.BeTemporally("~", it.CreatedAt.Time, 2*time.Second),
						"updatedAt, against createdAt")
				}
				s.Expect(second.CreatedAt.Time).To(gomega.BeTemporally(">=", connect.At(first.CreatedAt.Time).Time),
					"createdAt of the second item, against the first")
				// The clocks of two machines differ, but not by days.
				s.Expect(first.CreatedAt.Time).To(gomega.BeTemporally("~", s.now(), 24*time.Hour), "createdAt")
			}},
		{Rule{ID: "items/create-ids-differ", Tag: "Items", Level: Must, Evidence: "[D] published document",
			Text:    "Two items with the same title and content have different ids",
			Touches: OwnItems,
			Needs:   []Capability{Write}, Operations: createOperations()},
			func(s *session) {
				in := loginInput()
				in.Title = s.uniqueName("twin")
				first, second := s.create(in), s.create(in)
				s.Expect(first.ID).NotTo(gomega.Equal(second.ID), "id of the first of two items")
				s.expectFound("title eq "+quote(in.Title), in.Title, in.Title)
			}},
		{Rule{ID: "items/create-trailing-slash", Tag: "Items", Level: Must, Evidence: "[W] JS SDK",
			Text:    "POST to .../items/ creates an item as POST to .../items does",
			Touches: OwnItems,
			Needs:   []Capability{Write}, Operations: createOperations()},
			func(s *session) {
				it := s.tryCreate(loginInput(), trailingSlash()).expectStatus(200).item()
				s.Expect(s.waitForNewItem(it.ID).Title).To(gomega.Equal(it.Title), "title")
			}},
		{Rule{ID: "items/create-is-what-is-read", Tag: "Items", Level: Must, Evidence: "[D] published document",
			Text:    "GET of a new item returns the same members as POST",
			Touches: OwnItems,
			Needs:   []Capability{Write}, Operations: createOperations()},
			func(s *session) {
				it := s.create(fullInput())
				s.expectSame(it, "the item, read after it was created")
			}},
		{Rule{ID: "items/create-keeps-what-is-sent", Tag: "Items", Level: Must,
			Evidence: "[D] published document; [C] every client that writes",
			Text:     "ids, labels, values, sections, urls, tags and favorite of a new item are exactly those that were sent",
			Touches:  OwnItems,
			Needs:    []Capability{Write}, Operations: createOperations()},
			func(s *session) {
				in := fullInput()
				it := s.readItem(s.create(in).ID)
				for _, sent := range in.Fields {
					got := s.field(it, sent.ID)
					s.Expect(got.Value).To(gomega.Equal(sent.Value), "value of the field %s", sent.ID)
					s.Expect(got.Label).To(gomega.Equal(sent.Label), "label of the field %s", sent.ID)
				}
				for _, section := range in.Sections {
					s.Expect(it.Sections).To(gomega.ContainElement(section), "sections")
				}
				s.Expect(it.URLs).To(gomega.Equal(in.URLs), "urls")
				s.Expect(s.withoutSuiteTags(it.Tags)).To(gomega.ConsistOf(in.Tags), "tags")
				s.Expect(it.Favorite).To(gomega.BeTrue(), "favorite")
			}},
		{Rule{ID: "items/create-tags-sorted", Tag: "Items", Level: Should,
			Evidence: "[D] changelog of the terraform provider",
			Text:     "Tags are returned sorted and complete",
			Touches:  OwnItems,
			Needs:    []Capability{Write}, Operations: createOperations()},
			func(s *session) {
				in := noteInput()
				in.Tags = []string{"zebra", "apple", "mango"}
				it := s.create(in)
				for _, tags := range [][]string{it.Tags, s.readItem(it.ID).Tags} {
					s.Expect(s.withoutSuiteTags(tags)).To(gomega.Equal([]string{"apple", "mango", "zebra"}), "tags")
				}
			}},
		{Rule{ID: "items/additional-information", Tag: "Items", Level: Observed,
			Evidence: "[R] terraform 74, python SDK issue 13",
			Text:     "The additionalInformation of a LOGIN is its user name, also in lists, or missing without a user name",
			Touches:  OwnItems,
			Needs:    []Capability{Write}, Operations: createOperations()},
			func(s *session) {
				it := s.create(loginInput())
				s.Expect(s.readItem(it.ID).AdditionalInformation).To(gomega.Equal("wendy"), "additionalInformation")
				s.expectFound("title eq "+quote(it.Title), it.Title)
				s.Expect(s.findItems("title eq " + quote(it.Title))[0].AdditionalInformation).To(gomega.Equal("wendy"),
					"additionalInformation of the listed item")
				s.Expect(s.readItem(s.create(connect.ItemInput{Category: "LOGIN"}).ID).AdditionalInformation).To(gomega.BeEmpty(),
					"additionalInformation of a LOGIN without a username")
			}},
		{Rule{ID: "items/empties-left-out", Tag: "Items", Level: Should, Evidence: "[R] terraform 74, Connect README",
			Text:    "Members without a value are missing, not null, \"\", [] or a favorite of false; only fields is always there",
			Touches: OwnItems,
			Needs:   []Capability{Write}, Operations: createOperations()},
			func(s *session) {
				it := s.create(noteInput())
				for _, res := range []*response{s.do("GetVaultItemById", item(it.ID)),
					s.do("GetVaultItems", query("filter", "title eq "+quote(it.Title)))} {
					var body any
					res.Expect(res.expectStatus(200).decode(&body)).To(gomega.Succeed(), "error of decoding the body")
					res.Expect(emptyMembers("", body)).To(gomega.BeEmpty(), "members without a value")
				}
				s.Expect(s.do("GetVaultItemById", item(it.ID)).object()).To(gomega.HaveKey("fields"), "members of the item")
			}},
		{Rule{ID: "items/list-shows-new", Tag: "Items", Level: Must,
			Evidence: "[D] API reference; [C] Go SDK, operator, ESO read these members",
			Text:     "The list of the vault has a new item once, with all members except fields, sections and files",
			Touches:  OwnItems,
			Needs:    []Capability{Write}, Operations: createOperations()},
			func(s *session) {
				created := s.create(fullInput())
				it := withoutVolatile(created)
				want := it.Summary()
				s.eventually(func() error {
					list := s.do("GetVaultItems").expectStatus(200).items()
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
		{Rule{ID: "items/list-has-no-secrets", Tag: "Items", Level: Must,
			Evidence: "[D] API reference: items without sections and fields",
			Text:     "Lists have no fields, sections or files, nor their values",
			Touches:  OwnItems,
			Needs:    []Capability{Write}, Operations: createOperations()},
			func(s *session) {
				secret := "hidden-" + strings.ReplaceAll(s.uniqueName("value"), " ", "-")
				it := s.create(noteWith(connect.FieldInput{Label: "key", Type: "CONCEALED", Value: secret}))
				for _, options := range [][]option{{query("filter", "title eq "+quote(it.Title))}, nil} {
					s.eventually(func() error {
						res := s.do("GetVaultItems", options...).expectStatus(200)
						s.Expect(string(res.Body)).NotTo(gomega.ContainSubstring(secret), "the body")
						listed := false
						for _, summary := range res.objects() {
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
		{Rule{ID: "items/list-is-whole", Tag: "Items", Level: Must,
			Evidence: "[D] published document: no pages; no client asks for more",
			Text:     "Lists have no pages: a list and a filter return all of a dozen new items",
			Touches:  OwnItems, Long: true,
			Needs: []Capability{Write}, Operations: createOperations()},
			func(s *session) {
				all := s.createNotes("a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l")
				s.expectFound("title co "+quote(strings.TrimSuffix(all[0], " a")+" "), all...)
				s.eventually(func() error {
					listed := sortedTitles(s.do("GetVaultItems").expectStatus(200).items())
					for _, title := range all {
						if _, ok := slices.BinarySearch(listed, title); !ok {
							return fmt.Errorf("the new item %[2]q is not among the %[1]d items of the list", len(listed), title)
						}
					}
					return nil
				})
			}},
		{Rule{ID: "items/list-names-vault", Tag: "Items", Level: Must, Evidence: "[C] Go SDK; [T] Java client",
			Text:    "Every item in a list has the id of the vault and an id of 26 characters",
			Touches: ReadOnly,
			Needs:   []Capability{Items}},
			func(s *session) {
				list := s.do("GetVaultItems").expectStatus(200).items()
				s.Expect(list).NotTo(gomega.BeEmpty(), "the list of items")
				for _, it := range list {
					s.Expect(it.Vault.ID).To(gomega.Equal(s.vault()), "vault.id of item %s", it.ID)
					s.Expect(it.ID).To(gomega.MatchRegexp(connect.IDPattern), "id of an item in the list")
				}
			}},
		{Rule{ID: "items/read-as-listed", Tag: "Items", Level: Must,
			Evidence: "[D] published document; [C] the Go SDK reads what it lists",
			Text:     "Existing items are read as the list shows them",
			Touches:  VaultState,
			Needs:    []Capability{Items}, Operations: []string{"GetVaultItemById"}},
			func(s *session) {
				const few = 3 // they may be real
				s.eventually(func() error {
					list := sortDocumentsFirst(s.do("GetVaultItems").expectStatus(200).items())
					for _, listed := range list[:min(few, len(list))] {
						res := s.do("GetVaultItemById", item(listed.ID))
						if res.Status != 200 {
							return fmt.Errorf("item %s is listed but returns %d", listed.ID, res.Status)
						}
						it := res.item()
						if got := it.Summary(); !reflect.DeepEqual(got, listed) {
							return fmt.Errorf("item %s of version %d is listed with version %d, or differs otherwise", listed.ID,
								got.Version, listed.Version)
						}
					}
					return nil
				})
			}},
		{Rule{ID: "items/list-trailing-slash", Tag: "Items", Level: Must, Evidence: "[W] JS SDK",
			Text:    "GET of .../items/ returns the same as .../items, without a redirect",
			Touches: ReadOnly,
			Needs:   []Capability{Items}},
			func(s *session) {
				// Other clients may create and delete items; the sample stays.
				for _, options := range [][]option{nil, {trailingSlash()}} {
					list := s.do("GetVaultItems", options...).expectStatus(200).items()
					s.Expect(slices.ContainsFunc(list, func(it connect.Summary) bool { return it.ID == s.server.sampleItem.ID })).
						To(gomega.BeTrue(), "whether the list shows item %s", s.server.sampleItem.ID)
				}
			}},
		{Rule{ID: "items/read-trailing-slash", Tag: "Items", Level: Should,
			Evidence: "[W] JS SDK, on lists; no other client redirects",
			Text:     "GET of an item with a trailing slash returns the item",
			Touches:  ReadOnly,
			Needs:    []Capability{Items}, Operations: []string{"GetVaultItemById"}},
			func(s *session) {
				sample := s.server.sampleItem
				s.Expect(s.do("GetVaultItemById", item(sample.ID), trailingSlash()).expectStatus(200).item().ID).
					To(gomega.Equal(sample.ID), "id")
			}},
		{Rule{ID: "items/list-empty-parameter", Tag: "Items", Level: Should, Evidence: "[C] Rust client sends ?=",
			Text:    "A query with an empty name and an empty value returns all items",
			Touches: ReadOnly,
			Needs:   []Capability{Items}},
			func(s *session) {
				list := s.do("GetVaultItems", rawQuery("=")).expectStatus(200).items()
				s.Expect(slices.ContainsFunc(list, func(it connect.Summary) bool { return it.ID == s.server.sampleItem.ID })).
					To(gomega.BeTrue(), "whether the list shows item %s", s.server.sampleItem.ID)
			}},
	}
}
