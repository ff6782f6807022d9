package contract

import (
	"cmp"
	"net/http"
	"slices"
	"time"

	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/onsi/gomega"
)

// activityRules returns the rules about the activity log.
func activityRules() []rule { return append(recordRules(), pageRules()...) }

// recordRules returns the rules about the records of the activity log. Each rule
// finds its records by their user agent, because other clients may use the server.
func recordRules() []rule {
	return []rule{
		{Rule{ID: "activity/item-read", Tag: "Activity", Level: Must,
			Evidence:   "[D] published document; [T] Java client's integration test",
			Text:       "Reading an item is recorded as READ of the ITEM, with its vault and version",
			Touches:    ReadOnly,
			Needs:      []Capability{Log, Items},
			Operations: []string{"GetApiActivity", "GetVaultItemById"}},
			func(s *session) {
				agent := s.newUniqueAgent()
				it := s.do("GetVaultItemById", item(s.server.sampleItem.ID), agent.header()).expectStatus(http.StatusOK).item()
				r := agent.records(1)[0]
				s.expectRecord(r, "READ", "SUCCESS", "ITEM", it.Vault.ID, it.ID)
				s.Expect(r.Resource.ItemVersion).To(gomega.Equal(it.Version), "itemVersion of the record")
			}},
		{Rule{ID: "activity/vault-reads", Tag: "Activity", Level: Should,
			Evidence:   "[D] published document; [R] records of the Ruby client: a list of vaults has a type and nothing else",
			Text:       "Reading vaults is recorded as READ of a VAULT, with the id if one vault was read",
			Touches:    ReadOnly,
			Needs:      []Capability{Log, Read},
			Operations: []string{"GetApiActivity", "GetVaults", "GetVaultById"}},
			func(s *session) {
				listAgent, getAgent := s.newUniqueAgent(), s.newUniqueAgent()
				s.do("GetVaults", listAgent.header()).expectStatus(http.StatusOK)
				s.do("GetVaultById", getAgent.header()).expectStatus(http.StatusOK)
				s.expectRecord(listAgent.records(1)[0], "READ", "SUCCESS", "VAULT", "", "")
				s.expectRecord(getAgent.records(1)[0], "READ", "SUCCESS", "VAULT", s.vault(), "")
			}},
		{Rule{ID: "activity/writes", Tag: "Activity", Level: Must, Evidence: "[D] published document",
			Text:       "POST, PUT, PATCH and DELETE have the records CREATE, UPDATE, UPDATE and DELETE, in this order",
			Touches:    OwnItems,
			Needs:      []Capability{Log, Write},
			Operations: []string{"GetApiActivity", "CreateVaultItem", "UpdateVaultItem", "PatchVaultItem", "DeleteVaultItem"}},
			checkWritesRecorded},
		{Rule{ID: "activity/version-read", Tag: "Activity", Level: Should,
			Evidence:   "[D] published document: itemVersion is that of the item read",
			Text:       "Reading a changed item is recorded with its new version",
			Touches:    OwnItems,
			Needs:      []Capability{Log, Write},
			Operations: []string{"GetApiActivity", "PatchVaultItem", "GetVaultItemById"}},
			func(s *session) {
				it := s.createNote()
				s.do("PatchVaultItem", item(it.ID),
					validBody(s.document.Operation("PatchVaultItem"), s.vault(), s.uniqueName("changed"))).
					expectStatus(http.StatusOK)
				s.waitForVersionAfter(it.ID, it.Version)
				agent := s.newUniqueAgent()
				now := s.do("GetVaultItemById", item(it.ID), agent.header()).expectStatus(http.StatusOK).item()
				s.Expect(agent.records(1)[0].Resource.ItemVersion).To(gomega.Equal(now.Version), "itemVersion of the record")
			}},
		{Rule{ID: "activity/time", Tag: "Activity", Level: Should,
			Evidence:   "[D] published document: the time of the request",
			Text:       "The record of a create has the time at which the item was created, ± 1 minute",
			Touches:    OwnItems,
			Needs:      []Capability{Log, Write},
			Operations: []string{"GetApiActivity", "CreateVaultItem"}},
			func(s *session) {
				agent := s.newUniqueAgent()
				it := s.tryCreate(connect.ItemInput{Category: "SECURE_NOTE"}, agent.header()).expectStatus(http.StatusOK).item()
				s.Expect(agent.records(1)[0].Timestamp.Time).To(gomega.BeTemporally("~", it.CreatedAt.Time, time.Minute),
					"timestamp of the record")
			}},
		{Rule{ID: "activity/address", Tag: "Activity", Level: Should,
			Evidence:   "[D] API reference and published document, under two names; [T] Java client",
			Text:       "A record has the address of the client, as ip or as requestIp",
			Touches:    ReadOnly,
			Needs:      []Capability{Log, Read},
			Operations: []string{"GetApiActivity", "GetVaults"}},
			func(s *session) {
				agent := s.newUniqueAgent()
				s.do("GetVaults", agent.header()).expectStatus(http.StatusOK)
				actor := agent.records(1)[0].Actor
				s.Expect(cmp.Or(actor.IP, actor.RequestIP)).NotTo(gomega.BeEmpty(), "ip or requestIp of the record's actor")
			}},
		{Rule{ID: "activity/denials", Tag: "Activity", Level: Should,
			Evidence:   "[D] published document; [R] records of the Ruby client",
			Text:       "A request for a vault that the token does not see is recorded as DENY, with the id of the vault",
			Touches:    ReadOnly,
			Needs:      []Capability{Log, Read},
			Operations: []string{"GetApiActivity", "GetVaultById", "GetVaultItemById"}},
			func(s *session) {
				for _, op := range []string{"GetVaultById", "GetVaultItemById"} {
					agent := s.newUniqueAgent()
					s.do(op, vault(noVault), item(noItem), agent.header()).expectError(http.StatusForbidden, "")
					r := agent.records(1)[0]
					s.Expect(r.Result).To(gomega.Equal("DENY"), "result of the record")
					s.Expect(r.Action).To(gomega.Equal("READ"), "action of the record")
					s.Expect(refID(r.Resource.Vault)).To(gomega.Equal(noVault), "resource.vault.id of the record")
				}
			}},
		{Rule{ID: "activity/denied-items", Tag: "Activity", Level: Observed,
			Evidence:   "[R] records of the Ruby client: denied requests with their vault; [G] that the item is there as well",
			Text:       "Denied requests for an item are recorded with the vault and the item of the path, reads and writes",
			Touches:    OwnItems,
			Needs:      []Capability{Log, Write, Reader},
			Operations: []string{"GetApiActivity", "GetVaultItemById", "DeleteVaultItem"}},
			func(s *session) {
				read, deletion := s.newUniqueAgent(), s.newUniqueAgent()
				s.do("GetVaultItemById", vault(noVault), item(noItem), read.header()).expectClientError()
				s.do("DeleteVaultItem", withToken(s.server.readerToken), item(noItem), deletion.header()).
					expectClientError()
				s.expectRecord(read.records(1)[0], "READ", "DENY", "ITEM", noVault, noItem)
				s.expectRecord(deletion.records(1)[0], "DELETE", "DENY", "ITEM", s.vault(), noItem)
			}},
		{Rule{ID: "activity/file-reads", Tag: "Activity", Level: Observed,
			Evidence:   "[D] published document: a record for each use of a token; [G] that a file is recorded as its item",
			Text:       "Listing, reading and downloading files is recorded as READ of the ITEM, with its vault and version",
			Touches:    ReadOnly,
			Needs:      []Capability{Log, Files},
			Operations: []string{"GetApiActivity", "GetItemFiles", "GetDetailsOfFileById", "DownloadFileByID"}},
			func(s *session) {
				it := s.server.itemWithFiles
				for _, op := range []string{"GetItemFiles", "GetDetailsOfFileById", "DownloadFileByID"} {
					agent := s.newUniqueAgent()
					s.do(op, itemPath(it), file(it.Files[0].ID), agent.header()).expectStatus(http.StatusOK)
					r := agent.records(1)[0]
					s.expectRecord(r, "READ", "SUCCESS", "ITEM", it.Vault.ID, it.ID)
					s.Expect(r.Resource.ItemVersion).To(gomega.Equal(it.Version), "itemVersion of the record of %s", op)
				}
			}},
		{Rule{ID: "activity/actor", Tag: "Activity", Level: Observed,
			Evidence:   "[R] claims of a token and ids of actors have the same form; [G] that they are the same ids",
			Text:       "The actor of a record is the token of the request: its jti, server and account",
			Touches:    ReadOnly,
			Needs:      []Capability{Log, Read},
			Operations: []string{"GetApiActivity", "GetVaults"}},
			checkActor},
		{Rule{ID: "activity/one-actor", Tag: "Activity", Level: Should,
			Evidence:   "[T] Java client's integration test: the id of the actor is always the same",
			Text:       "All records of a token, also old ones, have the same actor.id",
			Touches:    ReadOnly,
			Needs:      []Capability{Log, Read},
			Operations: []string{"GetApiActivity", "GetVaults"}},
			func(s *session) {
				agent := s.newUniqueAgent()
				s.do("GetVaults", agent.header()).expectStatus(http.StatusOK)
				actor := agent.records(1)[0].Actor
				newest, _ := s.tryReadPage(1000, 0)
				for _, r := range newest.records {
					if r.Actor.JTI == actor.JTI {
						s.Expect(r.Actor.ID).To(gomega.Equal(actor.ID), "actor.id of another record of the same jti, of %s", r.Timestamp)
					}
				}
			}},
		{Rule{ID: "activity/actor-edits", Tag: "Activity", Level: Should,
			Evidence:   "[T] Java client's integration test: one actor; [G] that it is the editor, whose id has the same form",
			Text:       "lastEditedBy of an item that a token creates or patches is the actor.id of its records",
			Touches:    OwnItems,
			Needs:      []Capability{Log, Write},
			Operations: []string{"GetApiActivity", "CreateVaultItem", "PatchVaultItem"}},
			func(s *session) {
				agent := s.newUniqueAgent()
				it := s.tryCreate(connect.ItemInput{Category: "SECURE_NOTE"}, agent.header()).expectStatus(http.StatusOK).item()
				s.do("PatchVaultItem", item(it.ID), body([]connect.PatchOperation{replaceOp("/title", s.uniqueName("patched"))}),
					agent.header()).expectStatus(http.StatusOK)
				now := s.waitForVersionAfter(it.ID, it.Version)
				for _, r := range agent.records(2) {
					s.Expect(it.LastEditedBy).To(gomega.Equal(r.Actor.ID),
						"lastEditedBy of the created item, against the actor of a %s", r.Action)
					s.Expect(now.LastEditedBy).To(gomega.Equal(r.Actor.ID),
						"lastEditedBy of the patched item, against the actor of a %s", r.Action)
				}
			}},
		{Rule{ID: "activity/once", Tag: "Activity", Level: Should,
			Evidence:   "[D] a record is about one request; [T] windows of two reads overlap",
			Text:       "Each request has one record, with a unique requestId",
			Touches:    ReadOnly,
			Needs:      []Capability{Log, Read},
			Operations: []string{"GetApiActivity", "GetVaults"}},
			func(s *session) {
				agent := s.newUniqueAgent()
				const times = 3
				for range times {
					s.do("GetVaults", agent.header()).expectStatus(http.StatusOK)
				}
				records := agent.records(times)
				s.Expect(records).To(gomega.HaveLen(times), "records of the requests")
				ids := map[string]bool{}
				for _, r := range records {
					ids[r.RequestID] = true
				}
				s.Expect(ids).To(gomega.HaveLen(times), "different values of requestId")
			}},
		{Rule{ID: "activity/reading-adds-nothing", Tag: "Activity", Level: Must,
			Evidence:   "[T] Java client's integration test compares two reads",
			Text:       "Reading the log adds no record to it",
			Touches:    ReadOnly,
			Needs:      []Capability{Log, Read},
			Operations: []string{"GetApiActivity", "GetVaults"}},
			func(s *session) {
				readAgent, lastAgent := s.newUniqueAgent(), s.newUniqueAgent()
				for range 3 {
					s.do("GetApiActivity", query("limit", "1"), readAgent.header()).expectStatus(http.StatusOK)
				}
				s.do("GetVaults", lastAgent.header()).expectStatus(http.StatusOK)
				lastAgent.records(1)
				s.Expect(readAgent.records(0)).To(gomega.BeEmpty(), "records of reading the log")
			}},
	}
}

