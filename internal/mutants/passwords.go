package mutants

import "slices"

// passwordMutants returns servers with mistakes in the passwordDetails of a field.
func passwordMutants() []Mutant {
	details := func(f func(d map[string]any)) func() behaviour {
		return changeFields(func(field map[string]any) {
			for _, d := range memberObjects(field, "passwordDetails") {
				f(d)
			}
		})
	}
	history := func(f func(field map[string]any, all []any) []any) func() behaviour {
		return changeFields(func(field map[string]any) {
			for _, d := range memberObjects(field, "passwordDetails") {
				if all, is := d["history"].([]any); is {
					d["history"] = f(field, all)
				}
			}
		})
	}
	return []Mutant{
		{"password-history-missing", "a changed password has no history", Body, singleItemOperations(),
			details(removeMember("history"))},
		{"password-history-oldest-first", "the history of a password begins with the oldest", Body, singleItemOperations(),
			history(func(_ map[string]any, all []any) []any {
				slices.Reverse(all)
				return all
			})},
		{"password-history-of-one", "the history of a password has only the previous one", Body, singleItemOperations(),
			history(func(_ map[string]any, all []any) []any { return all[:min(1, len(all))] })},
		{"password-history-with-the-present", "the history of a password begins with the current one", Body,
			singleItemOperations(),
			history(func(field map[string]any, all []any) []any { return append([]any{field["value"]}, all...) })},
		{"password-history-of-first-field-missing", "a password that is the first field of an item has no history", Body,
			singleItemOperations(), changeObjects(func(it map[string]any) {
				if fields := memberObjects(it, "fields"); len(fields) > 0 && textMember(fields[0], "purpose") == "PASSWORD" {
					delete(fields[0], "passwordDetails")
				}
			})},
		{"password-details-in-snake-case", "the details of a password are named password_details", Body,
			singleItemOperations(), changeFields(func(f map[string]any) {
				if d, has := f["passwordDetails"]; has {
					delete(f, "passwordDetails")
					f["password_details"] = d
				}
			})},
		{"password-not-generated", "a generated password has no member generated", Body, singleItemOperations(),
			details(removeMember("generated"))},
		{"password-without-strength", "a generated password has no strength", Body, singleItemOperations(),
			details(removeMember("strength"))},
		{"password-details-with-fractions", "the entropy in the details of a password has a fraction", Body,
			singleItemOperations(), changeFields(func(f map[string]any) {
				for _, d := range memberObjects(f, "passwordDetails") {
					if _, has := d["entropy"]; has {
						d["entropy"] = f["entropy"]
					}
				}
			})},
		{"password-history-from-the-client", "the history of a password is the one that the client sent", Write,
			operations(createItem, getItem), rememberHistory()},
	}
}

// rememberHistory returns a behaviour that sends the history that a client sent last.
func rememberHistory() func() behaviour {
	return func() behaviour {
		var sent any
		return func(x *exchange) *response {
			x.changeSentObjects(func(it map[string]any) {
				for _, f := range memberObjects(it, "fields") {
					for _, d := range memberObjects(f, "passwordDetails") {
						sent = d["history"]
					}
				}
			})
			res := x.forward()
			if !res.isSuccess() || sent == nil {
				return res
			}
			res.changeObjects(func(it map[string]any) {
				for _, f := range memberObjects(it, "fields") {
					if textMember(f, "purpose") == "PASSWORD" {
						f["passwordDetails"] = map[string]any{"history": sent}
					}
				}
			})
			return res
		}
	}
}
