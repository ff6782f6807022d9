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

func itemRules() []rule {
	return []rule{
		{Rule{ID: "items/create-answers-200", Tag: "Items", Level: Must, Evidence: "[D] published document; [C] the Go SDK takes 200 only",
			Text:  "POST of an item answers 200 and the item with the title and category sent, in the vault of the path, named",
			Needs: []Capability{Write}, Operations: making()},
			func(s *session) {
				title := s.unique("created")
				in := login()
				in.Title = title
				it := s.tryCreate(in).expect(200).item()
				s.Expect(it.Title).To(gomega.Equal(title), "title")
				s.Expect(it.Category).To(gomega.Equal("LOGIN"), "category")
				s.Expect(it.Vault).To(gomega.Equal(connect.VaultRef{ID: s.vault(), Name: s.run.found.vault.Name}), "vault")
				s.Expect(it.ID).To(gomega.MatchRegexp(connect.IDPattern), "id")
				s.Expect(it.LastEditedBy).To(gomega.MatchRegexp(connect.UserIDPattern), "lastEditedBy")
			}},
		{Rule{ID: "items/create-version-1", Tag: "Items", Level: Must, Evidence: "[C] terraform provider waits for it; [R] terraform 74",
			Text:  "A new item has version 1, in the answer and when it is read",
			Needs: []Capability{Write}, Operations: making()},
			func(s *session) {
				it := s.create(note())
				s.Expect(it.Version).To(gomega.Equal(1), "version of the created item")
				s.Expect(s.read(it.ID).Version).To(gomega.Equal(1), "version")
			}},
		{Rule{ID: "items/create-dates", Tag: "Items", Level: Must, Evidence: "[R] vaults and items recorded; [C] the operator takes the oldest by createdAt",
			Text:  "A new item is created and updated now, and a later one is not older",
			Needs: []Capability{Write}, Operations: making()},
			func(s *session) {
				first, second := s.create(note()), s.create(note())
				for _, it := range []connect.Item{first, second} {
					s.Expect(it.UpdatedAt.Time).To(gomega.BeTemporally("~", it.CreatedAt.Time, 2*time.Second), "updatedAt, against createdAt")
				}
				s.Expect(second.CreatedAt.Time).To(gomega.BeTemporally(">=", connect.At(first.CreatedAt.Time).Time), "createdAt of the second item, against the first")
				// The clocks of two machines differ, but not by days.
				s.Expect(first.CreatedAt.Time).To(gomega.BeTemporally("~", s.run.now(), 24*time.Hour), "createdAt")
			}},
		{Rule{ID: "items/create-ids-differ", Tag: "Items", Level: Must, Evidence: "[D] published document",
			Text:  "Two items of one title and content are two items",
			Needs: []Capability{Write}, Operations: making()},
			func(s *session) {
				in := login()
				in.Title = s.unique("twin")
				first, second := s.create(in), s.create(in)
				s.Expect(first.ID).NotTo(gomega.Equal(second.ID), "id of the first of two items")
				s.finds("title eq "+quoted(in.Title), in.Title, in.Title)
			}},
		{Rule{ID: "items/create-trailing-slash", Tag: "Items", Level: Must, Evidence: "[W] JS SDK",
			Text:  "POST to .../items/ makes an item as POST to .../items does",
			Needs: []Capability{Write}, Operations: making()},
			func(s *session) {
				it := s.tryCreate(login(), trailingSlash()).expect(200).item()
				s.Expect(s.readFirst(it.ID).Title).To(gomega.Equal(it.Title), "title")
			}},
		{Rule{ID: "items/create-is-what-is-read", Tag: "Items", Level: Must, Evidence: "[D] published document",
			Text:  "GET of a new item answers what POST answered, every member of it",
			Needs: []Capability{Write}, Operations: making()},
			func(s *session) {
				it := s.create(full())
				s.Expect(settled(s.read(it.ID))).To(gomega.Equal(settled(it)), "the item, read after it was created")
			}},
		{Rule{ID: "items/create-keeps-what-is-sent", Tag: "Items", Level: Must, Evidence: "[D] published document; [C] every client that writes",
			Text:  "ids, labels, values, sections, urls, tags and favorite of a new item are those sent, letter by letter",
			Needs: []Capability{Write}, Operations: making()},
			func(s *session) {
				in := full()
				it := s.read(s.create(in).ID)
				for _, sent := range in.Fields {
					got := s.field(it, sent.ID)
					s.Expect(got.Value).To(gomega.Equal(sent.Value), "value of the field %s", sent.ID)
					s.Expect(got.Label).To(gomega.Equal(sent.Label), "label of the field %s", sent.ID)
				}
				for _, section := range in.Sections {
					s.Expect(it.Sections).To(gomega.ContainElement(section), "sections")
				}
				s.Expect(it.URLs).To(gomega.Equal(in.URLs), "urls")
				s.Expect(s.own(it.Tags)).To(gomega.ConsistOf(in.Tags), "tags")
				s.Expect(it.Favorite).To(gomega.BeTrue(), "favorite")
			}},
		{Rule{ID: "items/create-tags-sorted", Tag: "Items", Level: Should, Evidence: "[D] changelog of the terraform provider",
			Text:  "Tags come back sorted, none lost and none added",
			Needs: []Capability{Write}, Operations: making()},
			func(s *session) {
				in := note()
				in.Tags = []string{"zebra", "apple", "mango"}
				it := s.create(in)
				for _, tags := range [][]string{it.Tags, s.read(it.ID).Tags} {
					s.Expect(s.own(tags)).To(gomega.Equal([]string{"apple", "mango", "zebra"}), "tags")
				}
			}},
		{Rule{ID: "items/additional-information", Tag: "Items", Level: Observed, Evidence: "[R] terraform 74, python SDK issue 13",
			Text:  "The additionalInformation of a LOGIN is its user name, in lists too; without one there is none",
			Needs: []Capability{Write}, Operations: making()},
			func(s *session) {
				it := s.create(login())
				s.Expect(s.read(it.ID).AdditionalInformation).To(gomega.Equal("wendy"), "additionalInformation")
				s.finds("title eq "+quoted(it.Title), it.Title)
				s.Expect(s.filtered("title eq " + quoted(it.Title))[0].AdditionalInformation).To(gomega.Equal("wendy"), "additionalInformation of the listed item")
				s.Expect(s.read(s.create(connect.ItemInput{Category: "LOGIN"}).ID).AdditionalInformation).To(gomega.BeEmpty(), "additionalInformation of a LOGIN without a username")
			}},
		{Rule{ID: "items/empties-left-out", Tag: "Items", Level: Should, Evidence: "[R] terraform 74, Connect README",
			Text:  "Members without a value are left out: never null, \"\" or [], and no favorite that is false; fields alone is always there",
			Needs: []Capability{Write}, Operations: making()},
			func(s *session) {
				it := s.create(note())
				for _, a := range []*answer{s.do("GetVaultItemById", item(it.ID)), s.do("GetVaultItems", query("filter", "title eq "+quoted(it.Title)))} {
					var body any
					a.Expect(a.expect(200).decode(&body)).To(gomega.Succeed(), "error of decoding the body")
					a.Expect(empties("", body)).To(gomega.BeEmpty(), "members without a value")
				}
				s.Expect(s.do("GetVaultItemById", item(it.ID)).members()).To(gomega.HaveKey("fields"), "members of the item")
			}},
		{Rule{ID: "items/list-shows-new", Tag: "Items", Level: Must, Evidence: "[D] API reference; [C] Go SDK, operator, ESO read these members",
			Text:  "The list of the vault shows a new item once, with all of its members but fields, sections and files",
			Needs: []Capability{Write}, Operations: making()},
			func(s *session) {
				created := s.create(full())
				it := settled(created)
				want := it.Summary()
				s.eventually(func() error {
					list := s.do("GetVaultItems").expect(200).items()
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
		{Rule{ID: "items/list-has-no-secrets", Tag: "Items", Level: Must, Evidence: "[D] API reference: items without sections and fields",
			Text:  "No list shows fields, sections or files, nor any value of them",
			Needs: []Capability{Write}, Operations: making()},
			func(s *session) {
				secret := "hidden-" + strings.ReplaceAll(s.unique("value"), " ", "-")
				it := s.create(with(connect.FieldInput{Label: "key", Type: "CONCEALED", Value: secret}))
				for _, options := range [][]option{{query("filter", "title eq "+quoted(it.Title))}, nil} {
					s.eventually(func() error {
						a := s.do("GetVaultItems", options...).expect(200)
						s.Expect(string(a.Body)).NotTo(gomega.ContainSubstring(secret), "the body")
						there := false
						for _, summary := range a.list() {
							there = there || summary["id"] == it.ID
							for _, member := range []string{"fields", "sections", "files"} {
								s.Expect(summary).NotTo(gomega.HaveKey(member), "members of an item in the list")
							}
						}
						if !there {
							return fmt.Errorf("the new item is not listed")
						}
						return nil
					})
				}
			}},
		{Rule{ID: "items/list-is-whole", Tag: "Items", Level: Must, Evidence: "[D] published document: no pages; no client asks for more",
			Text:  "Lists have no pages: a dozen new items are all listed, and all found by one filter",
			Needs: []Capability{Write}, Operations: making()},
			func(s *session) {
				all := s.titled("a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l")
				s.finds("title co "+quoted(strings.TrimSuffix(all[0], " a")+" "), all...)
				s.eventually(func() error {
					there := titles(s.do("GetVaultItems").expect(200).items())
					for _, title := range all {
						if _, ok := slices.BinarySearch(there, title); !ok {
							return fmt.Errorf("of %d items listed none is the new %q", len(there), title)
						}
					}
					return nil
				})
			}},
		{Rule{ID: "items/list-names-vault", Tag: "Items", Level: Must, Evidence: "[C] Go SDK; [T] Java client",
			Text:  "Every item of a list names the vault it was asked of, and an id of 26 characters",
			Needs: []Capability{Items}},
			func(s *session) {
				list := s.do("GetVaultItems").expect(200).items()
				s.Expect(list).NotTo(gomega.BeEmpty(), "the list of items")
				for _, it := range list {
					s.Expect(it.Vault.ID).To(gomega.Equal(s.vault()), "vault.id of item %s", it.ID)
					s.Expect(it.ID).To(gomega.MatchRegexp(connect.IDPattern), "id of an item in the list")
				}
			}},
		{Rule{ID: "items/read-as-listed", Tag: "Items", Level: Must, Evidence: "[D] published document; [C] the Go SDK reads what it lists",
			Text:  "Items that were there before, those with files first, are read as the list shows them",
			Needs: []Capability{Items}, Operations: []string{"GetVaultItemById"}},
			func(s *session) {
				const few = 3 // they may be real
				s.eventually(func() error {
					list := documentsFirst(s.do("GetVaultItems").expect(200).items())
					for _, listed := range list[:min(few, len(list))] {
						a := s.do("GetVaultItemById", item(listed.ID))
						if a.Status != 200 {
							return fmt.Errorf("item %s is listed and answered %d", listed.ID, a.Status)
						}
						it := a.item()
						if got := it.Summary(); !reflect.DeepEqual(got, listed) {
							return fmt.Errorf("item %s of version %d is listed with version %d, or differs otherwise", listed.ID, got.Version, listed.Version)
						}
					}
					return nil
				})
			}},
		{Rule{ID: "items/list-trailing-slash", Tag: "Items", Level: Must, Evidence: "[W] JS SDK",
			Text:  "GET of .../items/ is answered as .../items, not redirected",
			Needs: []Capability{Items}},
			func(s *session) {
				// Other clients may create and delete items; the sample stays.
				for _, options := range [][]option{nil, {trailingSlash()}} {
					list := s.do("GetVaultItems", options...).expect(200).items()
					s.Expect(slices.ContainsFunc(list, func(it connect.Summary) bool { return it.ID == s.run.found.sample.ID })).To(gomega.BeTrue(), "whether the list shows item %s", s.run.found.sample.ID)
				}
			}},
		{Rule{ID: "items/read-trailing-slash", Tag: "Items", Level: Should, Evidence: "[W] JS SDK, on lists; no other client redirects",
			Text:  "GET of an item with a slash at its end answers the item",
			Needs: []Capability{Items}, Operations: []string{"GetVaultItemById"}},
			func(s *session) {
				sample := s.run.found.sample
				s.Expect(s.do("GetVaultItemById", item(sample.ID), trailingSlash()).expect(200).item().ID).To(gomega.Equal(sample.ID), "id")
			}},
		{Rule{ID: "items/list-empty-parameter", Tag: "Items", Level: Should, Evidence: "[C] Rust client sends ?=",
			Text:  "A query of an empty name and an empty value filters nothing",
			Needs: []Capability{Items}},
			func(s *session) {
				list := s.do("GetVaultItems", rawQuery("=")).expect(200).items()
				s.Expect(slices.ContainsFunc(list, func(it connect.Summary) bool { return it.ID == s.run.found.sample.ID })).To(gomega.BeTrue(), "whether the list shows item %s", s.run.found.sample.ID)
			}},
	}
}

// full returns an item with every member that a client may send, and with letters
// that encoders get wrong.
func full() connect.ItemInput {
	section := func(id string) *connect.Section { return &connect.Section{ID: id} }
	return connect.ItemInput{
		Category: "LOGIN", Favorite: true, Tags: []string{"Blue Sky", "Ähre/2"},
		URLs: []connect.URL{{Href: "https://shop.example.com/?a=1&b=2", Primary: true}, {Href: "https://admin.example.com", Label: "admin"}},
		Sections: []connect.Section{
			{ID: "Section_78f13ad938a248779fe4e80279", Label: "Network"},
			{ID: "4a7c6f1e-0000-4000-8000-7c3c5b1d9e10", Label: "Second"},
		},
		Fields: []connect.FieldInput{
			{ID: "username", Label: "username", Purpose: "USERNAME", Type: "STRING", Value: "wendy@example.com"},
			{ID: "password", Label: "password", Purpose: "PASSWORD", Type: "CONCEALED", Value: `a"b\c/d<e>&'f  g` + "\u2028ü𝛑"},
			{ID: "notesPlain", Label: "notesPlain", Purpose: "NOTES", Type: "STRING", Value: "two\nlines\tand 100% of +\r\n" + strings.Repeat("long ", 2000)},
			{ID: "host.name", Label: "host: name", Type: "STRING", Value: "db.example.com", Section: section("Section_78f13ad938a248779fe4e80279")},
			{ID: "4eb4c9d0-5a3d-4c4e-9d1c-0b3c5d7e9f10", Label: "Schlüssel", Type: "CONCEALED", Value: "🔑", Section: section("4a7c6f1e-0000-4000-8000-7c3c5b1d9e10")},
		},
	}
}

// empties returns the paths of the members of a document that have no value.
func empties(path string, value any) (list []string) {
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
			list = append(list, empties(fmt.Sprintf("%s[%d]", path, i), element)...)
		}
	case map[string]any:
		for name, member := range v {
			if name == "favorite" && member == false {
				list = append(list, path+".favorite is false")
			}
			list = append(list, empties(path+"."+name, member)...)
		}
	}
	return list
}