// expectRecord asserts the members of a record. An empty id means that the record
// must not have it.
func (s *session) expectRecord(r connect.Activity, action, result, kind, vault, item string) {
	s.Expect(r.Action).To(gomega.Equal(action), "action of the record")
	s.Expect(r.Result).To(gomega.Equal(result), "result of the record of a %s", action)
	s.Expect(r.Resource.Type).To(gomega.Equal(kind), "resource.type of the record of a %s", action)
	s.Expect(refID(r.Resource.Vault)).To(gomega.Equal(vault), "resource.vault.id of the record of a %s", action)
	s.Expect(refID(r.Resource.Item)).To(gomega.Equal(item), "resource.item.id of the record of a %s", action)
}

// refID returns the id of a reference, "" if there is none.
func refID(ref *connect.Ref) string {
	if ref == nil {
		return ""
	}
	return ref.ID
}

// checkWritesRecorded makes one write of each kind and compares the records.
func checkWritesRecorded(s *session) {
	agent := s.newUniqueAgent()
	it := s.tryCreate(connect.ItemInput{Category: "SECURE_NOTE"}, agent.header()).expectStatus(http.StatusOK).item()
	s.waitForNewItem(it.ID)
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
		op := s.document.Operation(step.op)
		s.do(step.op, agent.header(), item(it.ID), validBody(op, s.vault(), s.uniqueName(step.action))).
			expectStatus(step.status)
	}
	// These are all records: waitForNewItem does not send this user agent.
	records := agent.records(len(steps))
	s.Expect(records).To(gomega.HaveLen(len(steps)), "records of the writes")
	slices.Reverse(records)
	for i, step := range steps {
		// It is unknown whether the record of a create has the id of the item, which
		// is not in the request.
		itemID := it.ID
		if step.action == "CREATE" && records[i].Resource.Item == nil {
			itemID = ""
		}
		s.expectRecord(records[i], step.action, "SUCCESS", "ITEM", s.vault(), itemID)
	}
}

// checkActor compares the actors of two requests with the claims of the token.
func checkActor(s *session) {
	agent := s.newUniqueAgent()
	for range 2 {
		s.do("GetVaults", agent.header()).expectStatus(http.StatusOK)
	}
	records := agent.records(2)
	actor := records[0].Actor
	s.Expect(records[1].Actor).To(gomega.Equal(actor), "actor of the second of two requests by one token")
	_, claims, ok := readJWT(s.server.token)
	if !ok {
		return // the token has no claims
	}
	for claim, value := range map[string]string{"jti": actor.JTI, "sub": actor.ID, "1password.com/auuid": actor.Account} {
		if want, ok := claims[claim].(string); ok {
			s.Expect(value).To(gomega.Equal(want), "id in actor for the token's claim %s", claim)
		}
	}
}
