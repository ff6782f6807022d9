package contract

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/onsi/gomega"
)

func activityRules() []rule { return append(recordRules(), pageRules()...) }

// recordRules returns the rules about the records of the activity log. Each finds
// its own records by their user agent: other clients may use the server too.
func recordRules() []rule {
	return []rule{
		{Rule{ID: "activity/item-read", Tag: "Activity", Level: Must, Evidence: "[D] published document; [T] Java client's integration test",
			Text:       "Reading an item is recorded as READ of that ITEM, with its vault and version",
			Needs:      []Capability{Log, Items},
			Operations: []string{"GetApiActivity", "GetVaultItemById"}},
			func(s *session) {
				t := s.trail()
				it := s.do("GetVaultItemById", item(s.run.found.sample.ID), t.mark()).expect(http.StatusOK).item()
				r := t.records(1)[0]
				s.isRecord(r, "READ", "SUCCESS", "ITEM", it.Vault.ID, it.ID)
				s.Expect(r.Resource.ItemVersion).To(gomega.Equal(it.Version), "itemVersion of the record")
			}},
		{Rule{ID: "activity/vault-reads", Tag: "Activity", Level: Should, Evidence: "[D] published document; [R] records of the Ruby client: a list of vaults has a type and nothing else",
			Text:       "Reading vaults is recorded as READ of a VAULT, with the id where one was read",
			Needs:      []Capability{Log, Read},
			Operations: []string{"GetApiActivity", "GetVaults", "GetVaultById"}},
			func(s *session) {
				all, one := s.trail(), s.trail()
				s.do("GetVaults", all.mark()).expect(http.StatusOK)
				s.do("GetVaultById", one.mark()).expect(http.StatusOK)
				s.isRecord(all.records(1)[0], "READ", "SUCCESS", "VAULT", "", "")
				s.isRecord(one.records(1)[0], "READ", "SUCCESS", "VAULT", s.vault(), "")
			}},
		{Rule{ID: "activity/writes", Tag: "Activity", Level: Must, Evidence: "[D] published document",
			Text:       "Create, replace, patch and delete are recorded as CREATE, UPDATE, UPDATE and DELETE of the item, in this order",
			Needs:      []Capability{Log, Write},
			Operations: []string{"GetApiActivity", "CreateVaultItem", "UpdateVaultItem", "PatchVaultItem", "DeleteVaultItem"}},
			checkWritesRecorded},
		{Rule{ID: "activity/version-read", Tag: "Activity", Level: Should, Evidence: "[D] published document: itemVersion is that of the item read",
			Text:       "Reading an item that was changed is recorded with its new version",
			Needs:      []Capability{Log, Write},
			Operations: []string{"GetApiActivity", "PatchVaultItem", "GetVaultItemById"}},
			func(s *session) {
				it := s.note()
				s.do("PatchVaultItem", item(it.ID), acceptable(s.run.document.Operation("PatchVaultItem"), s.vault(), s.unique("changed"))).expect(http.StatusOK)
				s.atLeast(it.ID, it.Version+1)
				t := s.trail()
				now := s.do("GetVaultItemById", item(it.ID), t.mark()).expect(http.StatusOK).item()
				s.Expect(t.records(1)[0].Resource.ItemVersion).To(gomega.Equal(now.Version), "itemVersion of the record")
			}},
		{Rule{ID: "activity/time", Tag: "Activity", Level: Should, Evidence: "[D] published document: the time of the request",
			Text:       "The record of a create is of the time the item was created, give or take a minute",
			Needs:      []Capability{Log, Write},
			Operations: []string{"GetApiActivity", "CreateVaultItem"}},
			func(s *session) {
				t := s.trail()
				it := s.tryCreate(connect.ItemInput{Category: "SECURE_NOTE"}, t.mark()).expect(http.StatusOK).item()
				s.Expect(t.records(1)[0].Timestamp.Time).To(gomega.BeTemporally("~", it.CreatedAt.Time, time.Minute), "timestamp of the record")
			}},
		{Rule{ID: "activity/address", Tag: "Activity", Level: Should, Evidence: "[D] API reference and published document, under two names; [T] Java client",
			Text:       "A record has the address of the caller, as ip or as requestIp",
			Needs:      []Capability{Log, Read},
			Operations: []string{"GetApiActivity", "GetVaults"}},
			func(s *session) {
				t := s.trail()
				s.do("GetVaults", t.mark()).expect(http.StatusOK)
				actor := t.records(1)[0].Actor
				s.Expect(cmp.Or(actor.IP, actor.RequestIP)).NotTo(gomega.BeEmpty(), "ip or requestIp of the record's actor")
			}},
		{Rule{ID: "activity/denials", Tag: "Activity", Level: Should, Evidence: "[D] published document; [R] records of the Ruby client",
			Text:       "A request refused for its vault is recorded with the result DENY",
			Needs:      []Capability{Log, Read},
			Operations: []string{"GetApiActivity", "GetVaultItemById"}},
			func(s *session) {
				t := s.trail()
				s.do("GetVaultItemById", vault(noVault), item(noItem), t.mark()).refused(http.StatusForbidden, "")
				r := t.records(1)[0]
				s.Expect(r.Result).To(gomega.Equal("DENY"), "result of the record")
				s.Expect(r.Action).To(gomega.Equal("READ"), "action of the record")
			}},
		{Rule{ID: "activity/actor", Tag: "Activity", Level: Observed, Evidence: "[R] claims of a token and ids of actors have the same form; [G] that they are the same ids",
			Text:       "The actor of a record is the token that made the request: its jti, its server, its account",
			Needs:      []Capability{Log, Read},
			Operations: []string{"GetApiActivity", "GetVaults"}},
			checkActor},
		{Rule{ID: "activity/one-actor", Tag: "Activity", Level: Should, Evidence: "[T] Java client's integration test: the id of the actor is always the same",
			Text:       "All records of a token, old ones too, have the same actor.id",
			Needs:      []Capability{Log, Read},
			Operations: []string{"GetApiActivity", "GetVaults"}},
			func(s *session) {
				t := s.trail()
				s.do("GetVaults", t.mark()).expect(http.StatusOK)
				own := t.records(1)[0].Actor
				newest, _ := s.window(1000, 0)
				for _, r := range newest.records {
					if r.Actor.JTI == own.JTI {
						s.Expect(r.Actor.ID).To(gomega.Equal(own.ID), "actor.id of another record of the same jti, of %s", r.Timestamp)
					}
				}
			}},
		{Rule{ID: "activity/actor-edits", Tag: "Activity", Level: Should, Evidence: "[T] Java client's integration test: one actor; [G] that it is the editor, whose id has the same form",
			Text:       "lastEditedBy of what a token creates and patches is the actor.id of its records",
			Needs:      []Capability{Log, Write},
			Operations: []string{"GetApiActivity", "CreateVaultItem", "PatchVaultItem"}},
			func(s *session) {
				t := s.trail()
				it := s.tryCreate(connect.ItemInput{Category: "SECURE_NOTE"}, t.mark()).expect(http.StatusOK).item()
				s.do("PatchVaultItem", item(it.ID), body([]connect.PatchOperation{replaceOp("/title", s.unique("patched"))}), t.mark()).expect(http.StatusOK)
				now := s.readAfter(it.ID, it.Version)
				for _, r := range t.records(2) {
					s.Expect(it.LastEditedBy).To(gomega.Equal(r.Actor.ID), "lastEditedBy of the created item, against the actor of a %s", r.Action)
					s.Expect(now.LastEditedBy).To(gomega.Equal(r.Actor.ID), "lastEditedBy of the patched item, against the actor of a %s", r.Action)
				}
			}},
		{Rule{ID: "activity/once", Tag: "Activity", Level: Should, Evidence: "[D] a record stands for a request; [T] windows of two reads overlap",
			Text:       "Each request leaves one record, with a requestId of its own",
			Needs:      []Capability{Log, Read},
			Operations: []string{"GetApiActivity", "GetVaults"}},
			func(s *session) {
				t := s.trail()
				const times = 3
				for range times {
					s.do("GetVaults", t.mark()).expect(http.StatusOK)
				}
				records := t.records(times)
				s.Expect(records).To(gomega.HaveLen(times), "records of the requests")
				ids := map[string]bool{}
				for _, r := range records {
					ids[r.RequestID] = true
				}
				s.Expect(ids).To(gomega.HaveLen(times), "different values of requestId")
			}},
		{Rule{ID: "activity/reading-adds-nothing", Tag: "Activity", Level: Must, Evidence: "[T] Java client's integration test compares two reads",
			Text:       "Reading the log leaves no record in it",
			Needs:      []Capability{Log, Read},
			Operations: []string{"GetApiActivity", "GetVaults"}},
			func(s *session) {
				reading, fence := s.trail(), s.trail()
				for range 3 {
					s.do("GetApiActivity", query("limit", "1"), reading.mark()).expect(http.StatusOK)
				}
				s.do("GetVaults", fence.mark()).expect(http.StatusOK)
				fence.records(1)
				s.Expect(reading.records(0)).To(gomega.BeEmpty(), "records of reading the log")
			}},
	}
}

