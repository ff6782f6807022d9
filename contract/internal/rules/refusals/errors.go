// Package refusals has the rules about requests that a server refuses.
package refusals

import (
	"net/http"
	"strings"

	"github.com/connectmock/connectmock/contract/internal/call"
	"github.com/connectmock/connectmock/contract/internal/check"
	"github.com/connectmock/connectmock/contract/internal/operation"
	"github.com/connectmock/connectmock/contract/rule"
	"github.com/connectmock/connectmock/openapi"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/onsi/gomega"
)

// Rules returns the rules about error responses.
func Rules() []check.Rule {
	var list []check.Rule
	list = append(list, unknownItemRules()...)
	list = append(list, malformedRules()...)
	return append(list,
		check.Rule{Rule: rule.Rule{ID: "errors/unknown-file", Tag: "Errors", Level: rule.Should,
			Evidence: "[D] published document",
			Text:     "A well-formed file id that does not exist returns 404 with `not found`",
			Touches:  rule.ReadOnly, Needs: []rule.Capability{rule.Files},
			Operations: []string{"GetDetailsOfFileById", "DownloadFileByID"}},
			Check: func(s *check.Session) {
				d := s.Server.ItemWithFiles
				for _, op := range []string{"GetDetailsOfFileById", "DownloadFileByID"} {
					s.Do(op, call.Vault(d.Vault.ID), call.Item(d.ID), call.File(call.NoFile)).
						ExpectError(404, `not found`)
				}
			}},
		check.Rule{
			Rule: rule.Rule{ID: "errors/unknown-route", Tag: "Errors", Level: rule.Observed,
				Evidence: "[R] terraform issue 42 and external-secrets 1948, inferred from what a JSON " +
					"parser says about the response",
				Text:    "A path that the API does not have returns 404 with the text `404 page not found`, not JSON",
				Touches: rule.OwnItems},
			Check: checkUnknownRoutes},
		check.Rule{
			Rule: rule.Rule{ID: "errors/values-stay-private", Tag: "Errors", Level: rule.Should,
				Evidence: "[G] bodies have secrets, and messages end up in logs",
				Text:     "The message of a refused create has no value of the item",
				Touches:  rule.OwnItems, Needs: []rule.Capability{rule.Write}, Operations: []string{"CreateVaultItem"}},
			Check: checkPrivateValues},
	)
}

// checkUnknownRoutes requests paths that the API does not have.
func checkUnknownRoutes(s *check.Session) {
	methods := []string{http.MethodGet}
	if s.Server.SkipReason([]rule.Capability{rule.Write}) == "" {
		methods = append(methods, http.MethodPost)
	}
	for _, path := range []string{"/v1", "/v1/nothing", "/v2/vaults", "/v1/vaults/" + s.VaultOrUnknown() + "/nothing",
		"/nothing"} {
		for _, method := range methods {
			res := s.DoRaw(method, path).ExpectStatus(404)
			s.Expect(res.Header.Get("Content-Type")).To(gomega.HavePrefix("text/plain"),
				"the Content-Type of %s", res.Request)
			s.Expect(strings.TrimSpace(string(res.Body))).To(gomega.Equal(connect.PageNotFound),
				"the body of %s", res.Request)
		}
	}
}

// unknownItemRules returns the rules about well-formed ids of objects that do not
// exist.
func unknownItemRules() (list []check.Rule) {
	for _, op := range operation.Where(func(op *openapi.Operation) bool {
		return operation.HasParameter(op, "itemUuid")
	}) {
		level, evidence := rule.Should, "[D] published document"
		if op.ID == "GetVaultItemById" {
			level, evidence = rule.Must, "[D] published document; [T] terraform and steampipe look for `not found`"
		}
		list = append(list, check.Rule{Rule: rule.Rule{ID: "errors/unknown-item/" + op.ID, Tag: "Errors", Level: level,
			Evidence: evidence,
			Text:     op.ID + " of an item that does not exist in the vault returns 404 with `not found`",
			Touches:  operation.Touches(op), Needs: operation.Needs(op), Operations: []string{op.ID}},
			Check: func(s *check.Session) {
				s.Do(op.ID, call.Item(call.NoItem), call.File(call.NoFile),
					call.ValidBody(op, s.Vault(), s.UniqueName("unknown"))).
					ExpectError(404, `not found`)
			}})
	}
	return list
}

