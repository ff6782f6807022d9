package mutants

import "slices"

// passwordDefects are mistakes in what a server says of a password beside its
// value.
func passwordDefects() []Mutant {
	details := func(f func(d map[string]any)) func() behaviour {
		return fields(func(field map[string]any) {
			for _, d := range member(field, "passwordDetails") {
				f(d)
			}
		})
	}
	history := func(f func(field map[string]any, all []any) []any) func() behaviour {
		return fields(func(field map[string]any) {
			for _, d := range member(field, "passwordDetails") {
				if all, is := d["history"].([]any); is {
					d["history"] = f(field, all)
				}
			}
		})
	}
	return []Mutant{
		{"password-history-missing", "a changed password has no history", Body, ofOne(), details(without("history"))},
		{"password-history-oldest-first", "the history of a password begins with the oldest", Body, ofOne(),
			history(func(_ map[string]any, all []any) []any {
				slices.Reverse(all)
				return all
			})},
		{"password-history-of-one", "the history of a password is the one before only", Body, ofOne(),
			history(func(_ map[string]any, all []any) []any { return all[:min(1, len(all))] })},
		{"password-history-with-the-present", "the history of a password begins with the present one", Body, ofOne(),
			history(func(field map[string]any, all []any) []any { return append([]any{field["value"]}, all...) })},
		{"password-details-in-snake-case", "the details of a password are password_details", Body, ofOne(), fields(func(f map[string]any) {
			if d, has := f["passwordDetails"]; has {
				delete(f, "passwordDetails")
				f["password_details"] = d
			}
		})},
		{"password-not-generated", "a generated password does not say so", Body, ofOne(), details(without("generated"))},
		{"password-without-strength", "a generated password has no strength", Body, ofOne(), details(without("strength"))},
		{"password-details-with-fractions", "the entropy in the details of a password has a fraction", Body, ofOne(), fields(func(f map[string]any) {
			for _, d := range member(f, "passwordDetails") {
				if _, has := d["entropy"]; has {
					d["entropy"] = f["entropy"]
				}
			}
		})},
		{"password-history-from-the-client", "what a client sends as history is the history", Write, at(createItem, getItem), rememberHistory()},
	}
}

// rememberHistory shows the history that was sent last with every password.
func rememberHistory() func() behaviour {
	return func() behaviour {
		var sent any
		return func(x *exchange) *answer {
			x.rewrite(func(it map[string]any) {
				for _, f := range member(it, "fields") {
					for _, d := range member(f, "passwordDetails") {
						sent = d["history"]
					}
				}
			})
			a := x.pass()
			if !a.ok() || sent == nil {
				return a
			}
			a.members(func(it map[string]any) {
				for _, f := range member(it, "fields") {
					if text(f, "purpose") == "PASSWORD" {
						f["passwordDetails"] = map[string]any{"history": sent}
					}
				}
			})
			return a
		}
	}
}
