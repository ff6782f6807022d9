// Package activity has the rules about the activity log.
package activity

import (
	"cmp"
	"slices"
	"time"

	"github.com/connectmock/connectmock/contract/internal/call"
	"github.com/connectmock/connectmock/contract/internal/check"
	"github.com/connectmock/connectmock/contract/rule"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/onsi/gomega"
)

// Rules returns the rules about the activity log.
func Rules() []check.Rule { return append(recordRules(), pageRules()...) }

// recordRules returns the rules about the records of the activity log. Each rule
// finds its records by their user agent, because other clients may use the server.
func recordRules() []check.Rule {
	return check.WithDefaults(rule.Rule{
		Tag: "Activity", Touches: rule.ReadOnly, Needs: []rule.Capability{rule.Log, rule.Read},
		Operations: []string{"GetApiActivity", "GetVaults"},
	}, []check.Rule{
		{Rule: rule.Rule{ID: "activity/item-read", Level: rule.Must,
			Evidence:   "[D] published document; [T] Java client's integration test",
			Text:       "Reading an item is recorded as READ of the ITEM, with its vault and version",
			Needs:      []rule.Capability{rule.Log, rule.Items},
			Operations: []string{"GetApiActivity", "GetVaultItemById"}},
			Check: func(s *check.Session) {
				agent := newUniqueAgent(s)
				it := s.Do("GetVaultItemById", call.Item(s.Server.SampleItem.ID), agent.header()).
					ExpectStatus(200).Item()
				r := agent.records(1)[0]
				expectRecord(s, r, "READ", "SUCCESS", "ITEM", it.Vault.ID, it.ID)
				s.Expect(r.Resource.ItemVersion).To(gomega.Equal(it.Version), "itemVersion of the record")
			}},
		{Rule: rule.Rule{ID: "activity/vault-reads", Level: rule.Should,
			Evidence: "[D] published document; [R] records of the Ruby client: a list of vaults " +
				"has a type and nothing else",
			Text:       "Reading vaults is recorded as READ of a VAULT, with the id if one vault was read",
			Operations: []string{"GetApiActivity", "GetVaults", "GetVaultById"}},
			Check: func(s *check.Session) {
				listAgent, getAgent := newUniqueAgent(s), newUniqueAgent(s)
				s.Do("GetVaults", listAgent.header()).ExpectStatus(200)
				s.Do("GetVaultById", getAgent.header()).ExpectStatus(200)
				expectRecord(s, listAgent.records(1)[0], "READ", "SUCCESS", "VAULT", "", "")
				expectRecord(s, getAgent.records(1)[0], "READ", "SUCCESS", "VAULT", s.Vault(), "")
			}},
		{Rule: rule.Rule{ID: "activity/writes", Level: rule.Must, Evidence: "[D] published document",
			Text: "POST, PUT, PATCH and DELETE have the records CREATE, UPDATE, UPDATE " +
				"and DELETE, in this order",
			Touches: rule.OwnItems, Needs: []rule.Capability{rule.Log, rule.Write},
			Operations: []string{"GetApiActivity", "CreateVaultItem", "UpdateVaultItem", "PatchVaultItem",
				"DeleteVaultItem"}},
			Check: checkWritesRecorded},
		{Rule: rule.Rule{ID: "activity/version-read", Level: rule.Should,
			Evidence: "[D] published document: itemVersion is that of the item read",
			Text:     "Reading a changed item is recorded with its new version",
			Touches:  rule.OwnItems, Needs: []rule.Capability{rule.Log, rule.Write},
			Operations: []string{"GetApiActivity", "PatchVaultItem", "GetVaultItemById"}},
			Check: func(s *check.Session) {
				it := s.CreateNote()
				s.Do("PatchVaultItem", call.Item(it.ID),
					call.ValidBody(s.Document.Operation("PatchVaultItem"), s.Vault(), s.UniqueName("changed"))).
					ExpectStatus(200)
				s.WaitForVersionAfter(it.ID, it.Version)
				agent := newUniqueAgent(s)
				now := s.Do("GetVaultItemById", call.Item(it.ID), agent.header()).ExpectStatus(200).Item()
				s.Expect(agent.records(1)[0].Resource.ItemVersion).To(gomega.Equal(now.Version),
					"itemVersion of the record")
			}},
		{Rule: rule.Rule{ID: "activity/time", Level: rule.Should,
			Evidence: "[D] published document: the time of the request",
			Text:     "The record of a create has the time at which the item was created, ± 1 minute",
			Touches:  rule.OwnItems, Needs: []rule.Capability{rule.Log, rule.Write},
			Operations: []string{"GetApiActivity", "CreateVaultItem"}},
			Check: func(s *check.Session) {
				agent := newUniqueAgent(s)
				it := s.TryCreate(connect.ItemInput{Category: "SECURE_NOTE"}, agent.header()).ExpectStatus(200).Item()
				s.Expect(agent.records(1)[0].Timestamp.Time).
					To(gomega.BeTemporally("~", it.CreatedAt.Time, time.Minute), "timestamp of the record")
			}},
		{Rule: rule.Rule{ID: "activity/address", Level: rule.Should,
			Evidence: "[D] API reference and published document, under two names; [T] Java client",
			Text:     "A record has the address of the client, as ip or as requestIp"},
			Check: func(s *check.Session) {
				agent := newUniqueAgent(s)
				s.Do("GetVaults", agent.header()).ExpectStatus(200)
				actor := agent.records(1)[0].Actor
				s.Expect(cmp.Or(actor.IP, actor.RequestIP)).NotTo(gomega.BeEmpty(),
					"ip or requestIp of the record's actor")
			}},
		{Rule: rule.Rule{ID: "activity/denials", Level: rule.Should,
			Evidence: "[D] published document; [R] records of the Ruby client",
			Text: "A request for a vault that the token does not see is recorded as DENY, " +
				"with the id of the vault",
			Operations: []string{"GetApiActivity", "GetVaultById", "GetVaultItemById"}},
			Check: func(s *check.Session) {
				for _, op := range []string{"GetVaultById", "GetVaultItemById"} {
					agent := newUniqueAgent(s)
					s.Do(op, call.Vault(call.NoVault), call.Item(call.NoItem), agent.header()).ExpectError(403, "")
					r := agent.records(1)[0]
					s.Expect(r.Result).To(gomega.Equal("DENY"), "result of the record")
					s.Expect(r.Action).To(gomega.Equal("READ"), "action of the record")
					s.Expect(refID(r.Resource.Vault)).To(gomega.Equal(call.NoVault), "resource.vault.id of the record")
				}
			}},
		{Rule: rule.Rule{ID: "activity/denied-items", Level: rule.Observed,
			Evidence: "[R] records of the Ruby client: denied requests with their vault; " +
				"[G] that the item is there as well",
			Text: "Denied requests for an item are recorded with the vault and the item of " +
				"the path, reads and writes",
			Touches: rule.OwnItems, Needs: []rule.Capability{rule.Log, rule.Write, rule.Reader},
			Operations: []string{"GetApiActivity", "GetVaultItemById", "DeleteVaultItem"}},
			Check: func(s *check.Session) {
				read, deletion := newUniqueAgent(s), newUniqueAgent(s)
				s.Do("GetVaultItemById", call.Vault(call.NoVault), call.Item(call.NoItem), read.header()).
					ExpectClientError()
				s.Do("DeleteVaultItem", call.WithToken(s.Server.ReaderToken), call.Item(call.NoItem),
					deletion.header()).
					ExpectClientError()
				expectRecord(s, read.records(1)[0], "READ", "DENY", "ITEM", call.NoVault, call.NoItem)
				expectRecord(s, deletion.records(1)[0], "DELETE", "DENY", "ITEM", s.Vault(), call.NoItem)
			}},
		{Rule: rule.Rule{ID: "activity/file-reads", Level: rule.Observed,
			Evidence: "[D] published document: a record for each use of a token; " +
				"[G] that a file is recorded as its item",
			Text: "Listing, reading and downloading files is recorded as READ of the ITEM, " +
				"with its vault and version",
			Needs:      []rule.Capability{rule.Log, rule.Files},
			Operations: []string{"GetApiActivity", "GetItemFiles", "GetDetailsOfFileById", "DownloadFileByID"}},
			Check: func(s *check.Session) {
				it := s.Server.ItemWithFiles
				for _, op := range []string{"GetItemFiles", "GetDetailsOfFileById", "DownloadFileByID"} {
					agent := newUniqueAgent(s)
					s.Do(op, call.ItemPath(it), call.File(it.Files[0].ID), agent.header()).ExpectStatus(200)
					r := agent.records(1)[0]
					expectRecord(s, r, "READ", "SUCCESS", "ITEM", it.Vault.ID, it.ID)
					s.Expect(r.Resource.ItemVersion).To(gomega.Equal(it.Version), "itemVersion of the record of %s", op)
				}
			}},
		{Rule: rule.Rule{ID: "activity/actor", Level: rule.Observed,
			Evidence: "[R] claims of a token and ids of actors have the same form; [G] that they are the same ids",
			Text:     "The actor of a record is the token of the request: its jti, server and account"},
			Check: checkActor},
		{Rule: rule.Rule{ID: "activity/one-actor", Level: rule.Should,
			Evidence: "[T] Java client's integration test: the id of the actor is always the same",
			Text:     "All records of a token, also old ones, have the same actor.id"},
			Check: func(s *check.Session) {
				agent := newUniqueAgent(s)
				s.Do("GetVaults", agent.header()).ExpectStatus(200)
				actor := agent.records(1)[0].Actor
				newest, _ := tryReadPage(s, 1000, 0)
				for _, r := range newest.records {
					if r.Actor.JTI == actor.JTI {
						s.Expect(r.Actor.ID).To(gomega.Equal(actor.ID),
							"actor.id of another record of the same jti, of %s", r.Timestamp)
					}
				}
			}},
		{Rule: rule.Rule{ID: "activity/actor-edits", Level: rule.Should,
			Evidence: "[T] Java client's integration test: one actor; " +
				"[G] that it is the editor, whose id has the same form",
			Text:    "lastEditedBy of an item that a token creates or patches is the actor.id of its records",
			Touches: rule.OwnItems, Needs: []rule.Capability{rule.Log, rule.Write},
			Operations: []string{"GetApiActivity", "CreateVaultItem", "PatchVaultItem"}},
			Check: func(s *check.Session) {
				agent := newUniqueAgent(s)
				it := s.TryCreate(connect.ItemInput{Category: "SECURE_NOTE"}, agent.header()).ExpectStatus(200).Item()
				s.Do("PatchVaultItem", call.Item(it.ID),
					call.Body([]connect.PatchOperation{call.Replace("/title", s.UniqueName("patched"))}),
					agent.header()).ExpectStatus(200)
				now := s.WaitForVersionAfter(it.ID, it.Version)
				for _, r := range agent.records(2) {
					s.Expect(it.LastEditedBy).To(gomega.Equal(r.Actor.ID),
						"lastEditedBy of the created item, against the actor of a %s", r.Action)
					s.Expect(now.LastEditedBy).To(gomega.Equal(r.Actor.ID),
						"lastEditedBy of the patched item, against the actor of a %s", r.Action)
				}
			}},
		{Rule: rule.Rule{ID: "activity/once", Level: rule.Should,
			Evidence: "[D] a record is about one request; [T] windows of two reads overlap",
			Text:     "Each request has one record, with a unique requestId"},
			Check: func(s *check.Session) {
				agent := newUniqueAgent(s)
				const times = 3
				for range times {
					s.Do("GetVaults", agent.header()).ExpectStatus(200)
				}
				records := agent.records(times)
				s.Expect(records).To(gomega.HaveLen(times), "records of the requests")
				ids := map[string]bool{}
				for _, r := range records {
					ids[r.RequestID] = true
				}
				s.Expect(ids).To(gomega.HaveLen(times), "different values of requestId")
			}},
		{Rule: rule.Rule{ID: "activity/reading-adds-nothing", Level: rule.Must,
			Evidence: "[T] Java client's integration test compares two reads",
			Text:     "Reading the log adds no record to it"},
			Check: func(s *check.Session) {
				readAgent, lastAgent := newUniqueAgent(s), newUniqueAgent(s)
				for range 3 {
					s.Do("GetApiActivity", call.Query("limit", "1"), readAgent.header()).ExpectStatus(200)
				}
				s.Do("GetVaults", lastAgent.header()).ExpectStatus(200)
				lastAgent.records(1)
				s.Expect(readAgent.records(0)).To(gomega.BeEmpty(), "records of reading the log")
			}},
	})
}

