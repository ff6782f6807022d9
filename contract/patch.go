package contract

import (
	"encoding/json"
	"fmt"

	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/onsi/gomega"
)

// patchRules returns the rules about the list of operations of a PATCH and about the
// members of an item. patchFieldRules returns those about fields.
func patchRules() []rule {
	return []rule{
		{Rule{ID: "patch/answers-200", Tag: "Patch", Level: Must, Evidence: "[D] published document",
			Text:    "PATCH returns 200 and the whole changed item, and so does the next read",
			Touches: OwnItems,
			Needs:   []Capability{Write}, Operations: createOperations("PatchVaultItem")},
			func(s *session) {
				it := s.create(loginInput())
				title := s.uniqueName("patched")
				patched := s.patch(it.ID, replaceOp("/title", title)).expectStatus(200).item()
				for _, got := range []connect.Item{patched, s.waitForVersionAfter(it.ID, it.Version)} {
					s.Expect(got.ID).To(gomega.Equal(it.ID), "id")
					s.Expect(got.Title).To(gomega.Equal(title), "title")
					s.Expect(got.Fields).To(gomega.HaveLen(3), "fields")
				}
			}},
		{Rule{ID: "patch/next-version", Tag: "Patch", Level: Should,
			Evidence: "[C] operator and external-secrets compare versions; a write increases them, as PUT does [T]",
			Text:     "After a PATCH with any number of operations the version of the item is one higher",
			Touches:  OwnItems,
			Needs:    []Capability{Write}, Operations: createOperations("PatchVaultItem")},
			func(s *session) {
				it := s.create(noteInput())
				s.patch(it.ID, replaceOp("/favorite", true), replaceOp("/title", s.uniqueName("patched"))).expectStatus(200)
				s.Expect(s.waitForVersionAfter(it.ID, it.Version).Version).To(gomega.Equal(it.Version+1), "version after the PATCH")
			}},
		{Rule{ID: "patch/leaves-the-rest", Tag: "Patch", Level: Must, Evidence: "[D] published document",
			Text:    "A PATCH does not change other members: fields, sections, urls, tags, dates, category",
			Touches: OwnItems,
			Needs:   []Capability{Write}, Operations: createOperations("PatchVaultItem")},
			func(s *session) {
				before := withoutVolatile(s.create(fullInput()))
				title := s.uniqueName("patched")
				s.patch(before.ID, replaceOp("/title", title)).expectStatus(200)
				after := withoutVolatile(s.waitForVersionAfter(before.ID, before.Version))
				s.Expect(after.Title).To(gomega.Equal(title), "title")
				after.Title, after.Version, after.UpdatedAt = before.Title, before.Version, before.UpdatedAt
				s.Expect(after).To(gomega.Equal(before), "the item, but for what was patched")
			}},
		{Rule{ID: "patch/empty-list", Tag: "Patch", Level: Must, Evidence: "[D] published document: the item is unmodified",
			Text:    "An empty list of operations returns 200 and the unmodified item, with the same version",
			Touches: OwnItems,
			Needs:   []Capability{Write}, Operations: createOperations("PatchVaultItem")},
			func(s *session) {
				it := s.create(loginInput())
				s.Expect(withoutVolatile(s.patch(it.ID).expectStatus(200).item())).To(gomega.Equal(withoutVolatile(it)),
					"the item in the response to the PATCH")
				s.expectSame(it, "the item after the PATCH")
			}},
		{Rule{ID: "patch/wants-a-list", Tag: "Patch", Level: Must, Evidence: "[R] connect issue 61",
			Text:    "An operation that is not in a list returns 400 and changes nothing",
			Touches: OwnItems,
			Needs:   []Capability{Write}, Operations: createOperations("PatchVaultItem")},
			func(s *session) {
				it := s.create(noteInput())
				s.do("PatchVaultItem", item(it.ID), body(replaceOp("/favorite", true))).expectError(400, "")
				s.expectSame(it, "the item after the refused PATCH")
			}},
		{Rule{ID: "patch/favorite", Tag: "Patch", Level: Must, Evidence: "[D] published document: PatchItemAttr",
			Text:    "favorite can be set to true and to false",
			Touches: OwnItems,
			Needs:   []Capability{Write}, Operations: createOperations("PatchVaultItem")},
			func(s *session) {
				it := s.create(noteInput())
				for i, favorite := range []bool{true, false} {
					s.patch(it.ID, replaceOp("/favorite", favorite)).expectStatus(200)
					s.Expect(s.waitForVersionAfter(it.ID, it.Version+i).Favorite).To(gomega.Equal(favorite), "favorite")
				}
			}},
		{Rule{ID: "patch/tag-by-index", Tag: "Patch", Level: Must, Evidence: "[D] published document: remove /tags/1",
			Text:    "remove /tags/1 removes the second tag, in the order in which they are read, and no other",
			Touches: OwnItems,
			Needs:   []Capability{Write}, Operations: createOperations("PatchVaultItem")},
			func(s *session) {
				in := noteInput()
				in.Tags = []string{"a3", "a1", "a2"} // before the tags of the suite in the order of the server
				it := s.readItem(s.create(in).ID)
				s.Expect(len(it.Tags)).To(gomega.BeNumerically(">=", 3), "number of tags")
				want := append([]string{it.Tags[0]}, it.Tags[2:]...)
				s.patch(it.ID, removeOp("/tags/1")).expectStatus(200)
				s.Expect(s.waitForVersionAfter(it.ID, it.Version).Tags).To(gomega.Equal(want), "tags")
			}},
		{Rule{ID: "patch/tag-at-the-end", Tag: "Patch", Level: Should,
			Evidence: "[D] RFC 6902, section 4.2, which the published document names: what is removed must exist",
			Text:     "remove /tags/N removes the last tag, and is refused beyond it, as replace is, without a change",
			Touches:  OwnItems,
			Needs:    []Capability{Write}, Operations: createOperations("PatchVaultItem")},
			func(s *session) {
				in := noteInput()
				in.Tags = []string{"a3", "a1", "a2"}
				it := s.readItem(s.create(in).ID)
				n := len(it.Tags)
				for _, beyond := range []int{n, n + 1, 1000} {
					path := fmt.Sprintf("/tags/%d", beyond)
					s.patch(it.ID, removeOp(path)).expectClientError()
					s.patch(it.ID, replaceOp(path, "never")).expectClientError()
				}
				s.expectSame(it, "the item after the refused PATCH")
				s.patch(it.ID, removeOp(fmt.Sprintf("/tags/%d", n-1))).expectStatus(200)
				s.Expect(s.waitForVersionAfter(it.ID, it.Version).Tags).To(gomega.Equal(it.Tags[:n-1]), "tags")
			}},
		{Rule{ID: "patch/tags", Tag: "Patch", Level: Should, Evidence: "[D] published document: an item attribute",
			Text:    "replace /tags replaces all tags and sorts them",
			Touches: OwnItems,
			Needs:   []Capability{Write}, Operations: createOperations("PatchVaultItem")},
			func(s *session) {
				in := noteInput()
				in.Tags = []string{"blue"}
				it := s.create(in)
				s.patch(it.ID, replaceOp("/tags", []string{"zebra", "apple", tag, runPrefix(s.id)})).expectStatus(200)
				s.Expect(s.withoutSuiteTags(s.waitForVersionAfter(it.ID, it.Version).Tags)).
					To(gomega.Equal([]string{"apple", "zebra"}), "tags")
			}},
		{Rule{ID: "patch/url-by-index", Tag: "Patch", Level: Observed,
			Evidence: "[D] RFC 6902, section 4.1, which the published document names; [G] that it holds for URLs",
			Text:     "add /urls/0 inserts a URL before the others, remove /urls/N removes one",
			Touches:  OwnItems,
			Needs:    []Capability{Write}, Operations: createOperations("PatchVaultItem")},
			func(s *session) {
				in := noteInput()
				in.URLs = []connect.URL{{Href: "https://one.example.com"}, {Href: "https://two.example.com"}}
				it := s.create(in)
				added := connect.URL{Href: "https://new.example.com"}
				s.patch(it.ID, addOp("/urls/0", added)).expectStatus(200)
				it = s.waitForVersionAfter(it.ID, it.Version)
				s.Expect(hrefs(it)).To(gomega.Equal([]string{added.Href, in.URLs[0].Href, in.URLs[1].Href}), "href of the urls")
				s.patch(it.ID, removeOp("/urls/1")).expectStatus(200)
				s.Expect(hrefs(s.waitForVersionAfter(it.ID, it.Version))).
					To(gomega.Equal([]string{added.Href, in.URLs[1].Href}), "href of the urls")
			}},
		{Rule{ID: "patch/urls", Tag: "Patch", Level: Should, Evidence: "[D] published document: an item attribute",
			Text:    "replace /urls replaces the URLs",
			Touches: OwnItems,
			Needs:   []Capability{Write}, Operations: createOperations("PatchVaultItem")},
			func(s *session) {
				it := s.create(fullInput())
				urls := []connect.URL{{Href: "https://new.example.com", Primary: true}}
				s.patch(it.ID, replaceOp("/urls", urls)).expectStatus(200)
				s.Expect(s.waitForVersionAfter(it.ID, it.Version).URLs).To(gomega.Equal(urls), "urls")
			}},
		{Rule{ID: "patch/whole-item", Tag: "Patch", Level: Must,
			Evidence: "[D] published document: ReplaceAllAttributes, equivalent to a PUT",
			Text:     "replace / replaces the whole item, as PUT does",
			Touches:  OwnItems,
			Needs:    []Capability{Write}, Operations: createOperations("PatchVaultItem")},
			func(s *session) {
				it := s.create(fullInput())
				in := loginInput()
				in.ID, in.Title, in.Vault = it.ID, s.uniqueName("whole"), &it.Vault
				in.Tags = []string{tag, runPrefix(s.id)}
				s.patch(it.ID, replaceOp("/", in)).expectStatus(200)
				got := s.waitForVersionAfter(it.ID, it.Version)
				s.Expect(got.ID).To(gomega.Equal(it.ID), "id")
				s.Expect(got.Title).To(gomega.Equal(in.Title), "title")
				s.Expect(fieldIDs(got)).To(gomega.ConsistOf("username", "password", "notesPlain"), "ids of the fields")
				s.Expect(got.URLs).To(gomega.BeEmpty(), "urls")
				s.Expect(got.Favorite).To(gomega.BeFalse(), "favorite")
				s.Expect(s.withoutSuiteTags(got.Tags)).To(gomega.BeEmpty(), "tags")
			}},
		{Rule{ID: "patch/whole-item-of-the-document", Tag: "Patch", Level: Must,
			Evidence: "[D] published document: the example of ReplaceAllAttributes has neither a vault nor a category",
			Text:     "replace / without a vault and a category keeps those of the item",
			Touches:  OwnItems,
			Needs:    []Capability{Write}, Operations: createOperations("PatchVaultItem")},
			func(s *session) {
				it, title := s.create(loginInput()), s.uniqueName("whole")
				s.patch(it.ID, replaceOp("/", map[string]any{"title": title, "tags": []string{tag, runPrefix(s.id)}})).
					expectStatus(200)
				got := s.waitForVersionAfter(it.ID, it.Version)
				s.Expect(got.Title).To(gomega.Equal(title), "title")
				s.Expect(got.Category).To(gomega.Equal(it.Category), "category")
				s.Expect(got.Vault.ID).To(gomega.Equal(it.Vault.ID), "id of the vault")
			}},
		{Rule{ID: "patch/in-order", Tag: "Patch", Level: Must,
			Evidence: "[D] RFC 6902, section 3, which the published document names",
			Text:     "Operations are applied in order, each to the result of the one before",
			Touches:  OwnItems,
			Needs:    []Capability{Write}, Operations: createOperations("PatchVaultItem")},
			func(s *session) {
				it := s.create(loginInput())
				s.patch(it.ID,
					replaceOp("/fields/username/value", "first"), replaceOp("/fields/username/value", "second"),
					replaceOp("/fields/password/value", "second"), replaceOp("/fields/password/value", "first"),
				).expectStatus(200)
				got := s.waitForVersionAfter(it.ID, it.Version)
				s.Expect(s.field(got, "username").Value).To(gomega.Equal("second"), "value of the field username")
				s.Expect(s.field(got, "password").Value).To(gomega.Equal("first"), "value of the field password")
			}},
		{Rule{ID: "patch/all-or-nothing", Tag: "Patch", Level: Must,
			Evidence: "[D] RFC 6902, section 5, which the published document names",
			Text:     "If one operation is invalid, first or last, no operation is applied and the version stays the same",
			Touches:  OwnItems,
			Needs:    []Capability{Write}, Operations: createOperations("PatchVaultItem")},
			func(s *session) {
				it := s.create(loginInput())
				valid := []connect.PatchOperation{replaceOp("/title", s.uniqueName("never")),
					replaceOp("/fields/password/value", "half-applied-value"),
					addOp("/fields", connect.FieldInput{Label: "never", Value: "x"})}
				invalid := replaceOp("/fields/nosuchfieldnosuchfieldnos/value", "x")
				s.patch(it.ID, append(valid, invalid)...).expectError(400, "")
				s.patch(it.ID, append([]connect.PatchOperation{invalid}, valid...)...).expectError(400, "")
				s.expectSame(it, "the item after the refused PATCH")
			}},
		{Rule{ID: "patch/three-operations-only", Tag: "Patch", Level: Must,
			Evidence: "[D] published document: only supports add, remove and replace",
			Text:     "move, copy, test and unknown operations are refused and change nothing",
			Touches:  OwnItems,
			Needs:    []Capability{Write}, Operations: createOperations("PatchVaultItem")},
			func(s *session) {
				it := s.create(loginInput())
				for _, op := range []string{"move", "copy", "test", "increment", ""} {
					s.do("PatchVaultItem", item(it.ID), body([]map[string]any{
						{"op": op, "from": "/fields/username/value", "path": "/fields/password/value", "value": "kite-lantern-51"},
					})).expectClientError()
				}
				s.expectSame(it, "the item after the refused PATCH")
			}},
		{Rule{ID: "patch/path-has-slash", Tag: "Patch", Level: Observed,
			Evidence: "[R] connect issue 58, a comment of 2024; the status is not recorded",
			Text:     "A path without a leading slash is refused and changes nothing",
			Touches:  OwnItems,
			Needs:    []Capability{Write}, Operations: createOperations("PatchVaultItem")},
			func(s *session) {
				it := s.create(noteInput())
				s.patch(it.ID, replaceOp("title", s.uniqueName("never"))).expectClientError()
				s.expectSame(it, "the item after the refused PATCH")
			}},
		{Rule{ID: "patch/is-listed", Tag: "Patch", Level: Must,
			Evidence: "[C] external-secrets and operator read lists after a write",
			Text:     "The list and the filters use what a PATCH changed",
			Touches:  OwnItems,
			Needs:    []Capability{Write}, Operations: createOperations("PatchVaultItem")},
			func(s *session) {
				it := s.create(noteInput())
				s.expectFound("title eq "+quote(it.Title), it.Title)
				title := s.uniqueName("patched")
				s.patch(it.ID, replaceOp("/title", title)).expectStatus(200)
				s.expectFound("title eq "+quote(title), title)
				s.expectFound("title eq " + quote(it.Title))
				s.Expect(s.findItems("title eq " + quote(title))[0].Version).To(gomega.Equal(s.readItem(it.ID).Version),
					"version of the listed item")
			}},
	}
}

// hrefs returns the addresses of the URLs of an item.
func hrefs(it connect.Item) (list []string) {
	for _, u := range it.URLs {
		list = append(list, u.Href)
	}
	return list
}

// patch sends a PATCH with these operations.
func (s *session) patch(id string, operations ...connect.PatchOperation) *response {
	return s.do("PatchVaultItem", item(id), body(append([]connect.PatchOperation{}, operations...)))
}

func replaceOp(path string, value any) connect.PatchOperation { return patchOp("replace", path, value) }
func addOp(path string, value any) connect.PatchOperation     { return patchOp("add", path, value) }
func removeOp(path string) connect.PatchOperation {
	return connect.PatchOperation{Op: "remove", Path: path}
}

func patchOp(op, path string, value any) connect.PatchOperation {
	return connect.PatchOperation{Op: op, Path: path, Value: json.RawMessage(encodeJSON(value))}
}
