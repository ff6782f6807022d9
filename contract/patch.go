package contract

import (
	"encoding/json"

	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/onsi/gomega"
)

// patchRules returns the rules about patches of the members of an item and about the
// list of operations; patchFieldRules has those about fields.
func patchRules() []rule {
	return []rule{
		{Rule{ID: "patch/answers-200", Tag: "Patch", Level: Must, Evidence: "[D] published document",
			Text:  "PATCH answers 200 and the full item as changed, and so does the next read",
			Needs: []Capability{Write}, Operations: making("PatchVaultItem")},
			func(s *session) {
				it := s.create(login())
				title := s.unique("patched")
				answered := s.patch(it.ID, replaceOp("/title", title)).expect(200).item()
				for _, got := range []connect.Item{answered, s.readAfter(it.ID, it.Version)} {
					s.Expect(got.ID).To(gomega.Equal(it.ID), "id")
					s.Expect(got.Title).To(gomega.Equal(title), "title")
					s.Expect(got.Fields).To(gomega.HaveLen(3), "fields")
				}
			}},
		{Rule{ID: "patch/next-version", Tag: "Patch", Level: Should, Evidence: "[C] the version is what operator and external-secrets compare; a write moves it, as PUT does [T]",
			Text:  "After a PATCH of any number of operations the item is read with the next version",
			Needs: []Capability{Write}, Operations: making("PatchVaultItem")},
			func(s *session) {
				it := s.create(note())
				s.patch(it.ID, replaceOp("/favorite", true), replaceOp("/title", s.unique("patched"))).expect(200)
				s.Expect(s.readAfter(it.ID, it.Version).Version).To(gomega.Equal(it.Version+1), "version after the PATCH")
			}},
		{Rule{ID: "patch/leaves-the-rest", Tag: "Patch", Level: Must, Evidence: "[D] published document",
			Text:  "What a PATCH does not name stays: fields, sections, urls, tags, dates, category",
			Needs: []Capability{Write}, Operations: making("PatchVaultItem")},
			func(s *session) {
				before := settled(s.create(full()))
				title := s.unique("patched")
				s.patch(before.ID, replaceOp("/title", title)).expect(200)
				after := settled(s.readAfter(before.ID, before.Version))
				s.Expect(after.Title).To(gomega.Equal(title), "title")
				after.Title, after.Version, after.UpdatedAt = before.Title, before.Version, before.UpdatedAt
				s.Expect(after).To(gomega.Equal(before), "the item, but for what was patched")
			}},
		{Rule{ID: "patch/empty-list", Tag: "Patch", Level: Must, Evidence: "[D] published document: the item is unmodified",
			Text:  "An empty list of operations answers 200 and the item, unmodified, with its version",
			Needs: []Capability{Write}, Operations: making("PatchVaultItem")},
			func(s *session) {
				it := s.create(login())
				s.Expect(settled(s.patch(it.ID).expect(200).item())).To(gomega.Equal(settled(it)), "the item in the response to the PATCH")
				s.Expect(settled(s.read(it.ID))).To(gomega.Equal(settled(it)), "the item after the PATCH")
			}},
		{Rule{ID: "patch/wants-a-list", Tag: "Patch", Level: Must, Evidence: "[R] connect issue 61",
			Text:  "An operation that is not in a list is answered 400 and changes nothing",
			Needs: []Capability{Write}, Operations: making("PatchVaultItem")},
			func(s *session) {
				it := s.create(note())
				s.do("PatchVaultItem", item(it.ID), body(replaceOp("/favorite", true))).refused(400, "")
				s.Expect(settled(s.read(it.ID))).To(gomega.Equal(settled(it)), "the item after the refused PATCH")
			}},
		{Rule{ID: "patch/favorite", Tag: "Patch", Level: Must, Evidence: "[D] published document: PatchItemAttr",
			Text:  "favorite can be set and set back",
			Needs: []Capability{Write}, Operations: making("PatchVaultItem")},
			func(s *session) {
				it := s.create(note())
				for i, favorite := range []bool{true, false} {
					s.patch(it.ID, replaceOp("/favorite", favorite)).expect(200)
					s.Expect(s.readAfter(it.ID, it.Version+i).Favorite).To(gomega.Equal(favorite), "favorite")
				}
			}},
		{Rule{ID: "patch/tag-by-index", Tag: "Patch", Level: Must, Evidence: "[D] published document: remove /tags/1",
			Text:  "remove /tags/1 removes the second of the tags as they are read, and no other",
			Needs: []Capability{Write}, Operations: making("PatchVaultItem")},
			func(s *session) {
				in := note()
				in.Tags = []string{"a3", "a1", "a2"} // all before the suite's own
				it := s.read(s.create(in).ID)
				s.Expect(len(it.Tags)).To(gomega.BeNumerically(">=", 3), "number of tags")
				want := append([]string{it.Tags[0]}, it.Tags[2:]...)
				s.patch(it.ID, removeOp("/tags/1")).expect(200)
				s.Expect(s.readAfter(it.ID, it.Version).Tags).To(gomega.Equal(want), "tags")
			}},
		{Rule{ID: "patch/tags", Tag: "Patch", Level: Should, Evidence: "[D] published document: an item attribute",
			Text:  "replace /tags replaces all tags, and they are sorted",
			Needs: []Capability{Write}, Operations: making("PatchVaultItem")},
			func(s *session) {
				in := note()
				in.Tags = []string{"blue"}
				it := s.create(in)
				s.patch(it.ID, replaceOp("/tags", []string{"zebra", "apple", tag, prefix(s.run.id)})).expect(200)
				s.Expect(s.own(s.readAfter(it.ID, it.Version).Tags)).To(gomega.Equal([]string{"apple", "zebra"}), "tags")
			}},
		{Rule{ID: "patch/urls", Tag: "Patch", Level: Should, Evidence: "[D] published document: an item attribute",
			Text:  "replace /urls replaces the addresses",
			Needs: []Capability{Write}, Operations: making("PatchVaultItem")},
			func(s *session) {
				it := s.create(full())
				urls := []connect.URL{{Href: "https://new.example.com", Primary: true}}
				s.patch(it.ID, replaceOp("/urls", urls)).expect(200)
				s.Expect(s.readAfter(it.ID, it.Version).URLs).To(gomega.Equal(urls), "urls")
			}},
		{Rule{ID: "patch/whole-item", Tag: "Patch", Level: Must, Evidence: "[D] published document: ReplaceAllAttributes, equivalent to a PUT",
			Text:  "replace / replaces the whole item, as PUT does",
			Needs: []Capability{Write}, Operations: making("PatchVaultItem")},
			func(s *session) {
				it := s.create(full())
				in := login()
				in.ID, in.Title, in.Vault = it.ID, s.unique("whole"), &it.Vault
				in.Tags = []string{tag, prefix(s.run.id)}
				s.patch(it.ID, replaceOp("/", in)).expect(200)
				got := s.readAfter(it.ID, it.Version)
				s.Expect(got.ID).To(gomega.Equal(it.ID), "id")
				s.Expect(got.Title).To(gomega.Equal(in.Title), "title")
				s.Expect(fieldIDs(got)).To(gomega.ConsistOf("username", "password", "notesPlain"), "ids of the fields")
				s.Expect(got.URLs).To(gomega.BeEmpty(), "urls")
				s.Expect(got.Favorite).To(gomega.BeFalse(), "favorite")
				s.Expect(s.own(got.Tags)).To(gomega.BeEmpty(), "tags")
			}},
		{Rule{ID: "patch/in-order", Tag: "Patch", Level: Must, Evidence: "[D] RFC 6902, section 3, which the published document names",
			Text:  "Operations are done in their order, each on what the one before left",
			Needs: []Capability{Write}, Operations: making("PatchVaultItem")},
			func(s *session) {
				it := s.create(login())
				s.patch(it.ID,
					replaceOp("/fields/username/value", "first"), replaceOp("/fields/username/value", "second"),
					replaceOp("/fields/password/value", "second"), replaceOp("/fields/password/value", "first"),
				).expect(200)
				got := s.readAfter(it.ID, it.Version)
				s.Expect(s.field(got, "username").Value).To(gomega.Equal("second"), "value of the field username")
				s.Expect(s.field(got, "password").Value).To(gomega.Equal("first"), "value of the field password")
			}},
		{Rule{ID: "patch/all-or-nothing", Tag: "Patch", Level: Must, Evidence: "[D] RFC 6902, section 5, which the published document names",
			Text:  "One operation that can't be done, first or last, and none of them is: the item and its version stay",
			Needs: []Capability{Write}, Operations: making("PatchVaultItem")},
			func(s *session) {
				it := s.create(login())
				good := []connect.PatchOperation{replaceOp("/title", s.unique("never")), replaceOp("/fields/password/value", "half-applied-value"), addOp("/fields", connect.FieldInput{Label: "never", Value: "x"})}
				bad := replaceOp("/fields/nosuchfieldnosuchfieldnos/value", "x")
				s.patch(it.ID, append(good, bad)...).refused(400, "")
				s.patch(it.ID, append([]connect.PatchOperation{bad}, good...)...).refused(400, "")
				s.Expect(settled(s.read(it.ID))).To(gomega.Equal(settled(it)), "the item after the refused PATCH")
			}},
		{Rule{ID: "patch/three-operations-only", Tag: "Patch", Level: Must, Evidence: "[D] published document: only supports add, remove and replace",
			Text:  "move, copy, test and unknown operations are refused and change nothing",
			Needs: []Capability{Write}, Operations: making("PatchVaultItem")},
			func(s *session) {
				it := s.create(login())
				for _, op := range []string{"move", "copy", "test", "increment", ""} {
					s.do("PatchVaultItem", item(it.ID), body([]map[string]any{
						{"op": op, "from": "/fields/username/value", "path": "/fields/password/value", "value": "kite-lantern-51"},
					})).refusedSomehow()
				}
				s.Expect(settled(s.read(it.ID))).To(gomega.Equal(settled(it)), "the item after the refused PATCH")
			}},
		{Rule{ID: "patch/path-has-slash", Tag: "Patch", Level: Observed, Evidence: "[R] connect issue 58, a comment of 2024; the status is not recorded",
			Text:  "A path without its first slash is refused and changes nothing",
			Needs: []Capability{Write}, Operations: making("PatchVaultItem")},
			func(s *session) {
				it := s.create(note())
				s.patch(it.ID, replaceOp("title", s.unique("never"))).refusedSomehow()
				s.Expect(settled(s.read(it.ID))).To(gomega.Equal(settled(it)), "the item after the refused PATCH")
			}},
		{Rule{ID: "patch/is-listed", Tag: "Patch", Level: Must, Evidence: "[C] external-secrets and operator read lists after a write",
			Text:  "The list and its filters know what a PATCH changed",
			Needs: []Capability{Write}, Operations: making("PatchVaultItem")},
			func(s *session) {
				it := s.create(note())
				s.finds("title eq "+quoted(it.Title), it.Title)
				title := s.unique("patched")
				s.patch(it.ID, replaceOp("/title", title)).expect(200)
				s.finds("title eq "+quoted(title), title)
				s.finds("title eq " + quoted(it.Title))
				s.Expect(s.filtered("title eq " + quoted(title))[0].Version).To(gomega.Equal(s.read(it.ID).Version), "version of the listed item")
			}},
	}
}

// patch sends operations; without any it sends an empty list.
func (s *session) patch(id string, operations ...connect.PatchOperation) *answer {
	return s.do("PatchVaultItem", item(id), body(append([]connect.PatchOperation{}, operations...)))
}

func replaceOp(path string, value any) connect.PatchOperation { return patchOp("replace", path, value) }
func addOp(path string, value any) connect.PatchOperation     { return patchOp("add", path, value) }
func removeOp(path string) connect.PatchOperation {
	return connect.PatchOperation{Op: "remove", Path: path}
}

func patchOp(op, path string, value any) connect.PatchOperation {
	data, err := json.Marshal(value)
	if err != nil {
		panic(infraError{err})
	}
	return connect.PatchOperation{Op: op, Path: path, Value: data}
}
