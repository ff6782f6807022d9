package mutants

import (
	"strings"
)

// recordMutants returns servers with mistakes in the records of the activity log.
func recordMutants() []Mutant {
	here := at(getActivity)
	actors := func(f func(m map[string]any)) func() behaviour {
		return changeObjects(func(m map[string]any) {
			for _, actor := range memberObjects(m, "actor") {
				f(actor)
			}
		})
	}
	resources := func(f func(m map[string]any)) func() behaviour {
		return changeObjects(func(m map[string]any) {
			for _, resource := range memberObjects(m, "resource") {
				f(resource)
			}
		})
	}
	drop := func(is func(m map[string]any) bool) func() behaviour {
		return changeList(func(l []map[string]any) (kept []map[string]any) {
			for _, m := range l {
				if !is(m) {
					kept = append(kept, m)
				}
			}
			return kept
		})
	}
	swap := func(name, from, to string) func() behaviour {
		return changeObjects(func(m map[string]any) {
			if text(m, name) == from {
				m[name] = to
			}
		})
	}
	return []Mutant{
		{"create-recorded-as-update", "a create is recorded as UPDATE", Activity, here, swap("action", "CREATE", "UPDATE")},
		{"update-recorded-as-create", "a replace is recorded as CREATE", Activity, here, swap("action", "UPDATE", "CREATE")},
		{"delete-recorded-as-update", "a delete is recorded as UPDATE", Activity, here, swap("action", "DELETE", "UPDATE")},
		{"read-recorded-as-list", "a read is recorded as LIST", Activity, here, swap("action", "READ", "LIST")},
		{"reads-not-recorded", "reads are not recorded", Activity, here, drop(func(m map[string]any) bool { return text(m, "action") == "READ" })},
		{"deletes-not-recorded", "deletes are not recorded", Activity, here, drop(func(m map[string]any) bool { return text(m, "action") == "DELETE" })},
		{"denials-not-recorded", "what was refused is not recorded", Activity, here, drop(func(m map[string]any) bool { return text(m, "result") == "DENY" })},
		{"denials-recorded-as-success", "what was refused is recorded as SUCCESS", Activity, here, swap("result", "DENY", "SUCCESS")},
		{"success-recorded-as-denial", "what was done is recorded as DENY", Activity, here, swap("result", "SUCCESS", "DENY")},
		{"actor-missing", "a record does not say who", Activity, here, changeObjects(removeMember("actor"))},
		{"actor-without-jti", "a record does not say which token", Activity, here, actors(removeMember("jti"))},
		{"actor-of-another-token", "a record names another token", Activity, here, actors(func(m map[string]any) { m["jti"] = strings.Repeat("a", 26) })},
		{"actor-without-agent", "a record does not say which program", Activity, here, actors(removeMember("userAgent"))},
		{"actor-without-ip", "a record does not say from where", Activity, here, actors(func(m map[string]any) {
			delete(m, "ip")
			delete(m, "requestIp")
		})},
		{"actor-is-uuid", "the actor's id is a UUID", Activity, here, actors(func(m map[string]any) { m["id"] = "00000000-0000-4000-8000-000000000000" })},
		{"actor-of-writes-is-another", "whoever writes has another actor's id", Activity, here, changeObjects(func(m map[string]any) {
			for _, actor := range memberObjects(m, "actor") {
				if text(m, "action") != "READ" {
					actor["id"] = strings.Repeat("A", 26)
				}
			}
		})},
		{"actor-of-old-records-is-another", "old records of a token have another actor's id", Activity, here, changeList(func(l []map[string]any) []map[string]any {
			for _, m := range l[min(len(l), 100):] {
				for _, actor := range memberObjects(m, "actor") {
					actor["id"] = strings.Repeat("A", 26)
				}
			}
			return l
		})},
		{"request-ids-repeat", "all records have the same request id", Activity, here, changeObjects(func(m map[string]any) { m["requestId"] = "00000000-0000-4000-8000-000000000000" })},
		{"request-ids-missing", "records have no request id", Activity, here, changeObjects(removeMember("requestId"))},
		{"record-without-item", "a record does not say which item", Activity, here, resources(removeMember("item"))},
		{"record-without-vault", "a record does not say which vault", Activity, here, resources(removeMember("vault"))},
		{"record-of-wrong-type", "a record of an item says it is of a vault", Activity, here, resources(func(m map[string]any) { m["type"] = "VAULT" })},
		{"record-without-version", "a record does not say the version of the item", Activity, here, resources(removeMember("itemVersion"))},
		{"record-with-old-version", "a record of a change has the version before it", Activity, here, resources(func(m map[string]any) {
			if n := number(m, "itemVersion"); n > 1 {
				m["itemVersion"] = n - 1
			}
		})},
		{"record-times-are-the-same", "all records are of one time", Activity, here, changeObjects(func(m map[string]any) { m["timestamp"] = "2020-01-01T00:00:00Z" })},
	}
}
