package contract

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/openapi"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/onsi/gomega"
)

// Well-formed ids of objects that exist on no server.
const (
	noVault = "connectmocknosuchvault0000"
	noItem  = "connectmocknosuchitem00000"
	noFile  = "connectmocknosuchfile00000"
)

// operationsWhere returns the operations of the embedded document that keep returns
// true for.
func operationsWhere(keep func(*openapi.Operation) bool) (list []*openapi.Operation) {
	document, err := openapi.Connect()
	if err != nil {
		return nil // newRun returns the same error
	}
	for _, op := range document.Operations {
		if keep(op) {
			list = append(list, op)
		}
	}
	return list
}

// isWrite reports whether an operation can change something.
func isWrite(op *openapi.Operation) bool { return op.Method != http.MethodGet }

// hasPathParameter reports whether the path of an operation has a parameter.
func hasPathParameter(op *openapi.Operation, parameter string) bool {
	return strings.Contains(op.Path, "{"+parameter+"}")
}

// neededCapabilities returns what a rule needs that calls an operation with the token of
// the target. A rule about a write that must be refused needs Write, because an
// incorrect server may not refuse it.
func neededCapabilities(op *openapi.Operation, more ...Capability) []Capability {
	if isWrite(op) {
		return append([]Capability{Write}, more...)
	}
	return append([]Capability{Read}, more...)
}

// vaultOrUnknown returns the id of the vault to use, or an unknown id.
func (s *session) vaultOrUnknown() string { return cmp.Or(s.server.vault.ID, noVault) }

// itemOrUnknown returns the id of an item that existed before the run, or an unknown
// id. A rule must not write to it.
func (s *session) itemOrUnknown() string { return cmp.Or(s.server.sampleItem.ID, noItem) }

// validBody sets a valid body for an operation that has one.
func validBody(op *openapi.Operation, vault, title string) option {
	switch op.ID {
	case "CreateVaultItem", "UpdateVaultItem":
		return body(map[string]any{
			"category": "SECURE_NOTE", "title": title, "vault": map[string]any{"id": vault}, "tags": []string{tag},
		})
	case "PatchVaultItem":
		return body([]map[string]any{{"op": "replace", "path": "/title", "value": title}})
	}
	return func(*request) {}
}

// expectErrorOneOf asserts one of these statuses and an error body of Connect. It
// returns the message.
func (res *response) expectErrorOneOf(statuses ...int) string {
	if !slices.Contains(statuses, res.Status) {
		res.session.fail("%s returned %d, expected one of %v: %s", res.request, res.Status, statuses, res.shortBody())
	}
	return res.expectError(res.Status, "")
}

// errorRules returns the rules about error responses.
func errorRules() []rule {
	var list []rule
	list = append(list, unknownItemRules()...)
	list = append(list, malformedRules()...)
	return append(list,
		rule{Rule{ID: "errors/unknown-file", Tag: "Errors", Level: Should, Evidence: "[D] published document",
			Text:       "A well-formed file id that does not exist returns 404 with `not found`",
			Touches:    ReadOnly,
			Needs:      []Capability{Files},
			Operations: []string{"GetDetailsOfFileById", "DownloadFileByID"}},
			func(s *session) {
				d := s.server.itemWithFiles
				for _, op := range []string{"GetDetailsOfFileById", "DownloadFileByID"} {
					s.do(op, vault(d.Vault.ID), item(d.ID), file(noFile)).expectError(http.StatusNotFound, `not found`)
				}
			}},
		rule{
			Rule{ID: "errors/unknown-route", Tag: "Errors", Level: Observed,
				Evidence: "[R] terraform issue 42 and external-secrets 1948, inferred from what a JSON parser says about " +
					"the response",
				Touches: OwnItems,
				Text:    "A path that the API does not have returns 404 with the text `404 page not found`, not JSON"},
			checkUnknownRoutes},
		rule{
			Rule{ID: "errors/values-stay-private", Tag: "Errors", Level: Should,
				Evidence:   "[G] bodies have secrets, and messages end up in logs",
				Text:       "The message of a refused create has no value of the item",
				Touches:    OwnItems,
				Needs:      []Capability{Write},
				Operations: []string{"CreateVaultItem"}},
			checkPrivateValues},
	)
}

// checkUnknownRoutes requests paths that the API does not have.
func checkUnknownRoutes(s *session) {
	methods := []string{http.MethodGet}
	if s.server.skipReason([]Capability{Write}) == "" {
		methods = append(methods, http.MethodPost)
	}
	for _, path := range []string{"/v1", "/v1/nothing", "/v2/vaults", "/v1/vaults/" + s.vaultOrUnknown() + "/nothing",
		"/nothing"} {
		for _, method := range methods {
			res := s.doRaw(method, path).expectStatus(http.StatusNotFound)
			s.Expect(res.Header.Get("Content-Type")).To(gomega.HavePrefix("text/plain"), "the Content-Type of %s", res.request)
			s.Expect(strings.TrimSpace(string(res.Body))).To(gomega.Equal(connect.PageNotFound), "the body of %s", res.request)
		}
	}
}

