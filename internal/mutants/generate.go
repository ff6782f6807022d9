package mutants

import "strings"

// generateMutants returns servers with mistakes in generating passwords.
func generateMutants() []Mutant {
	writes := operations(createItem, putItem)
	recipe := func(change func(r map[string]any)) func() behaviour {
		return changeSentFields(func(f map[string]any) {
			for _, r := range memberObjects(f, "recipe") {
				change(r)
			}
		})
	}
	return []Mutant{
		{"generate-ignored", "generate is ignored", Write, writes, changeSentFields(func(f map[string]any) {
			delete(f, "generate")
			delete(f, "recipe")
		})},
		{"generate-ignored-on-put", "generate in a PUT is ignored", Write, operations(putItem),
			changeSentFields(removeMember("generate"))},
		{"generate-always", "a password is generated even if one is sent", Write, writes,
			changeSentFields(func(f map[string]any) {
				if textMember(f, "purpose") == "PASSWORD" {
					f["generate"] = true
					delete(f, "value")
				}
			})},
		{"generate-is-stored", "fields have generate, as they were sent", Write, singleItemOperations(),
			changeFields(func(f map[string]any) {
				if textMember(f, "purpose") == "PASSWORD" {
					f["generate"] = true
				}
			})},
		{"generated-is-constant", "every generated password is the same", Write, writes, repeatGeneratedPassword},
		{"recipe-ignored", "the recipe of a password is ignored", Write, writes, changeSentFields(removeMember("recipe"))},
		{"recipe-length-ignored", "the length in a recipe is ignored", Write, writes, recipe(removeMember("length"))},
		{"recipe-sets-ignored", "the sets of characters in a recipe are ignored", Write, writes,
			recipe(removeMember("characterSets"))},
		{"recipe-exclude-ignored", "the characters a recipe excludes are used", Write, writes,
			recipe(removeMember("excludeCharacters"))},
		{"generated-is-short", "a password generated without a recipe has 16 characters", Write, writes,
			changeSentFields(func(f map[string]any) {
				if f["generate"] == true && f["recipe"] == nil {
					f["recipe"] = map[string]any{"length": 16}
				}
			})},
		{"generated-has-letters-only", "a password generated without a recipe has only letters", Write, writes,
			changeSentFields(func(f map[string]any) {
				if f["generate"] == true && f["recipe"] == nil {
					f["recipe"] = map[string]any{"length": 32, "characterSets": []string{"LETTERS"}}
				}
			})},
	}
}

// repeatGeneratedPassword returns a behaviour that uses the first generated password
// of a recipe for all of its passwords.
func repeatGeneratedPassword() behaviour {
	passwords := map[string]string{}
	return func(x *exchange) *response {
		var recipe string
		x.changeSentObjects(func(in map[string]any) {
			for _, f := range memberObjects(in, "fields") {
				if f["generate"] != true {
					continue
				}
				recipe = string(encodeJSON(f["recipe"]))
				if value, has := passwords[recipe]; has {
					f["value"] = value
					delete(f, "generate")
					delete(f, "recipe")
				}
			}
		})
		res := x.forward()
		if v, _ := decodeJSON(res.body); res.isSuccess() && recipe != "" {
			for _, it := range objects(v) {
				for _, f := range memberObjects(it, "fields") {
					if strings.EqualFold(textMember(f, "purpose"), "PASSWORD") && passwords[recipe] == "" {
						passwords[recipe] = textMember(f, "value")
					}
				}
			}
		}
		return res
	}
}