// isRecord asserts the members of a record; "" stands for a missing id.
func (s *session) isRecord(r connect.Activity, action, result, kind, vault, item string) {
	s.Expect(r.Action).To(gomega.Equal(action), "action of the record")
	s.Expect(r.Result).To(gomega.Equal(result), "result of the record of a %s", action)
	s.Expect(r.Resource.Type).To(gomega.Equal(kind), "resource.type of the record of a %s", action)
	s.Expect(id(r.Resource.Vault)).To(gomega.Equal(vault), "resource.vault.id of the record of a %s", action)
	s.Expect(id(r.Resource.Item)).To(gomega.Equal(item), "resource.item.id of the record of a %s", action)
}

func id(ref *connect.Ref) string {
	if ref == nil {
		return ""
	}
	return ref.ID
}

func checkWritesRecorded(s *session) {
	t := s.trail()
	it := s.tryCreate(connect.ItemInput{Category: "SECURE_NOTE"}, t.mark()).expect(http.StatusOK).item()
	s.readable(it.ID)
	steps := []struct {
		op, action string
		status     int
	}{
		{"CreateVaultItem", "CREATE", 0},
		{"UpdateVaultItem", "UPDATE", http.StatusOK},
		{"PatchVaultItem", "UPDATE", http.StatusOK},
		{"DeleteVaultItem", "DELETE", http.StatusNoContent},
	}
	for _, step := range steps[1:] {
		op := s.run.document.Operation(step.op)
		s.do(step.op, t.mark(), item(it.ID), acceptable(op, s.vault(), s.unique(step.action))).expect(step.status)
	}
	// These are all records: creating an item reads nothing with this user agent.
	records := t.records(len(steps))
	s.Expect(records).To(gomega.HaveLen(len(steps)), "records of the writes")
	slices.Reverse(records)
	for i, step := range steps {
		// The request of a create has no item id; whether the record has one is
		// unknown.
		made := it.ID
		if step.action == "CREATE" && records[i].Resource.Item == nil {
			made = ""
		}
		s.isRecord(records[i], step.action, "SUCCESS", "ITEM", s.vault(), made)
	}
}

// readable waits until an item can be read.
func (s *session) readable(id string) {
	s.eventually(func() error {
		if a := s.do("GetVaultItemById", item(id)); a.Status != http.StatusOK {
			return fmt.Errorf("the new item %s is answered %d", id, a.Status)
		}
		return nil
	})
}

func checkActor(s *session) {
	t := s.trail()
	for range 2 {
		s.do("GetVaults", t.mark()).expect(http.StatusOK)
	}
	records := t.records(2)
	actor := records[0].Actor
	s.Expect(records[1].Actor).To(gomega.Equal(actor), "actor of the second of two requests by one token")
	_, claims, ok := readJWT(s.run.target.Token)
	if !ok {
		return // a plain token says nothing of itself
	}
	for claim, is := range map[string]string{"jti": actor.JTI, "sub": actor.ID, "1password.com/auuid": actor.Account} {
		if says, ok := claims[claim].(string); ok {
			s.Expect(is).To(gomega.Equal(says), "id in actor that stands for the token's claim %s", claim)
		}
	}
}
