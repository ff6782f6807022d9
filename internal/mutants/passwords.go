package mutants

import "slices"

// passwordMutants returns servers with mistakes in the details of a password,
// not in its value.
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
		{"password-history-missing", "a changed password has no history", Body, singleItemOperations(), details(removeMember("history"))},
		{"password-history-oldest-first", "the history of a password begins with the oldest", Body, singleItemOperations(),
			history(func(_ map[string]any, all []any) []any {
				slices.Reverse(all)
				return all
			})},
		{"password-history-of-one", "the history of a password is the one before only", Body, singleItemOperations(),
			history(func(_ map[string]any, all []any) []any { return all[:min(1, len(all))] })},
		{"password-history-with-the-present", "the history of a password begins with the present one", Body, singleItemOperations(),
			history(func(field map[string]any, all []any) []any { return append([]any{field["value"]}, all...) })},
		{"password-details-in-snake-case", "the details of a password are password_details", Body, singleItemOperations(), changeFields(func(f map[string]any) {
			if d, has := f["passwordDetails"]; has {
				delete(f, "passwordDetails")
				f["password_details"] = d
			}
		})},
		{"password-not-generated", "a generated password does not say so", Body, singleItemOperations(), details(removeMember("generated"))},
		{"password-without-strength", "a generated password has no strength", Body, singleItemOperations(), details(removeMember("strength"))},
		{"password-details-with-fractions", "the entropy in the details of a password has a fraction", Body, singleItemOperations(), changeFields(func(f map[string]any) {
			for _, d := range memberObjects(f, "passwordDetails") {
				if _, has := d["entropy"]; has {
					d["entropy"] = f["entropy"]
				}
			}
		})},
		{"password-history-from-the-client", "what a client sends as history is the history", Write, at(createItem, getItem), rememberHistory()},
	}
}

// rememberHistory sends the history that a client sent last with every password.
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
			a := x.forward()
			if !a.isSuccess() || sent == nil {
				return a
			}
			a.changeObjects(func(it map[string]any) {
				for _, f := range memberObjects(it, "fields") {
					if text(f, "purpose") == "PASSWORD" {
						f["passwordDetails"] = map[string]any{"history": sent}
					}
				}
			})
			return a
		}
	}
}
