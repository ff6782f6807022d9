package mutants

import (
	"net/http"
	"strings"
)

// failureMutants returns servers with mistakes in errors.
func failureMutants() []Mutant {
	members := func(f func(m map[string]any)) func() behaviour {
		return changeRefusals(func(_ *exchange, res *response) { res.changeObjects(f) })
	}
	message := func(part, instead string) func() behaviour {
		return members(func(m map[string]any) {
			if strings.Contains(textMember(m, "message"), part) {
				m["message"] = instead
			}
		})
	}
	return []Mutant{
		{"error-without-status", "the body of an error has no status", Failure, allOperations(),
			members(removeMember("status"))},
		{"error-without-message", "the body of an error has no message", Failure, allOperations(),
			members(removeMember("message"))},
		{"error-status-differs", "the body of an error has another status than the response", Failure, allOperations(),
			members(func(m map[string]any) { m["status"] = 418 })},
		{"error-status-is-text", "the status in the body of an error is a string", Failure, allOperations(),
			members(func(m map[string]any) { m["status"] = http.StatusText(int(intMember(m, "status"))) })},
		{"error-in-object", "an error is a member of an object", Failure, allOperations(),
			changeRefusals(func(_ *exchange, res *response) {
				res.changeBody(func(v any) any { return map[string]any{"error": v} })
			})},
		{"error-is-text", "an error is plain text", Failure, allOperations(),
			changeRefusals(func(_ *exchange, res *response) {
				res.setBody("text/plain; charset=utf-8", http.StatusText(res.status))
			})},
		{"error-is-html", "an error is a web page", Failure, allOperations(),
			changeRefusals(func(_ *exchange, res *response) {
				res.setBody("text/html", "<html><body><h1>"+http.StatusText(res.status)+"</h1></body></html>")
			})},
		{"error-is-empty", "an error has no body", Failure, allOperations(),
			changeRefusals(func(_ *exchange, res *response) { res.body = nil })},
		{"error-has-details", "the body of an error has more members", Failure, allOperations(),
			members(func(m map[string]any) { m["details"] = []string{"handler.go:42"} })},
		{"error-of-another-type", "an error has the media type application/problem+json", Failure, allOperations(),
			changeRefusals(func(_ *exchange, res *response) {
				res.header.Set("Content-Type", "application/problem+json")
			})},
		{"error-texts-generic", "the message of an error is the name of the status", Failure, allOperations(),
			members(func(m map[string]any) {
				m["message"] = http.StatusText(int(intMember(m, "status")))
			})},
		{"not-found-text", "the message of a 404 lacks `not found`", Failure, vaultOperations(),
			message("not found", "no such thing")},
		{"denied-text", "the message for a vault out of scope lacks `Authorization`", Failure, vaultOperations(),
			message("does not have access", "forbidden")},
		{"write-denied-text", "the message for a write that is not permitted does not mention the permission", Failure,
			vaultOperations(), message("permission to perform", "Authorization: forbidden")},
		{"patch-denied-as-read", "the message for a PATCH that is not permitted names a read", Failure, operations(patchItem),
			message("perform update", "perform read")},
		{"unknown-field-not-named", "the message for an unknown field whose id has a _ is different", Failure,
			operations(patchItem), changeRefusals(func(x *exchange, res *response) {
				if strings.Contains(string(x.body), "/fields/TOTP_") {
					res.setError(res.status, "invalid path")
				}
			})},
		{"invalid-vault-text", "the message for a malformed vault id is different", Failure, vaultOperations(),
			message("Invalid Vault UUID", "malformed identifier")},
		{"invalid-item-text", "the message for a malformed item id is different", Failure, vaultOperations(),
			message("Invalid Item UUID", "malformed identifier")},
		{"invalid-category-text", "the message for an unknown category is different", Failure, operations(createItem),
			message("Invalid item category", "category is one of LOGIN, PASSWORD, ...")},
		{"two-passwords-text", "the message for two passwords is different", Failure, operations(createItem, putItem),
			message(`only use one "password"`, "too many passwords")},
		{"field-type-text", "the message for an unsupported field type does not name it", Failure,
			operations(createItem, putItem), message("unsupported field type", "invalid item")},
		{"month-year-text", "the message for an invalid month and year does not name the valid forms", Failure,
			operations(createItem, putItem), message("YYYYMM", "invalid value")},
		{"inline-text", "the message for a file that is too large does not say how to download it", Failure,
			operations(listFiles, getFile), message("too large", "file is too large")},
		{"refusal-repeats-body", "the message of an error has the request body", Failure,
			operations(createItem, putItem, patchItem), changeRefusals(func(x *exchange, res *response) {
				res.changeObjects(func(m map[string]any) { m["message"] = textMember(m, "message") + ": " + string(x.body) })
			})},
		{"refusal-repeats-token", "the message of an error has the token", Failure, securedOperations(),
			changeRefusals(func(x *exchange, res *response) {
				if res.status == 401 {
					res.changeObjects(func(m map[string]any) {
						m["message"] = textMember(m, "message") + ": " + x.r.Header.Get("Authorization")
					})
				}
			})},
	}
}
