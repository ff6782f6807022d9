package mutants

import (
	"net/http"
	"strings"
)

func failureMutants() []Mutant {
	members := func(f func(m map[string]any)) func() behaviour {
		return changeRefusals(func(_ *exchange, a *response) { a.changeObjects(f) })
	}
	message := func(part, instead string) func() behaviour {
		return members(func(m map[string]any) {
			if strings.Contains(text(m, "message"), part) {
				m["message"] = instead
			}
		})
	}
	return []Mutant{
		{"error-without-status", "the body of a refusal has no status", Failure, allOperations(), members(removeMember("status"))},
		{"error-without-message", "the body of a refusal has no message", Failure, allOperations(), members(removeMember("message"))},
		{"error-status-differs", "the body of a refusal has another status than the answer", Failure, allOperations(), members(func(m map[string]any) { m["status"] = 418 })},
		{"error-status-is-text", "the status in the body of a refusal is a text", Failure, allOperations(), members(func(m map[string]any) { m["status"] = http.StatusText(int(number(m, "status"))) })},
		{"error-in-object", "a refusal is a member of an object", Failure, allOperations(), changeRefusals(func(_ *exchange, a *response) {
			a.changeBody(func(v any) any { return map[string]any{"error": v} })
		})},
		{"error-is-text", "a refusal is plain text", Failure, allOperations(), changeRefusals(func(_ *exchange, a *response) { a.setBody("text/plain; charset=utf-8", http.StatusText(a.status)) })},
		{"error-is-html", "a refusal is a web page", Failure, allOperations(), changeRefusals(func(_ *exchange, a *response) {
			a.setBody("text/html", "<html><body><h1>"+http.StatusText(a.status)+"</h1></body></html>")
		})},
		{"error-is-empty", "a refusal has no body", Failure, allOperations(), changeRefusals(func(_ *exchange, a *response) { a.body = nil })},
		{"error-has-details", "the body of a refusal has more members", Failure, allOperations(), members(func(m map[string]any) { m["details"] = []string{"handler.go:42"} })},
		{"error-of-another-type", "a refusal has the media type application/problem+json", Failure, allOperations(), changeRefusals(func(_ *exchange, a *response) {
			a.header.Set("Content-Type", "application/problem+json")
		})},
		{"error-texts-generic", "a refusal's message is the status in words", Failure, allOperations(), members(func(m map[string]any) {
			m["message"] = http.StatusText(int(number(m, "status")))
		})},
		{"not-found-text", "the message for what does not exist lacks `not found`", Failure, vaultOperations(), message("not found", "no such thing")},
		{"denied-text", "the message for a vault out of scope lacks `Authorization`", Failure, vaultOperations(), message("does not have access", "forbidden")},
		{"write-denied-text", "the message for a write that is not permitted says nothing of permission", Failure, vaultOperations(), message("permission to perform", "Authorization: forbidden")},
		{"invalid-vault-text", "the message for a name where the id of a vault belongs is another", Failure, vaultOperations(), message("Invalid Vault UUID", "malformed identifier")},
		{"invalid-item-text", "the message for a name where the id of an item belongs is another", Failure, vaultOperations(), message("Invalid Item UUID", "malformed identifier")},
		{"invalid-category-text", "the message for an unknown category is another", Failure, at(createItem), message("Invalid item category", "category is one of LOGIN, PASSWORD, ...")},
		{"two-passwords-text", "the message for two passwords is another", Failure, at(createItem, putItem), message(`only use one "password"`, "too many passwords")},
		{"field-type-text", "the message for an unsupported type of field does not name it", Failure, at(createItem, putItem), message("unsupported field type", "invalid item")},
		{"month-year-text", "the message for a bad month and year does not say the forms there are", Failure, at(createItem, putItem), message("YYYYMM", "invalid value")},
		{"inline-text", "the message for a file that is too large does not say where it is to be had", Failure, at(listFiles, getFile), message("too large", "file is too large")},
		{"refusal-repeats-body", "the message of a refusal repeats what was sent", Failure, at(createItem, putItem, patchItem), changeRefusals(func(x *exchange, a *response) {
			a.changeObjects(func(m map[string]any) { m["message"] = text(m, "message") + ": " + string(x.body) })
		})},
		{"refusal-repeats-token", "the message of a refusal repeats the token", Failure, securedOperations(), changeRefusals(func(x *exchange, a *response) {
			if a.status == 401 {
				a.changeObjects(func(m map[string]any) { m["message"] = text(m, "message") + ": " + x.r.Header.Get("Authorization") })
			}
		})},
	}
}
