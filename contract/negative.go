package contract

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/openapi"
	"github.com/connectmock/connectmock/openapi/connect"
)

// negativeRules returns the rules about requests that are invalid in one place. The
// requests are generated from the document, which decides which of them a server must
// refuse.
func negativeRules() []rule {
	var list []rule
	for _, op := range operationsWithBody() {
		list = append(list, bodyRules(op)...)
	}
	for _, op := range operationsWhere(func(op *openapi.Operation) bool { return len(invalidQueries(op)) > 0 }) {
		list = append(list,
			rule{
				Rule{ID: "negative/query/" + op.ID, Tag: "Errors", Level: Should,
					Evidence:   "[D] types of the published document; [G] whether the server returns 400 or uses the default",
					Text:       op.ID + " with a query parameter of the wrong type returns the same status as without it, or 400",
					Touches:    ReadOnly,
					Long:       op.ID != "GetVaultItems" && op.ID != "GetVaults",
					Needs:      []Capability{Read},
					Operations: []string{op.ID}},
				func(s *session) { checkQueries(s, op) }})
	}
	return append(append(list, purposeRules()...), methodRules()...)
}

// purposeRules returns the rules about the refusals with the status 406.
func purposeRules() (list []rule) {
	for op, invalid := range map[string]string{
		"UpdateVaultItem": `{"vault":{"id":%q},"category":"DATABASE","title":"changed","fields":[{"purpose":"PASSWORD","value":"x"}]}`,
		"PatchVaultItem":  `[{"op":"add","path":"/fields","value":{"purpose":"USERNAME","value":%q}}]`,
	} {
		list = append(list,
			rule{
				Rule{ID: "negative/purpose/" + op, Tag: "Errors", Level: Observed,
					Evidence:   "[R] status only, for a create: vault plugin, pull request 23; [G] that other writes return it too",
					Text:       op + " refuses the purpose of a login in a DATABASE with 406 and changes nothing",
					Touches:    OwnItems,
					Needs:      []Capability{Write},
					Operations: []string{op}},
				func(s *session) {
					created := s.create(connect.ItemInput{Category: "DATABASE"})
					it := s.readItem(created.ID)
					s.do(op, item(it.ID), rawJSON(fmt.Sprintf(invalid, s.vault()))).
						expectError(http.StatusNotAcceptable, "")
					s.expectUnchanged(it)
				}})
	}
	slices.SortFunc(list, func(a, b rule) int { return strings.Compare(a.ID, b.ID) }) // the order of a map is random
	return list
}

// bodyKind is one way in which a body is invalid.
type bodyKind struct {
	name, text string
	level      Level
	evidence   string
	statuses   []int // that a server may return
}

// bodyRules returns the rules about invalid bodies of an operation.
func bodyRules(op *openapi.Operation) (list []rule) {
	kinds := []bodyKind{
		{"json", "a body that is empty, truncated or not JSON", Should, "[D] 400 of the published document; [G] the text",
			[]int{400}},
		{"trailing", "a body with text after its JSON", Observed, "[G] such a body is not a JSON document", []int{400}},
		{"root", "a body of another JSON type", Should, "[D] published document; [R] connect issue 61", []int{400}},
		{"type", "a member of a wrong type", Should, "[D] types of the published document", []int{400}},
		{"enum", "a value that is not one of the documented ones", Should, "[D] enums of the published document", []int{400}},
		{"bounds", "a number or a list out of bounds", Observed,
			"[D] bounds of the published document; [G] that they are checked", []int{400}},
		{"missing", "a body without a required member", Should, "[D] published document", []int{400}},
		{"null", "null for a member", Observed, "[W] clients send null; [G] for which of the others it is refused",
			[]int{400}},
		{"form", "a form, XML or plain text with any Content-Type", Observed,
			"[R] connect issue 61: a body that can't be parsed returns 400 also with another type", []int{400}},
	}
	for _, k := range kinds {
		if k.name == "bounds" && op.ID == "PatchVaultItem" {
			continue // it has no bounds
		}
		list = append(list,
			rule{Rule{ID: "negative/" + k.name + "/" + op.ID, Tag: "Errors", Level: k.level, Evidence: k.evidence,
				Text:    op.ID + " refuses " + k.text + " and changes nothing",
				Touches: OwnItems, Long: isLong(op, k),
				Needs:      []Capability{Write},
				Operations: []string{op.ID}},
				func(s *session) { checkBodies(s, op, k) }})
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
		return hasPathParameter(op, "itemUuid")
	}
	return false
}

