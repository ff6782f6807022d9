package contract

import (
	"net/http"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/openapi"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/onsi/gomega"
)

// Well-formed ids that no server will have given to an object.
const (
	noVault = "connectmocknosuchvault0000"
	noItem  = "connectmocknosuchitem00000"
	noFile  = "connectmocknosuchfile00000"
)

// operations returns the operations of our document that keep returns true for.
func operations(keep func(*openapi.Operation) bool) (list []*openapi.Operation) {
	document, err := openapi.Connect()
	if err != nil {
		return nil // a run can't be made without it, and says so
	}
	for _, op := range document.Operations {
		if keep(op) {
			list = append(list, op)
		}
	}
	return list
}

func writes(op *openapi.Operation) bool { return op.Method != http.MethodGet }

func names(op *openapi.Operation, parameter string) bool {
	return strings.Contains(op.Path, "{"+parameter+"}")
}

// access returns what a rule needs that calls an operation with the valid token. A
// rule about a refused write needs Write: a wrong server may not refuse it.
func access(op *openapi.Operation, more ...Capability) []Capability {
	if writes(op) {
		return append([]Capability{Write}, more...)
	}
	return append([]Capability{Read}, more...)
}

// someVault returns the vault to work in, or one that does not exist.
func (s *session) someVault() string { return either(s.run.found.vault.ID, noVault) }

// someItem returns an item that existed at the start, or one that does not exist.
// No rule may write to it.
func (s *session) someItem() string { return either(s.run.found.sample.ID, noItem) }

func either(id, otherwise string) string {
	if id == "" {
		return otherwise
	}
	return id
}