// unknownItemRules returns the rules about well-formed ids of objects that do not
// exist.
func unknownItemRules() (list []rule) {
	for _, op := range operationsWhere(func(op *openapi.Operation) bool { return hasPathParameter(op, "itemUuid") }) {
		level, evidence := Should, "[D] published document"
		if op.ID == "GetVaultItemById" {
			level, evidence = Must, "[D] published document; [T] terraform and steampipe look for `not found`"
		}
		list = append(list, rule{Rule{ID: "errors/unknown-item/" + op.ID, Tag: "Errors", Level: level, Evidence: evidence,
			Text:       op.ID + " of an item that does not exist in the vault returns 404 with `not found`",
			Touches:    touchedBy(op),
			Needs:      neededCapabilities(op),
			Operations: []string{op.ID}},
			func(s *session) {
				s.do(op.ID, item(noItem), file(noFile), validBody(op, s.vault(), s.uniqueName("unknown"))).
					expectError(http.StatusNotFound, `not found`)
			}})
	}
	return list
}

// malformedIDs returns malformed values for a path parameter. Some clients send
// them: Ansible sends a name as the id.
func malformedIDs(parameter string) []string {
	valid := map[string]string{"vaultUuid": noVault, "itemUuid": noItem, "fileUuid": noFile}[parameter]
	return []string{
		"Name of a thing", "fake", valid[:25], valid + "0", strings.ToUpper(valid), valid[:25] + "-",
		"12345678-1234-4234-8234-123456789abc", "%00", "[object Object]", valid[:25] + "é",
	}
}

// malformedRules returns the rules about malformed ids. Each error text is recorded
// for some methods and assumed to be the same for the others.
func malformedRules() (list []rule) {
	type known struct {
		level    Level
		evidence string
	}
	vaults := map[string]known{
		"GetVaultById":    {Must, "[R] Rust client; [C] Ansible looks a vault up by its name only after this 400"},
		"GetVaultItems":   {Must, "[R] Rust client; [C] Ansible looks a vault up by its name only after this 400"},
		"CreateVaultItem": {Observed, "[R] JS SDK issue 29"},
		"DeleteVaultItem": {Observed, "[R] as the other methods; a .NET test saw 403 here"},
	}
	items := map[string]known{
		"GetVaultItemById": {Should, "[R] connect issue 45, operator issue 132; [C] Ansible"},
		"DeleteVaultItem":  {Observed, "[R] as GET; a .NET test saw 403 here"},
	}
	for _, p := range []struct {
		parameter, text string
		known           map[string]known
	}{
		{"vaultUuid", "Invalid Vault UUID", vaults},
		{"itemUuid", "Invalid Item UUID", items},
		{"fileUuid", "", nil},
	} {
		kind := strings.TrimSuffix(p.parameter, "Uuid")
		for _, op := range operationsWhere(func(op *openapi.Operation) bool { return hasPathParameter(op, p.parameter) }) {
			k, ok := p.known[op.ID]
			if !ok {
				k = known{Observed, "[R] the text; [G] that this method returns it too"}
			}
			list = append(list,
				rule{Rule{ID: "errors/malformed-" + kind + "/" + op.ID, Tag: "Errors", Level: k.level, Evidence: k.evidence,
					Text:       op.ID + " with a malformed " + kind + " id returns 400",
					Touches:    touchedBy(op),
					Needs:      neededCapabilities(op),
					Operations: []string{op.ID}},
					func(s *session) { checkMalformed(s, op, p.parameter, p.text) }})
		}
	}
	return list
}

// checkMalformed sends malformed ids to an operation.
func checkMalformed(s *session, op *openapi.Operation, parameter, text string) {
	for _, malformed := range malformedIDs(parameter) {
		options := []option{vault(s.vault()), item(noItem), file(noFile), validBody(op, s.vault(), s.uniqueName("malformed"))}
		switch parameter {
		case "vaultUuid":
			options = append(options, vault(malformed))
		case "itemUuid":
			options = append(options, item(malformed))
		default:
			// The item does not exist either; a server may check that first.
			s.do(op.ID, append(options, file(malformed))...).expectErrorOneOf(http.StatusBadRequest, http.StatusNotFound)
			continue
		}
		res := s.do(op.ID, options...)
		if op.Method == http.MethodDelete && parameter == "vaultUuid" && res.Status == http.StatusForbidden {
			continue
		}
		s.Expect(res.expectError(http.StatusBadRequest, "")).To(gomega.Equal(text), "message")
	}
}

// checkPrivateValues sends a word in each place that an error message might quote.
func checkPrivateValues(s *session) {
	const word = "canary-5d1b7c"
	field := func(member, value string) string {
		return `[{"label":"` + word + `","value":"` + word + `","` + member + `":` + value + `}]`
	}
	for _, invalid := range []string{
		`{"category":"` + word + `","title":"` + word + `"}`,
		`{"category":"SECURE_NOTE","title":"` + word + `","fields":` + field("type", `"`+word+`"`) + `}`,
		`{"category":"SECURE_NOTE","title":"` + word + `","fields":` + field("purpose", `"`+word+`"`) + `}`,
		`{"category":"SECURE_NOTE","title":"` + word + `","fields":` + field("generate", `"`+word+`"`) + `}`,
		`{"category":"SECURE_NOTE","title":"` + word + `","tags":"` + word + `"}`,
		`{"category":"SECURE_NOTE","title":"` + word,
	} {
		message := s.do("CreateVaultItem", rawJSON(invalid)).expectError(http.StatusBadRequest, "")
		s.Expect(message).NotTo(gomega.ContainSubstring(word), "message of the refusal")
	}
}