// checkBodies sends the invalid bodies of a kind. If the operation needs an item, it
// creates one. It first sends the valid body, so a later refusal must be caused by the
// invalid place.
func checkBodies(s *session, op *openapi.Operation, k bodyKind) {
	title := s.uniqueName("negative")
	valid := s.fullBody(op, title)
	bodies := invalidBodies(op, k.name, valid)
	if len(bodies) == 0 {
		abort(fmt.Errorf("no invalid body of the kind %s for %s", k.name, op.ID))
	}
	accepted := 0
	var created, before connect.Item
	send := func(text, contentType string) *response {
		res := s.do(op.ID, item(created.ID), rawBody(text, contentType))
		if res.Status == http.StatusOK {
			accepted++
			before = connect.Item{} // the item has changed
		}
		return res
	}
	if hasPathParameter(op, "itemUuid") {
		created = s.createNote()
	}
	send(encodeJSON(valid), "application/json").expectStatus(http.StatusOK)
	for _, b := range bodies {
		forbidden := isForbidden(op, b)
		if forbidden && created.ID != "" && before.ID == "" {
			before = s.waitForVersionAfter(created.ID, created.Version+accepted-1)
		}
		res := send(b.text, b.contentType)
		res.request += " with " + b.name
		if forbidden || res.Status != http.StatusOK { // a server may refuse more than the document
			res.expectErrorOneOf(k.statuses...)
		}
	}
	if before.ID != "" {
		s.expectUnchanged(before)
	}
	if created.ID != "" {
		return
	}
	list := s.do("GetVaultItems", query("filter", fmt.Sprintf("title eq %q", title))).expectStatus(http.StatusOK).items()
	if len(list) > accepted {
		s.fail("the vault has %d items with the title, but only %d requests were accepted", len(list), accepted)
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
func checkQueries(s *session, op *openapi.Operation) {
	it := s.server.itemWithFiles
	address := []option{vault(s.vault()), item(s.itemOrUnknown()), file(noFile)}
	if it.ID != "" {
		address = []option{vault(it.Vault.ID), item(it.ID), file(it.Files[0].ID)}
	}
	valid := s.do(op.ID, address...)
	allowed := []int{http.StatusBadRequest, valid.Status,
		http.StatusRequestEntityTooLarge} // a file may be too large to be sent inline
	for _, q := range invalidQueries(op) {
		res := s.do(op.ID, append(address, rawQuery(q))...)
		if !slices.Contains(allowed, res.Status) {
			s.fail("%s?%s returned %d, expected one of %v: %s", res.request, q, res.Status, allowed, res.shortBody())
		}
	}
}

// methodRules returns the rules about a method that a path does not have, and one that
// no path has.
func methodRules() []rule {
	// All ids in the paths are unknown, so the requests can't change anything.
	path := strings.NewReplacer("{vaultUuid}", noVault, "{itemUuid}", noItem, "{fileUuid}", noFile)
	methods := map[string][]string{}
	var paths []string
	for _, op := range operationsWhere(func(*openapi.Operation) bool { return true }) {
		if methods[op.Path] == nil {
			paths = append(paths, op.Path)
		}
		methods[op.Path] = append(methods[op.Path], op.Method)
	}
	evidence := "[G] no recording; [R] the form of errors"
	return []rule{
		{Rule{ID: "negative/method/unknown", Tag: "Errors", Level: Observed, Evidence: evidence,
			Touches: OwnItems,
			Text:    "A method that no path has is refused, on every path"},
			func(s *session) {
				for _, p := range paths {
					s.doRaw("BREW", path.Replace(p)).expectErrorOneOf(400, 401, 403, 404, 405)
				}
			}},
		{Rule{ID: "negative/method/other", Tag: "Errors", Level: Observed, Evidence: evidence,
			Text:    "A method that a path does not have is refused",
			Touches: OwnItems, Long: true,
			Needs: []Capability{Write}},
			func(s *session) {
				for _, p := range paths {
					for _, m := range []string{"GET", "POST", "PUT", "PATCH", "DELETE"} {
						if !slices.Contains(methods[p], m) {
							s.doRaw(m, path.Replace(p), rawJSON("{}")).expectErrorOneOf(400, 401, 403, 404, 405)
						}
					}
				}
			}},
	}
}
