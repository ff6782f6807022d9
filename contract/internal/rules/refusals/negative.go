package refusals

import (
	"fmt"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/contract/internal/call"
	"github.com/connectmock/connectmock/contract/internal/check"
	"github.com/connectmock/connectmock/contract/internal/operation"
	"github.com/connectmock/connectmock/contract/rule"
	"github.com/connectmock/connectmock/openapi"
	"github.com/connectmock/connectmock/openapi/connect"
)

// NegativeRules returns the rules about requests that are invalid in one place. The
// requests are generated from the document, which decides which of them a server must
// refuse.
func NegativeRules() []check.Rule {
	var list []check.Rule
	for _, op := range operation.WithBody() {
		list = append(list, bodyRules(op)...)
	}
	for _, op := range operation.Where(func(op *openapi.Operation) bool { return len(invalidQueries(op)) > 0 }) {
		list = append(list,
			check.Rule{
				Rule: rule.Rule{ID: "negative/query/" + op.ID, Tag: "Errors", Level: rule.Should,
					Evidence: "[D] types of the published document; " +
						"[G] whether the server returns 400 or uses the default",
					Text:    op.ID + " with a query parameter of the wrong type returns the same status as without it, or 400",
					Touches: rule.ReadOnly, Long: op.ID != "GetVaultItems" && op.ID != "GetVaults",
					Needs: []rule.Capability{rule.Read}, Operations: []string{op.ID}},
				Check: func(s *check.Session) { checkQueries(s, op) }})
	}
	return append(append(list, purposeRules()...), methodRules()...)
}

// purposeRules returns the rules about the refusals with the status 406.
func purposeRules() (list []check.Rule) {
	for op, invalid := range map[string]string{
		"UpdateVaultItem": `{"vault":{"id":%q},"category":"DATABASE","title":"changed","fields":[{"purpose":"PASSWORD","value":"x"}]}`,
		"PatchVaultItem":  `[{"op":"add","path":"/fields","value":{"purpose":"USERNAME","value":%q}}]`,
	} {
		list = append(list,
			check.Rule{
				Rule: rule.Rule{ID: "negative/purpose/" + op, Tag: "Errors", Level: rule.Observed,
					Evidence: "[R] status only, for a create: vault plugin, pull request 23; " +
						"[G] that other writes return it too",
					Text:    op + " refuses the purpose of a login in a DATABASE with 406 and changes nothing",
					Touches: rule.OwnItems, Needs: []rule.Capability{rule.Write}, Operations: []string{op}},
				Check: func(s *check.Session) {
					created := s.Create(connect.ItemInput{Category: "DATABASE"})
					it := s.ReadItem(created.ID)
					s.Do(op, call.Item(it.ID), call.RawJSON(fmt.Sprintf(invalid, s.Vault()))).
						ExpectError(406, "")
					s.ExpectUnchanged(it)
				}})
	}
	slices.SortFunc(list,
		func(a, b check.Rule) int { return strings.Compare(a.ID, b.ID) }) // the order of a map is random
	return list
}

// bodyKind is one way in which a body is invalid.
type bodyKind struct {
	name, text string
	level      rule.Level
	evidence   string
	statuses   []int // that a server may return
}

// bodyRules returns the rules about invalid bodies of an operation.
func bodyRules(op *openapi.Operation) (list []check.Rule) {
	kinds := []bodyKind{
		{"json", "a body that is empty, truncated or not JSON", rule.Should,
			"[D] 400 of the published document; [G] the text", []int{400}},
		{"trailing", "a body with text after its JSON", rule.Observed,
			"[G] such a body is not a JSON document", []int{400}},
		{"root", "a body of another JSON type", rule.Should,
			"[D] published document; [R] connect issue 61", []int{400}},
		{"type", "a member of a wrong type", rule.Should, "[D] types of the published document", []int{400}},
		{"enum", "a value that is not one of the documented ones", rule.Should,
			"[D] enums of the published document", []int{400}},
		{"bounds", "a number or a list out of bounds", rule.Observed,
			"[D] bounds of the published document; [G] that they are checked", []int{400}},
		{"missing", "a body without a required member", rule.Should, "[D] published document", []int{400}},
		{"null", "null for a member", rule.Observed, "[W] clients send null; [G] for which of the others it is refused",
			[]int{400}},
		{"form", "a form, XML or plain text with any Content-Type", rule.Observed,
			"[R] connect issue 61: a body that can't be parsed returns 400 also with another type", []int{400}},
	}
	for _, k := range kinds {
		if k.name == "bounds" && op.ID == "PatchVaultItem" {
			continue // it has no bounds
		}
		list = append(list,
			check.Rule{Rule: rule.Rule{ID: "negative/" + k.name + "/" + op.ID, Tag: "Errors", Level: k.level,
				Evidence: k.evidence,
				Text:     op.ID + " refuses " + k.text + " and changes nothing",
				Touches:  rule.OwnItems, Long: isLong(op, k), Needs: []rule.Capability{rule.Write},
				Operations: []string{op.ID}},
				Check: func(s *check.Session) { checkBodies(s, op, k) }})
	}
	return list
}

// isLong reports whether so many bodies of a kind are invalid that a rule about them is Long.
func isLong(op *openapi.Operation, k bodyKind) bool {
	switch k.name {
	case "type":
		return true
	case "null":
		return op.ID != "PatchVaultItem"
	case "json":
		return operation.HasParameter(op, "itemUuid")
	}
	return false
}