// expectRecord asserts the members of a record. An empty id means that the record
// must not have it.
func expectRecord(s *check.Session, r connect.Activity, action, result, kind, vault, item string) {
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
func checkWritesRecorded(s *check.Session) {
	agent := newUniqueAgent(s)
	it := s.TryCreate(connect.ItemInput{Category: "SECURE_NOTE"}, agent.header()).ExpectStatus(200).Item()
	s.WaitForNewItem(it.ID)
	steps := []struct {
		op, action string
		status     int
	}{
		{"CreateVaultItem", "CREATE", 0},
		{"UpdateVaultItem", "UPDATE", 200},
		{"PatchVaultItem", "UPDATE", 200},
		{"DeleteVaultItem", "DELETE", 204},
	}
	for _, step := range steps[1:] {
		op := s.Document.Operation(step.op)
		s.Do(step.op, agent.header(), call.Item(it.ID), call.ValidBody(op, s.Vault(), s.UniqueName(step.action))).
			ExpectStatus(step.status)
	}
	// These are all records: WaitForNewItem does not send this user agent.
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
		expectRecord(s, records[i], step.action, "SUCCESS", "ITEM", s.Vault(), itemID)
	}
}

// checkActor compares the actors of two requests with the claims of the token.
func checkActor(s *check.Session) {
	agent := newUniqueAgent(s)
	for range 2 {
		s.Do("GetVaults", agent.header()).ExpectStatus(200)
	}
	records := agent.records(2)
	actor := records[0].Actor
	s.Expect(records[1].Actor).To(gomega.Equal(actor), "actor of the second of two requests by one token")
	_, claims, ok := call.ReadJWT(s.Server.Token)
	if !ok {
		return // the token has no claims
	}
	for claim, value := range map[string]string{"jti": actor.JTI, "sub": actor.ID,
		"1password.com/auuid": actor.Account} {
		if want, ok := claims[claim].(string); ok {
			s.Expect(value).To(gomega.Equal(want), "id in actor for the token's claim %s", claim)
		}
	}
}