// acceptable returns a valid body for the operation, none if it has no body.
func acceptable(op *openapi.Operation, vault, title string) option {
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

// refusedOneOf asserts Connect's error body with one of these statuses.
func (a *answer) refusedOneOf(statuses ...int) string {
	if !slices.Contains(statuses, a.Status) {
		a.session.fail("%s was answered %d, expected one of %v: %s", a.what, a.Status, statuses, a.short())
	}
	return a.refused(a.Status, "")
}

func errorRules() []rule {
	var list []rule
	list = append(list, unknownItemRules()...)
	list = append(list, malformedRules()...)
	return append(list,
		rule{Rule{ID: "errors/unknown-file", Tag: "Errors", Level: Should, Evidence: "[D] published document",
			Text:       "A well-formed file id that does not exist is answered 404 with `not found`",
			Needs:      []Capability{Files},
			Operations: []string{"GetDetailsOfFileById", "DownloadFileByID"}},
			func(s *session) {
				d := s.run.found.document
				for _, op := range []string{"GetDetailsOfFileById", "DownloadFileByID"} {
					s.do(op, vault(d.Vault.ID), item(d.ID), file(noFile)).refused(http.StatusNotFound, `not found`)
				}
			}},
		rule{Rule{ID: "errors/unknown-route", Tag: "Errors", Level: Observed, Evidence: "[R] terraform issue 42 and external-secrets 1948, inferred from what a JSON reader says of the answer",
			Text: "A path the API does not have is answered 404 with the text `404 page not found`, not JSON"},
			checkUnknownRoutes},
		rule{Rule{ID: "errors/values-stay-private", Tag: "Errors", Level: Should, Evidence: "[G] bodies hold secrets, and messages end up in logs",
			Text:       "A refusal of an item repeats no value of it",
			Needs:      []Capability{Write},
			Operations: []string{"CreateVaultItem"}},
			checkPrivateValues},
	)
}

func checkUnknownRoutes(s *session) {
	methods := []string{http.MethodGet}
	if s.run.found.missing([]Capability{Write}) == "" {
		methods = append(methods, http.MethodPost)
	}
	for _, path := range []string{"/v1", "/v1/nothing", "/v2/vaults", "/v1/vaults/" + s.someVault() + "/nothing", "/nothing"} {
		for _, method := range methods {
			a := s.raw(method, path).expect(http.StatusNotFound)
			s.Expect(a.Header.Get("Content-Type")).To(gomega.HavePrefix("text/plain"), "the Content-Type of %s", a.what)
			s.Expect(strings.TrimSpace(string(a.Body))).To(gomega.Equal(connect.PageNotFound), "the body of %s", a.what)
		}
	}
}

// unknownItemRules returns the rules about well-formed ids of objects that do not
// exist.
func unknownItemRules() (list []rule) {
	for _, op := range operations(func(op *openapi.Operation) bool { return names(op, "itemUuid") }) {
		level, evidence := Should, "[D] published document"
		if op.ID == "GetVaultItemById" {
			level, evidence = Must, "[D] published document; [T] terraform and steampipe look for `not found`"
		}
		list = append(list, rule{Rule{ID: "errors/unknown-item/" + op.ID, Tag: "Errors", Level: level, Evidence: evidence,
			Text:       op.ID + " of an item that does not exist, in a vault that does, is answered 404 with `not found`",
			Needs:      access(op),
			Operations: []string{op.ID}},
			func(s *session) {
				s.do(op.ID, item(noItem), file(noFile), acceptable(op, s.vault(), s.unique("unknown"))).
					refused(http.StatusNotFound, `not found`)
			}})
	}
	return list
}

// malformed returns malformed ids. Ansible, for one, sends a name as id.
func malformed(parameter string) []string {
	good := map[string]string{"vaultUuid": noVault, "itemUuid": noItem, "fileUuid": noFile}[parameter]
	return []string{
		"Name of a thing", "fake", good[:25], good + "0", strings.ToUpper(good), good[:25] + "-",
		"12345678-1234-4234-8234-123456789abc", "%00", "[object Object]", good[:25] + "é",
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
		for _, op := range operations(func(op *openapi.Operation) bool { return names(op, p.parameter) }) {
			k, ok := p.known[op.ID]
			if !ok {
				k = known{Observed, "[R] the text; [G] that this method says it too"}
			}
			list = append(list, rule{Rule{ID: "errors/malformed-" + kind + "/" + op.ID, Tag: "Errors", Level: k.level, Evidence: k.evidence,
				Text:       op.ID + " with something else where the id of a " + kind + " belongs is answered 400",
				Needs:      access(op),
				Operations: []string{op.ID}},
				func(s *session) { checkMalformed(s, op, p.parameter, p.text) }})
		}
	}
	return list
}

func checkMalformed(s *session, op *openapi.Operation, parameter, text string) {
	for _, bad := range malformed(parameter) {
		where := []option{vault(s.vault()), item(noItem), file(noFile), acceptable(op, s.vault(), s.unique("malformed"))}
		switch parameter {
		case "vaultUuid":
			where = append(where, vault(bad))
		case "itemUuid":
			where = append(where, item(bad))
		default:
			// The item does not exist either; a server may check that first.
			s.do(op.ID, append(where, file(bad))...).refusedOneOf(http.StatusBadRequest, http.StatusNotFound)
			continue
		}
		a := s.do(op.ID, where...)
		if op.Method == http.MethodDelete && parameter == "vaultUuid" && a.Status == http.StatusForbidden {
			continue
		}
		s.Expect(a.refused(http.StatusBadRequest, "")).To(gomega.Equal(text), "message")
	}
}

// checkPrivateValues sends a word in all places that an error message might quote.
func checkPrivateValues(s *session) {
	const word = "canary-5d1b7c"
	field := func(member, value string) string {
		return `[{"label":"` + word + `","value":"` + word + `","` + member + `":` + value + `}]`
	}
	for _, bad := range []string{
		`{"category":"` + word + `","title":"` + word + `"}`,
		`{"category":"SECURE_NOTE","title":"` + word + `","fields":` + field("type", `"`+word+`"`) + `}`,
		`{"category":"SECURE_NOTE","title":"` + word + `","fields":` + field("purpose", `"`+word+`"`) + `}`,
		`{"category":"SECURE_NOTE","title":"` + word + `","fields":` + field("generate", `"`+word+`"`) + `}`,
		`{"category":"SECURE_NOTE","title":"` + word + `","tags":"` + word + `"}`,
		`{"category":"SECURE_NOTE","title":"` + word,
	} {
		message := s.do("CreateVaultItem", rawBody(bad, "application/json")).refused(http.StatusBadRequest, "")
		s.Expect(message).NotTo(gomega.ContainSubstring(word), "message of the refusal")
	}
}
