package mutants

import "strings"

func generateMutants() []Mutant {
	writes := at(createItem, putItem)
	recipe := func(change func(r map[string]any)) func() behaviour {
		return changeSentFields(func(f map[string]any) {
			for _, r := range memberObjects(f, "recipe") {
				change(r)
			}
		})
	}
	return []Mutant{
		{"generate-ignored", "generate makes no value", Write, writes, changeSentFields(func(f map[string]any) {
			delete(f, "generate")
			delete(f, "recipe")
		})},
		{"generate-ignored-on-put", "generate makes no value in a replace", Write, at(putItem), changeSentFields(removeMember("generate"))},
		{"generate-always", "a password is made even where it was given", Write, writes, changeSentFields(func(f map[string]any) {
			if text(f, "purpose") == "PASSWORD" {
				f["generate"] = true
				delete(f, "value")
			}
		})},
		{"generate-is-stored", "fields say generate, as they were sent", Write, singleItemOperations(), changeFields(func(f map[string]any) {
			if text(f, "purpose") == "PASSWORD" {
				f["generate"] = true
			}
		})},
		{"generated-is-constant", "every password that is made is the same", Write, writes, repeatGeneratedPassword},
		{"recipe-ignored", "the recipe of a password is ignored", Write, writes, changeSentFields(removeMember("recipe"))},
		{"recipe-length-ignored", "the length in a recipe is ignored", Write, writes, recipe(removeMember("length"))},
		{"recipe-sets-ignored", "the sets of characters in a recipe are ignored", Write, writes, recipe(removeMember("characterSets"))},
		{"recipe-exclude-ignored", "the characters a recipe excludes are used", Write, writes, recipe(removeMember("excludeCharacters"))},
		{"generated-is-short", "a password made without a recipe has 16 characters", Write, writes, changeSentFields(func(f map[string]any) {
			if f["generate"] == true && f["recipe"] == nil {
				f["recipe"] = map[string]any{"length": 16}
			}
		})},
		{"generated-has-letters-only", "a password made without a recipe has letters only", Write, writes, changeSentFields(func(f map[string]any) {
			if f["generate"] == true && f["recipe"] == nil {
				f["recipe"] = map[string]any{"length": 32, "characterSets": []string{"LETTERS"}}
			}
		})},
	}
}

// repeatGeneratedPassword uses the first password of a recipe again and again.
func repeatGeneratedPassword() behaviour {
	made := map[string]string{}
	return func(x *exchange) *response {
		var recipe string
		x.changeSentObjects(func(in map[string]any) {
			for _, f := range memberObjects(in, "fields") {
				if f["generate"] != true {
					continue
				}
				recipe = string(encode(f["recipe"]))
				if value, has := made[recipe]; has {
					f["value"] = value
					delete(f, "generate")
					delete(f, "recipe")
				}
			}
		})
		a := x.forward()
		if v, _ := decode(a.body); a.isSuccess() && recipe != "" {
			for _, it := range objects(v) {
				for _, f := range memberObjects(it, "fields") {
					if strings.EqualFold(text(f, "purpose"), "PASSWORD") && made[recipe] == "" {
						made[recipe] = text(f, "value")
					}
				}
			}
		}
		return a
	}
}