// checkBodies sends the invalid bodies of a kind. If the operation needs an item, it
// creates one. It first sends the valid body, so a later refusal must be caused by the
// invalid place.
func checkBodies(s *check.Session, op *openapi.Operation, k bodyKind) {
	title := s.UniqueName("negative")
	valid := fullBody(s, op, title)
	bodies := invalidBodies(op, k.name, valid)
	if len(bodies) == 0 {
		check.Abort(fmt.Errorf("no invalid body of the kind %s for %s", k.name, op.ID))
	}
	accepted := 0
	var created, before connect.Item
	send := func(text, contentType string) *check.Response {
		res := s.Do(op.ID, call.Item(created.ID), call.RawBody(text, contentType))
		if res.Status == 200 {
			accepted++
			before = connect.Item{} // the item has changed
		}
		return res
	}
	if operation.HasParameter(op, "itemUuid") {
		created = s.CreateNote()
	}
	send(call.EncodeJSON(valid), "application/json").ExpectStatus(200)
	for _, b := range bodies {
		forbidden := isForbidden(op, b)
		if forbidden && created.ID != "" && before.ID == "" {
			before = s.WaitForVersionAfter(created.ID, created.Version+accepted-1)
		}
		res := send(b.text, b.contentType)
		res.Request += " with " + b.name
		if forbidden || res.Status != 200 { // a server may refuse more than the document
			res.ExpectErrorOneOf(k.statuses...)
		}
	}
	if before.ID != "" {
		s.ExpectUnchanged(before)
	}
	if created.ID != "" {
		return
	}
	list := s.Do("GetVaultItems", call.Filter("title eq "+call.Quote(title))).ExpectStatus(200).Items()
	if len(list) > accepted {
		s.Fail("the vault has %d items with the title, but only %d requests were accepted", len(list), accepted)
	}
}

// invalidQueries returns raw queries with a parameter of the wrong type.
func invalidQueries(op *openapi.Operation) (list []string) {
	for _, ref := range op.Spec().Parameters {
		p := ref.Value
		if p == nil || p.In != "query" || p.Schema == nil || p.Schema.Value.Type == nil {
			continue
		}
		switch {
		case p.Schema.Value.Type.Is("boolean"):
			list = append(list, p.Name+"=perhaps", p.Name+"=2", p.Name+"=", p.Name, p.Name+"=true&"+p.Name+"=false")
		case p.Schema.Value.Type.Is("integer"):
			list = append(list, p.Name+"=many", p.Name+"=0x10", p.Name+"=", p.Name, p.Name+"=1&"+p.Name+"=2")
		}
	}
	return append(list, []string{"%zz=1", "a=%ff&=&&;", strings.Repeat("unknown=1&", 50)}[:min(len(list), 3)]...)
}

// checkQueries sends invalid queries and one without parameters.
func checkQueries(s *check.Session, op *openapi.Operation) {
	it := s.Server.ItemWithFiles
	address := []call.Option{call.Vault(s.Vault()), call.Item(s.ItemOrUnknown()), call.File(call.NoFile)}
	if it.ID != "" {
		address = []call.Option{call.Vault(it.Vault.ID), call.Item(it.ID), call.File(it.Files[0].ID)}
	}
	valid := s.Do(op.ID, address...)
	allowed := []int{400, valid.Status,
		413} // a file may be too large to be sent inline
	for _, q := range invalidQueries(op) {
		res := s.Do(op.ID, append(address, call.RawQuery(q))...)
		if !slices.Contains(allowed, res.Status) {
			s.Fail("%s?%s returned %d, expected one of %v: %s", res.Request, q, res.Status, allowed, res.ShortBody())
		}
	}
}

// methodRules returns the rules about a method that a path does not have, and one that
// no path has.
func methodRules() []check.Rule {
	// All ids in the paths are unknown, so the requests can't change anything.
	path := strings.NewReplacer("{vaultUuid}", call.NoVault, "{itemUuid}", call.NoItem, "{fileUuid}", call.NoFile)
	methods := map[string][]string{}
	var paths []string
	for _, op := range operation.Where(func(*openapi.Operation) bool { return true }) {
		if methods[op.Path] == nil {
			paths = append(paths, op.Path)
		}
		methods[op.Path] = append(methods[op.Path], op.Method)
	}
	evidence := "[G] no recording; [R] the form of errors"
	return check.WithDefaults(rule.Rule{Tag: "Errors"}, []check.Rule{
		{Rule: rule.Rule{ID: "negative/method/unknown", Level: rule.Observed, Evidence: evidence,
			Text:    "A method that no path has is refused, on every path",
			Touches: rule.OwnItems},
			Check: func(s *check.Session) {
				for _, p := range paths {
					s.DoRaw("BREW", path.Replace(p)).ExpectErrorOneOf(400, 401, 403, 404, 405)
				}
			}},
		{Rule: rule.Rule{ID: "negative/method/other", Level: rule.Observed, Evidence: evidence,
			Text:    "A method that a path does not have is refused",
			Touches: rule.OwnItems, Long: true, Needs: []rule.Capability{rule.Write}},
			Check: func(s *check.Session) {
				for _, p := range paths {
					for _, m := range []string{"GET", "POST", "PUT", "PATCH", "DELETE"} {
						if !slices.Contains(methods[p], m) {
							s.DoRaw(m, path.Replace(p), call.RawJSON("{}")).ExpectErrorOneOf(400, 401, 403, 404, 405)
						}
					}
				}
			}},
	})
}