// malformedIDs returns malformed values for a path parameter. Some clients send
// them: Ansible sends a name as the id.
func malformedIDs(parameter string) []string {
	valid := map[string]string{"vaultUuid": call.NoVault, "itemUuid": call.NoItem, "fileUuid": call.NoFile}[parameter]
	return []string{
		"Name of a thing", "fake", valid[:25], valid + "0", strings.ToUpper(valid), valid[:25] + "-",
		"12345678-1234-4234-8234-123456789abc", "%00", "[object Object]", valid[:25] + "é",
	}
}

// malformedRules returns the rules about malformed ids. Each error text is recorded
// for some methods and assumed to be the same for the others.
func malformedRules() (list []check.Rule) {
	type known struct {
		level    rule.Level
		evidence string
	}
	vaults := map[string]known{
		"GetVaultById":    {rule.Must, "[R] Rust client; [C] Ansible looks a vault up by its name only after this 400"},
		"GetVaultItems":   {rule.Must, "[R] Rust client; [C] Ansible looks a vault up by its name only after this 400"},
		"CreateVaultItem": {rule.Observed, "[R] JS SDK issue 29"},
		"DeleteVaultItem": {rule.Observed, "[R] as the other methods; a .NET test saw 403 here"},
	}
	items := map[string]known{
		"GetVaultItemById": {rule.Should, "[R] connect issue 45, operator issue 132; [C] Ansible"},
		"DeleteVaultItem":  {rule.Observed, "[R] as GET; a .NET test saw 403 here"},
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
		for _, op := range operation.Where(func(op *openapi.Operation) bool {
			return operation.HasParameter(op, p.parameter)
		}) {
			k, ok := p.known[op.ID]
			if !ok {
				k = known{rule.Observed, "[R] the text; [G] that this method returns it too"}
			}
			list = append(list,
				check.Rule{Rule: rule.Rule{ID: "errors/malformed-" + kind + "/" + op.ID, Tag: "Errors", Level: k.level,
					Evidence: k.evidence,
					Text:     op.ID + " with a malformed " + kind + " id returns 400",
					Touches:  operation.Touches(op), Needs: operation.Needs(op), Operations: []string{op.ID}},
					Check: func(s *check.Session) { checkMalformed(s, op, p.parameter, p.text) }})
		}
	}
	return list
}

// checkMalformed sends malformed ids to an operation.
func checkMalformed(s *check.Session, op *openapi.Operation, parameter, text string) {
	for _, malformed := range malformedIDs(parameter) {
		options := []call.Option{call.Vault(s.Vault()), call.Item(call.NoItem), call.File(call.NoFile),
			call.ValidBody(op, s.Vault(), s.UniqueName("malformed"))}
		switch parameter {
		case "vaultUuid":
			options = append(options, call.Vault(malformed))
		case "itemUuid":
			options = append(options, call.Item(malformed))
		default:
			// The item does not exist either; a server may check that first.
			s.Do(op.ID, append(options, call.File(malformed))...).ExpectErrorOneOf(400, 404)
			continue
		}
		res := s.Do(op.ID, options...)
		if op.Method == http.MethodDelete && parameter == "vaultUuid" && res.Status == 403 {
			continue
		}
		s.Expect(res.ExpectError(400, "")).To(gomega.Equal(text), "message")
	}
}

// checkPrivateValues sends a word in each place that an error message might quote.
func checkPrivateValues(s *check.Session) {
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
		message := s.Do("CreateVaultItem", call.RawJSON(invalid)).ExpectError(400, "")
		s.Expect(message).NotTo(gomega.ContainSubstring(word), "message of the refusal")
	}
}
