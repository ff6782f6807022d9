package mutants

import (
	"strings"
)

// recordMutants returns servers with mistakes in the records of the activity log.
func recordMutants() []Mutant {
	affected := operations(getActivity)
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
	denials := func(f func(m map[string]any)) func() behaviour {
		return changeObjects(func(m map[string]any) {
			for _, resource := range memberObjects(m, "resource") {
				if textMember(m, "result") == "DENY" {
					f(resource)
				}
			}
		})
	}
	drop := func(is func(m map[string]any) bool) func() behaviour {
		return changeList(func(l []map[string]any) (remaining []map[string]any) {
			for _, m := range l {
				if !is(m) {
					remaining = append(remaining, m)
				}
			}
			return remaining
		})
	}
	swap := func(name, from, to string) func() behaviour {
		return changeObjects(func(m map[string]any) {
			if textMember(m, name) == from {
				m[name] = to
			}
		})
	}
	return []Mutant{
		{"create-recorded-as-update", "a create is recorded as UPDATE", Activity, affected,
			swap("action", "CREATE", "UPDATE")},
		{"update-recorded-as-create", "a PUT is recorded as CREATE", Activity, affected, swap("action", "UPDATE", "CREATE")},
		{"delete-recorded-as-update", "a delete is recorded as UPDATE", Activity, affected,
			swap("action", "DELETE", "UPDATE")},
		{"read-recorded-as-list", "a read is recorded as LIST", Activity, affected, swap("action", "READ", "LIST")},
		{"reads-not-recorded", "reads are not recorded", Activity, affected,
			drop(func(m map[string]any) bool { return textMember(m, "action") == "READ" })},
		{"deletes-not-recorded", "deletes are not recorded", Activity, affected,
			drop(func(m map[string]any) bool { return textMember(m, "action") == "DELETE" })},
		{"denials-not-recorded", "denied requests are not recorded", Activity, affected,
			drop(func(m map[string]any) bool { return textMember(m, "result") == "DENY" })},
		{"denials-recorded-as-success", "denied requests are recorded as SUCCESS", Activity, affected,
			swap("result", "DENY", "SUCCESS")},
		{"success-recorded-as-denial", "successful requests are recorded as DENY", Activity, affected,
			swap("result", "SUCCESS", "DENY")},
		{"denials-without-vault", "the record of a denied request has no vault", Activity, affected,
			denials(removeMember("vault"))},
		{"denials-without-item", "the record of a denied request has no item", Activity, affected,
			denials(removeMember("item"))},
		{"file-reads-not-recorded", "requests for files are not in the log of their user agent", Activity,
			operations(listFiles, getFile, getContent, getActivity), changeRequest(func(x *exchange) {
				if x.op != getActivity {
					x.r.Header.Set("User-Agent", "unknown")
				}
			})},
		{"file-reads-without-version", "a record of reading files has no itemVersion", Activity,
			operations(listFiles, getFile, getContent, getActivity), dropVersionOfFiles()},
		{"actor-missing", "a record has no actor", Activity, affected, changeObjects(removeMember("actor"))},
		{"actor-without-jti", "a record has no jti", Activity, affected, actors(removeMember("jti"))},
		{"actor-of-another-token", "a record has the jti of another token", Activity, affected,
			actors(func(m map[string]any) { m["jti"] = strings.Repeat("a", 26) })},
		{"actor-without-agent", "a record has no user agent", Activity, affected, actors(removeMember("userAgent"))},
		{"actor-without-ip", "a record has no address", Activity, affected, actors(func(m map[string]any) {
			delete(m, "ip")
			delete(m, "requestIp")
		})},
		{"actor-is-uuid", "the id of the actor is a UUID", Activity, affected,
			actors(func(m map[string]any) { m["id"] = "00000000-0000-4000-8000-000000000000" })},
		{"actor-of-writes-is-another", "the actor of a write has another id", Activity, affected,
			changeObjects(func(m map[string]any) {
				for _, actor := range memberObjects(m, "actor") {
					if textMember(m, "action") != "READ" {
						actor["id"] = strings.Repeat("A", 26)
					}
				}
			})},
		{"actor-of-old-records-is-another", "the actor of old records has another id", Activity, affected,
			changeList(func(l []map[string]any) []map[string]any {
				for _, m := range l[min(len(l), 100):] {
					for _, actor := range memberObjects(m, "actor") {
						actor["id"] = strings.Repeat("A", 26)
					}
				}
				return l
			})},
		{"request-ids-repeat", "all records have the same request id", Activity, affected,
			changeObjects(func(m map[string]any) { m["requestId"] = "00000000-0000-4000-8000-000000000000" })},
		{"request-ids-missing", "records have no request id", Activity, affected, changeObjects(removeMember("requestId"))},
		{"record-without-item", "a record has no item", Activity, affected, resources(removeMember("item"))},
		{"record-without-vault", "a record has no vault", Activity, affected, resources(removeMember("vault"))},
		{"record-of-wrong-type", "a record of an item has the type VAULT", Activity, affected,
			resources(func(m map[string]any) { m["type"] = "VAULT" })},
		{"record-without-version", "a record has no itemVersion", Activity, affected, resources(removeMember("itemVersion"))},
		{"record-with-old-version", "a record of a change has the previous version", Activity, affected,
			resources(func(m map[string]any) {
				if n := intMember(m, "itemVersion"); n > 1 {
					m["itemVersion"] = n - 1
				}
			})},
		{"record-times-are-the-same", "all records have the same time", Activity, affected,
			changeObjects(func(m map[string]any) { m["timestamp"] = "2020-01-01T00:00:00Z" })},
	}
}

// dropVersionOfFiles returns a behaviour that removes the version from the records of
// the user agents that read files.
func dropVersionOfFiles() func() behaviour {
	return func() behaviour {
		agents := map[string]bool{}
		return func(x *exchange) *response {
			res := x.forward()
			if x.op != getActivity {
				agents[x.r.UserAgent()] = true
				return res
			}
			if res.isSuccess() {
				res.changeObjects(func(m map[string]any) {
					for _, actor := range memberObjects(m, "actor") {
						for _, resource := range memberObjects(m, "resource") {
							if agents[textMember(actor, "userAgent")] {
								delete(resource, "itemVersion")
							}
						}
					}
				})
			}
			return res
		}
	}
}
